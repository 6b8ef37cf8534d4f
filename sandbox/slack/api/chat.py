"""chat.*: posting, editing and taking away."""

from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.api.places import destination, own_conversation
from sandbox.slack.content import read_content
from sandbox.slack.errors import Refused
from sandbox.slack.model import Channel, Json, Message

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_DISGUISES = ("username", "icon_url", "icon_emoji")


def post_message(workspace: "Workspace", arguments: Json) -> Json:
    """chat.postMessage: to a channel, or to a person, which opens the direct message."""
    channel = destination(workspace, arguments["channel"])
    _check_disguise(workspace, arguments)
    content = read_content(workspace, "chat.postMessage", arguments)
    _check_thread(workspace, channel, arguments.get("thread_ts"))
    if workspace.rates is not None:
        workspace.rates.check_post(channel.id, workspace.clock.now())
    posted = workspace.messages.post(
        channel,
        workspace.bot.id,
        content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata,
        thread_ts=arguments.get("thread_ts"),
    )
    return {"channel": channel.id, "ts": posted.ts, "message": render.message(workspace, posted)}


def post_ephemeral(workspace: "Workspace", arguments: Json) -> Json:
    """chat.postEphemeral: shown to one member of the channel; not a message that can be edited."""
    channel = destination(workspace, arguments["channel"])
    _check_disguise(workspace, arguments)
    if arguments["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    content = read_content(workspace, "chat.postEphemeral", arguments)
    _check_thread(workspace, channel, arguments.get("thread_ts"))
    shown = workspace.messages.post(
        channel,
        workspace.bot.id,
        content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        thread_ts=arguments.get("thread_ts"),
        seen_by=arguments["user"],
    )
    return {"message_ts": shown.ts}


def update(workspace: "Workspace", arguments: Json) -> Json:
    """chat.update: own messages only; text without blocks removes the blocks."""
    channel = own_conversation(workspace, arguments["channel"])
    message = _own_message(workspace, channel, arguments["ts"], "cant_update_message")
    if channel.archived:
        raise Refused("is_inactive")
    content = read_content(workspace, "chat.update", arguments)
    edited = workspace.messages.edit(
        message,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata or message.metadata,
    )
    described = render.message(workspace, edited)
    return {"channel": channel.id, "ts": edited.ts, "text": edited.text, "message": described}


def delete(workspace: "Workspace", arguments: Json) -> Json:
    """chat.delete: own messages only."""
    channel = own_conversation(workspace, arguments["channel"])
    message = _own_message(workspace, channel, arguments["ts"], "cant_delete_message")
    workspace.messages.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(workspace: "Workspace", arguments: Json) -> Json:
    """chat.getPermalink."""
    channel = own_conversation(workspace, arguments["channel"])
    ts = arguments["message_ts"]
    if workspace.messages.find(channel.id, ts) is None:
        raise Refused("message_not_found")
    link = f"{workspace.base_url}archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def schedule_message(workspace: "Workspace", arguments: Json) -> Json:
    """chat.scheduleMessage: posted by itself when lesson time gets there."""
    channel = destination(workspace, arguments["channel"])
    content = read_content(workspace, "chat.scheduleMessage", arguments)
    waiting = workspace.scheduled.add(channel, arguments["post_at"], content, arguments.get("thread_ts"))
    return {
        "channel": channel.id,
        "scheduled_message_id": waiting.id,
        "post_at": arguments["post_at"],
        "message": {"type": "delayed_message", "text": content.text, "bot_id": workspace.bot_id},
    }


def delete_scheduled_message(workspace: "Workspace", arguments: Json) -> Json:
    """chat.deleteScheduledMessage."""
    channel = own_conversation(workspace, arguments["channel"])
    waiting = workspace.scheduled.waiting.get(arguments["scheduled_message_id"])
    if waiting is None or waiting.channel is not channel:
        raise Refused("invalid_scheduled_message_id")
    workspace.scheduled.cancel(waiting)
    return {}


def list_scheduled_messages(workspace: "Workspace", arguments: Json) -> Json:
    """chat.scheduledMessages.list."""
    wanted = arguments.get("channel")
    waiting = [w.as_slack() for w in workspace.scheduled.waiting.values() if wanted in (None, w.channel.id)]
    return {"scheduled_messages": waiting, "response_metadata": {"next_cursor": ""}}


def _check_disguise(workspace: "Workspace", arguments: Json) -> None:
    if any(arguments.get(name) for name in _DISGUISES):
        workspace.tokens.require(["chat:write.customize"])


def _check_thread(workspace: "Workspace", channel: Channel, thread_ts: str | None) -> None:
    if thread_ts is not None and workspace.messages.find(channel.id, thread_ts) is None:
        raise Refused("cannot_reply_to_message")


def _own_message(workspace: "Workspace", channel: Channel, ts: str, not_own: str) -> Message:
    message = workspace.messages.find(channel.id, ts)
    if message is None:
        raise Refused(not_own if workspace.messages.is_ephemeral(channel.id, ts) else "message_not_found")
    if message.author != workspace.bot.id:
        raise Refused(not_own)
    return message
