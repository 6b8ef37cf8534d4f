"""The platforms' APIs as far as we have credentials for them: by name, and by what they are asked for."""

from collections.abc import Mapping

from bot.connectors import PlatformClient
from bot.settings import Settings
from handlers.platforms import CLIENTS
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.zoom.client import ZoomClient


class PlatformClients:
    """One client for each platform, for everybody who asks it: tokens and connections are shared. `close` them."""

    def __init__(self, settings: Settings) -> None:
        made = {name: make(settings) for name, make in CLIENTS.items()}
        self.by_name: Mapping[str, PlatformClient] = {name: each for name, each in made.items() if each is not None}

    @property
    def rooms(self) -> HundredmsClient | None:
        """Who makes rooms, and ways into them."""
        return next((each for each in self.by_name.values() if isinstance(each, HundredmsClient)), None)

    @property
    def registry(self) -> ZoomClient | None:
        """Who registers people, and gives each a link."""
        return next((each for each in self.by_name.values() if isinstance(each, ZoomClient)), None)

    async def close(self) -> None:
        for each in self.by_name.values():
            await each.close()
