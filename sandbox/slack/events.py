"""Events to the app: envelope, subscription, retries, and the challenge when a URL is entered."""

from typing import TYPE_CHECKING

from sandbox.slack.app_link import Delivered, Retry
from sandbox.slack.model import Channel, Json, Message, Reply

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

RETRY_AFTER = (0.0, 60.0, 300.0)  # seconds of lesson time before the first, second and third retry

CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
SUBSCRIPTIONS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Events:
    """Sends what the manifest subscribes to; a lost event is retried three times and then dropped."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    @property
    def subscribed(self) -> frozenset[str]:
        """Return the event types of the manifest."""
        settings = self._workspace.manifest.get("settings", {})
        return frozenset(settings.get("event_subscriptions", {}).get("bot_events", ()))

    async def emit(self, event: Json) -> Reply | None:
        """Deliver one event; see `Workspace.emit`."""
        if event["type"] not in self.subscribed:
            return None
        return await self._send(event)

    async def _send(self, event: Json) -> Reply:
        envelope = self._envelope(event)
        first = await self._attempt(envelope, None)
        if not first.acknowledged and not _gave_up(first):
            self._workspace.spawn(self._retry(envelope, first))
        return Reply(first.acknowledged, first.status, first.body, first.failure)

    async def said(self, message: Message, channel: Channel) -> None:
        """Tell what a person wrote, and that they called the app by its name."""
        event: Json = {
            "type": "message",
            "channel": channel.id,
            "channel_type": CHANNEL_TYPES[channel.kind],
            "user": message.author,
            "text": message.text,
            "ts": message.ts,
            "event_ts": message.ts,
        }
        if message.thread_ts is not None:
            event["thread_ts"] = message.thread_ts
        bot = self._workspace.bot.id
        if bot in channel.members and SUBSCRIPTIONS[channel.kind] in self.subscribed:
            await self._send(event)
        if f"<@{bot}" in message.text and "app_mention" in self.subscribed:
            await self._send(
                {name: value for name, value in event.items() if name != "channel_type"} | {"type": "app_mention"}
            )

    async def verify_url(self) -> bool:
        """Send a url_verification and say whether the challenge came back."""
        workspace = self._workspace
        challenge = workspace.new_id("challenge")
        body = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        delivered = await workspace.app.deliver("events_api", body, what="url_verification")
        answer = delivered.body.get("challenge") if isinstance(delivered.body, dict) else delivered.body
        return delivered.acknowledged and answer == challenge

    async def _retry(self, envelope: Json, last: Delivered) -> None:
        for number, seconds in enumerate(RETRY_AFTER, start=1):
            if seconds:
                await self._workspace.clock.sleep(seconds)
            last = await self._attempt(envelope, Retry(number, last.failure or "unknown_error"))
            if last.acknowledged or _gave_up(last):
                return

    async def _attempt(self, envelope: Json, retry: Retry | None) -> Delivered:
        what = f"event {envelope['event']['type']}"
        return await self._workspace.app.deliver("events_api", envelope, what=what, retry=retry)

    def _envelope(self, event: Json) -> Json:
        workspace = self._workspace
        return {
            "token": "sandbox",
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": None,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": int(workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": workspace.new_id("context"),
        }


def _gave_up(delivered: Delivered) -> bool:
    return {name.lower(): value for name, value in delivered.headers.items()}.get("x-slack-no-retry") == "1"
