"""conversations.history and conversations.replies: what has been said, as the token may read it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.api.places import own_conversation, page
from sandbox.slack.errors import Refused
from sandbox.slack.model import Channel, Json, Message

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

SCOPE: dict[str, str] = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def history(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.history: the messages of a conversation, the newest first; replies stand in their threads."""
    channel = _readable(workspace, arguments["channel"])
    is_asked_for = _span(arguments)
    said = [
        message
        for message in reversed(workspace.messages_in(channel.id))
        if message.thread_ts in (None, message.ts) and is_asked_for(message)
    ]
    return _told(workspace, said, arguments)


def replies(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.replies: a message and what hangs on it, in order."""
    channel = _readable(workspace, arguments["channel"])
    first = workspace.messages.find(channel.id, arguments["ts"])
    if first is None:
        raise Refused("thread_not_found")
    is_asked_for = _span(arguments)
    hanging = [message for message in workspace.messages_in(channel.id) if message.thread_ts == first.ts != message.ts]
    return _told(workspace, [first, *filter(is_asked_for, hanging)], arguments)


def _readable(workspace: "Workspace", reference: str) -> Channel:
    channel = own_conversation(workspace, reference)
    workspace.tokens.require([SCOPE[channel.kind]])
    if workspace.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _span(arguments: Json) -> Callable[[Message], bool]:
    """Read `oldest` and `latest`; the ends themselves are asked for only with `inclusive`."""
    oldest, latest = _moment(arguments, "oldest"), _moment(arguments, "latest")
    inclusive = arguments.get("inclusive", False)

    def is_asked_for(message: Message) -> bool:
        at = float(message.ts)
        if inclusive and at in (oldest, latest):
            return True
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    return is_asked_for


def _moment(arguments: Json, name: str) -> float | None:
    if not arguments.get(name):
        return None
    try:
        return float(arguments[name])
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _told(workspace: "Workspace", said: list[Message], arguments: Json) -> Json:
    shown, metadata = page(said, arguments)
    messages = [render.message(workspace, message) for message in shown]
    return {"messages": messages, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}
