"""reactions.*: emoji beside a message."""

import re
from typing import TYPE_CHECKING

from sandbox.slack.api.places import own_conversation
from sandbox.slack.errors import Refused
from sandbox.slack.model import Json, Message

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST_OF_ONE = 23  # emoji that one user may put beside one message
_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def add(workspace: "Workspace", arguments: Json) -> Json:
    """reactions.add."""
    message, name = _target(workspace, arguments)
    users = message.reactions.get(name, ())
    if workspace.bot.id in users:
        raise Refused("already_reacted")
    if sum(workspace.bot.id in users for users in message.reactions.values()) >= MOST_OF_ONE:
        raise Refused("too_many_reactions")
    workspace.messages.annotate(message, reactions={**message.reactions, name: (*users, workspace.bot.id)})
    return {}


def remove(workspace: "Workspace", arguments: Json) -> Json:
    """reactions.remove."""
    message, name = _target(workspace, arguments)
    users = message.reactions.get(name, ())
    if workspace.bot.id not in users:
        raise Refused("no_reaction")
    left = {**message.reactions, name: tuple(user for user in users if user != workspace.bot.id)}
    workspace.messages.annotate(message, reactions={emoji: users for emoji, users in left.items() if users})
    return {}


def _target(workspace: "Workspace", arguments: Json) -> tuple[Message, str]:
    name = arguments["name"].strip(":")
    if not _NAME.fullmatch(name):
        raise Refused("invalid_name")
    if not arguments.get("channel") or not arguments.get("timestamp"):
        raise Refused("no_item_specified")
    channel = own_conversation(workspace, arguments["channel"])
    if channel.archived:
        raise Refused("is_archived")
    message = workspace.messages.find(channel.id, arguments["timestamp"])
    if message is None:
        raise Refused("message_not_found")
    return message, name
