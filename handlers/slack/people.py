"""What Slack tells of its accounts as they change: zone, language, e-mail, deactivation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.slack.door import Door
from handlers.slack.office import Office
from handlers.slack_values import SlackProfile


class PeopleDoor:
    """Slack may lose an event, so `ticks/refresh_people` asks for everybody once a day all the same."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.event("user_change", self.changed)

    async def changed(self, event: Mapping[str, Any], now: datetime) -> None:
        """Somebody changed their profile, or was deactivated."""
        profile = SlackProfile.of(event["user"])
        if profile.is_bot:
            return
        async with self._office.store.write() as memory:
            await memory.slack_accounts.remember([profile.account], now=now)
