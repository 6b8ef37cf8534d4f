"""Response URLs: five posts within thirty minutes, to answer a command or a click."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.slack.content import Content, read_content
from sandbox.slack.errors import Refused
from sandbox.slack.model import Json, Message

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

POSTS = 5
LIFE = timedelta(minutes=30)
_KEPT = 2_000
_FIELDS = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "metadata",
    "mrkdwn", "unfurl_links", "unfurl_media",
}  # fmt: skip


@dataclass(slots=True)
class _Ticket:
    person: str
    channel: str
    born: datetime
    original: Message | None
    posts: int = 0


class ResponseUrls:
    """Mints response URLs in lesson time and does what is posted to them."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._tickets: OrderedDict[str, _Ticket] = OrderedDict()

    def mint(self, person: str, channel: str, original: Message | None = None) -> str:
        """Return a URL that answers this person in this channel, about this message if there is one."""
        ticket = self._workspace.new_id("R")
        self._tickets[ticket] = _Ticket(person, channel, self._workspace.clock.now(), original)
        if len(self._tickets) > _KEPT:
            self._tickets.popitem(last=False)
        return f"{self._workspace.base_url}response/{ticket}"

    def post(self, ticket_id: str, body: Any) -> tuple[int, Json]:
        """Do what was posted and return the HTTP status and the reply."""
        arguments = body if isinstance(body, dict) else {}
        try:
            self._post(self._tickets.get(ticket_id), body)
        except Refused as refused:
            status = 404 if refused.code in {"expired_url", "used_url"} else 400
            self._workspace.record("response_url", arguments, refused.code, status)
            self._workspace.complain(f"response_url: {refused.code} {'; '.join(refused.messages)}".rstrip())
            return status, refused.body()
        self._workspace.record("response_url", arguments, "ok", 200)
        return 200, {"ok": True}

    def reply(self, url: str, body: Any) -> Message | None:
        """Show what stood in the acknowledgement of the command with this URL; an empty one shows nothing.

        It is the original that a later post may replace, and does not count among the five.
        """
        if body in ("", None, {}):
            return None
        fields = {"text": body} if isinstance(body, str) else dict(body)
        return self._show(self._tickets[url.rpartition("/")[2]], fields)

    def _post(self, ticket: _Ticket | None, body: Any) -> None:
        workspace = self._workspace
        if ticket is None or workspace.clock.now() - ticket.born > LIFE:
            raise Refused("expired_url")
        if ticket.posts >= POSTS:
            raise Refused("used_url")
        if not isinstance(body, dict):
            raise Refused("invalid_payload")
        ticket.posts += 1
        if unknown := sorted(set(body) - _FIELDS):
            workspace.complain(f"response_url: unknown field {', '.join(unknown)}")
        if body.get("delete_original"):
            self._original(ticket, delete=True)
        elif body.get("replace_original") and self._original(ticket) is not None:
            self._replace(ticket, self._content(body))
        else:
            self._show(ticket, body)

    def _content(self, fields: Json) -> Content:
        return read_content(self._workspace, "response_url", fields)

    def _show(self, ticket: _Ticket, fields: Json) -> Message:
        content = self._content(fields)
        workspace = self._workspace
        public = fields.get("response_type") == "in_channel"
        message = workspace.messages.post(
            workspace.channels[ticket.channel],
            workspace.bot.id,
            content.text,
            blocks=content.blocks,
            attachments=content.attachments,
            thread_ts=fields.get("thread_ts"),
            seen_by=None if public else ticket.person,
        )
        if ticket.original is None:
            ticket.original = message
        return message

    def _original(self, ticket: _Ticket, *, delete: bool = False) -> Message | None:
        if ticket.original is None:
            return None
        messages = self._workspace.messages
        if ticket.original.seen_by is not None:
            found = messages.find_ephemeral(ticket.original.seen_by, ticket.original.ts)
        else:
            found = messages.find(ticket.channel, ticket.original.ts)
        if delete and found is not None:
            messages.delete(found)
        return found

    def _replace(self, ticket: _Ticket, content: Content) -> None:
        found = self._original(ticket)
        if found is not None:
            self._workspace.messages.edit(
                found, text=content.text, blocks=content.blocks, attachments=content.attachments
            )
