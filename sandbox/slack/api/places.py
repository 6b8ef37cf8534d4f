"""Where a call may write and what it may read: conversations as the bot's token sees them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

from sandbox.slack.errors import Refused
from sandbox.slack.model import Channel, Json

if TYPE_CHECKING:
    from sandbox.slack.people import Person
    from sandbox.slack.workspace import Workspace

Item = TypeVar("Item")
PAGE = 100
LARGEST_PAGE = 1_000
READ_SCOPE: dict[str, str] = {
    "public": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def destination(workspace: "Workspace", reference: str) -> Channel:
    """Return the conversation that a message may be posted to; a person's id opens the direct message."""
    if (person := workspace.anybody(reference)) is not None:
        check_reachable(person, is_self=person is workspace.bot)
        channel = workspace.direct_channel(person.id)
        assert channel is not None  # it was asked to be made
    else:
        channel = own_conversation(workspace, reference)
    if channel.archived:
        raise Refused("is_archived")
    if channel.is_direct:
        _check_direct(workspace, channel)
    elif workspace.bot.id not in channel.members and "chat:write.public" not in workspace.tokens.scopes:
        raise Refused("not_in_channel")
    return channel


def own_conversation(workspace: "Workspace", reference: str) -> Channel:
    """Return a conversation that the bot can see: public, or one that it is a member of."""
    channel = workspace.channel_named(reference)
    if channel is None or (channel.kind != "public" and workspace.bot.id not in channel.members):
        raise Refused("channel_not_found")
    return channel


def readable_conversation(workspace: "Workspace", reference: str) -> Channel:
    """Return a conversation that the token's scopes may read."""
    channel = own_conversation(workspace, reference)
    workspace.tokens.require([READ_SCOPE[channel.kind]])
    return channel


def check_reachable(person: "Person", *, is_self: bool) -> None:
    """Refuse people whom a bot cannot write to."""
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot or is_self:
        raise Refused("cannot_dm_bot")


def page(items: Sequence[Item], arguments: Json, *, default: int = PAGE) -> tuple[list[Item], Json]:
    """Return one page of a list and the metadata with the cursor of the next."""
    limit = arguments.get("limit") or default
    if not 0 < limit <= LARGEST_PAGE:
        raise Refused("invalid_limit")
    start = 0
    if cursor := arguments.get("cursor"):
        kind, _, place = cursor.partition(":")
        if kind != "next" or not place.isdigit() or int(place) > len(items):
            raise Refused("invalid_cursor")
        start = int(place)
    end = start + limit
    return list(items[start:end]), {"next_cursor": f"next:{end}" if end < len(items) else ""}


def wanted_kinds(workspace: "Workspace", arguments: Json) -> set[Literal["public", "private", "im", "mpim"]]:
    """Read the `types` argument; each type asks for its own scope."""
    names: dict[str, Literal["public", "private", "im", "mpim"]] = {
        "public_channel": "public",
        "private_channel": "private",
        "im": "im",
        "mpim": "mpim",
    }
    kinds = set()
    for name in arguments.get("types", "public_channel").split(","):
        if name.strip() not in names:
            raise Refused("invalid_types")
        kinds.add(names[name.strip()])
    for kind in sorted(kinds):
        workspace.tokens.require([READ_SCOPE[kind]])
    return kinds


def _check_direct(workspace: "Workspace", channel: Channel) -> None:
    if not workspace.manifest.get("features", {}).get("app_home", {}).get("messages_tab_enabled", False):
        raise Refused("messages_tab_disabled")
    for member in channel.members:
        if member != workspace.bot.id and (person := workspace.anybody(member)) is not None:
            check_reachable(person, is_self=False)
