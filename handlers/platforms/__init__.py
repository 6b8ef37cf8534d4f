"""The platforms that Rollcall understands, by the name they have in URLs and course files."""

from collections.abc import Callable, Mapping
from typing import Protocol

from bot.connectors import PlatformConnector, RecordClient
from bot.settings import Settings
from handlers.platforms import hundredms, signaling, vcaas, zoom
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.zoom.client import ZoomClient

#: Explicit, so that a folder does nothing before somebody adds its line here; a test finds one without.
CONNECTORS: Mapping[str, PlatformConnector] = {
    hundredms.connector.name: hundredms.connector,
    signaling.connector.name: signaling.connector,
    vcaas.connector.name: vcaas.connector,
    zoom.connector.name: zoom.connector,
}

#: Of our own: always switched on, without a secret, because nobody outside can tell us anything of them.
OWN = frozenset({signaling.connector.name})


class PlatformClient(RecordClient, Protocol):
    """The API of one platform, asked with the credentials of the settings."""

    async def check(self) -> None:
        """Whether the platform takes our credentials. Raises as every method of a `RecordClient` does if not."""
        ...

    async def close(self) -> None:
        """Close its connections; it is asked nothing afterwards."""
        ...


#: What makes the client of each platform that keeps records to ask for; None where the settings have no credentials.
CLIENTS: Mapping[str, Callable[[Settings], PlatformClient | None]] = {
    hundredms.connector.name: HundredmsClient.from_settings,
    zoom.connector.name: ZoomClient.from_settings,
}
