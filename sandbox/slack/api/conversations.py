"""conversations.* and users.conversations: where people talk."""

from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.api.places import check_reachable, own_conversation, page, readable_conversation, wanted_kinds
from sandbox.slack.errors import Refused
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_GROUP_SIZE = 8


def open_(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.open: the direct message with one person, or a group message with up to eight."""
    ids = [part.strip() for part in arguments.get("users", "").split(",") if part.strip()]
    if not ids:
        return _reopen(workspace, arguments)
    workspace.tokens.require(["im:write"] if len(ids) == 1 else ["mpim:write"])
    if len(ids) > _GROUP_SIZE:
        raise Refused("too_many_users")
    for person_id in ids:
        person = workspace.anybody(person_id)
        if person is None:
            raise Refused("user_not_found")
        check_reachable(person, is_self=person is workspace.bot)
    existing = workspace.direct_channel(*ids, create=False)
    if existing is None and arguments.get("prevent_creation"):
        raise Refused("channel_not_found")
    channel = existing or workspace.direct_channel(*ids)
    assert channel is not None  # it was asked to be made
    told = render.conversation(workspace, channel) if arguments.get("return_im") else {"id": channel.id}
    already = {"no_op": True, "already_open": True} if existing else {}
    return {"channel": told, **already}


def info(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.info."""
    channel = readable_conversation(workspace, arguments["channel"])
    count = arguments.get("include_num_members", False)
    return {"channel": render.conversation(workspace, channel, member_count=count)}


def list_(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.list: public channels, and others that the bot is in."""
    kinds = wanted_kinds(workspace, arguments)
    visible = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or workspace.bot.id in channel.members)
        and not (channel.archived and arguments.get("exclude_archived"))
    ]
    shown, metadata = page(visible, arguments)
    return {"channels": [render.conversation(workspace, c) for c in shown], "response_metadata": metadata}


def members(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.members."""
    channel = readable_conversation(workspace, arguments["channel"])
    shown, metadata = page(channel.members, arguments)
    return {"members": shown, "response_metadata": metadata}


def join(workspace: "Workspace", arguments: Json) -> Json:
    """conversations.join: public channels only."""
    channel = own_conversation(workspace, arguments["channel"])
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    if workspace.bot.id not in channel.members:
        channel.members.append(workspace.bot.id)
        workspace.observers.tell("channel", channel.id)
    return {"channel": render.conversation(workspace, channel)}


def of_user(workspace: "Workspace", arguments: Json) -> Json:
    """users.conversations: those of the bot, or those of a person that the bot can see."""
    kinds = wanted_kinds(workspace, arguments)
    who = arguments.get("user", workspace.bot.id)
    if workspace.anybody(who) is None:
        raise Refused("user_not_found")
    visible = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and who in channel.members
        and (channel.kind == "public" or workspace.bot.id in channel.members)
        and not (channel.archived and arguments.get("exclude_archived"))
    ]
    shown, metadata = page(visible, arguments)
    return {"channels": [render.conversation(workspace, c) for c in shown], "response_metadata": metadata}


def _reopen(workspace: "Workspace", arguments: Json) -> Json:
    reference = arguments.get("channel")
    if not reference:
        raise Refused("users_list_not_supplied")
    channel = own_conversation(workspace, reference)
    workspace.tokens.require(["im:write", "mpim:write"])
    if not channel.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    told = render.conversation(workspace, channel) if arguments.get("return_im") else {"id": channel.id}
    return {"channel": told, "no_op": True, "already_open": True}
