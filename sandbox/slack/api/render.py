"""Objects of the workspace in the JSON shapes of the Web API."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.slack.model import Channel, File, Group, Json, Message, View

if TYPE_CHECKING:
    from sandbox.slack.people import Person
    from sandbox.slack.workspace import Workspace


def user(workspace: "Workspace", person: "Person", *, locale: bool = False) -> Json:
    """Return a user; the e-mail address only if the token may read it, the zone only of active people."""
    described: Json = {
        "id": person.id,
        "team_id": workspace.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": _profile(workspace, person),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if person.deleted:
        return described
    now = workspace.clock.now()
    described |= {
        "real_name": person.name,
        "tz": person.zone,
        "tz_label": person.zone,
        "tz_offset": _offset(now, person.zone),
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_email_confirmed": bool(person.email),
    }
    if locale:
        described["locale"] = person.locale
    return described


def conversation(workspace: "Workspace", channel: Channel, *, member_count: bool = False) -> Json:
    """Return a conversation as the bot sees it."""
    described: Json = {
        "id": channel.id,
        "created": int(channel.created.timestamp()),
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_private": channel.kind != "public",
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
    }
    if channel.kind == "im":
        other = next((member for member in channel.members if member != workspace.bot.id), workspace.bot.id)
        described |= {"user": other, "is_user_deleted": bool((who := workspace.anybody(other)) and who.deleted)}
    else:
        described |= {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_member": workspace.bot.id in channel.members,
            "is_general": False,
            "is_shared": False,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
    if member_count:
        described["num_members"] = len(channel.members)
    return described


def message(workspace: "Workspace", said: Message) -> Json:
    """Return a message as chat methods and interactions show it."""
    described: Json = {
        "type": "message",
        "user": said.author,
        "text": said.text,
        "ts": said.ts,
        "team": workspace.team_id,
    }
    if said.author == workspace.bot.id:
        described |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    if said.blocks:
        described["blocks"] = list(said.blocks)
    if said.attachments:
        described["attachments"] = list(said.attachments)
    if said.metadata:
        described["metadata"] = said.metadata
    if said.thread_ts:
        described["thread_ts"] = said.thread_ts
    if said.files:
        described["files"] = [file(workspace.files[held]) for held in said.files if held in workspace.files]
    if said.reactions:
        described["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in said.reactions.items()
        ]
    if said.edited_at:
        described["edited"] = {"user": said.author, "ts": f"{said.edited_at.timestamp():.6f}"}
    return described


def view(workspace: "Workspace", shown: View) -> Json:
    """Return a view with everything that Slack adds to what the app sent."""
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit": None,
        "close": None,
        **shown.source,
        "id": shown.id,
        "team_id": workspace.team_id,
        "state": {"values": {block: dict(values) for block, values in shown.state.items()}},
        "hash": shown.hash,
        "previous_view_id": shown.previous,
        "root_view_id": shown.root,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def file(held: File) -> Json:
    """Return a file."""
    return {
        "id": held.id,
        "name": held.name,
        "title": held.title or held.name,
        "size": held.length,
        "alt_txt": held.alt_text,
        "mode": "hosted",
        "filetype": held.name.rpartition(".")[2],
        "channels": list(held.shared_in),
    }


def group(workspace: "Workspace", held: Group, *, users: bool = False, count: bool = False) -> Json:
    """Return a user group."""
    described: Json = {
        "id": held.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "name": held.name,
        "handle": held.handle,
        "description": "",
        "date_delete": 0,
    }
    if users:
        described["users"] = list(held.members)
    if count:
        described["user_count"] = len(held.members)
    return described


def _profile(workspace: "Workspace", person: "Person") -> Json:
    profile = {
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "first_name": person.name.split(" ")[0],
        "last_name": person.name.partition(" ")[2],
        "status_text": "",
        "status_emoji": "",
        "image_72": f"{workspace.base_url}avatar/{person.id}",
        "team": workspace.team_id,
    }
    if person.email and "users:read.email" in workspace.tokens.scopes:
        profile["email"] = person.email
    if person.is_bot:
        profile["bot_id"] = workspace.bot_id
    return profile


def _offset(now: datetime, zone: str) -> int:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None  # an aware datetime has one
    return int(offset.total_seconds())
