"""users.*, usergroups.*, dnd.*: who is in the workspace."""

from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.api.places import page
from sandbox.slack.errors import Refused
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.people import Person
    from sandbox.slack.workspace import Workspace

_UNDISTURBED: Json = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


def info(workspace: "Workspace", arguments: Json) -> Json:
    """users.info."""
    person = _somebody(workspace, arguments["user"])
    return {"user": render.user(workspace, person, locale=arguments.get("include_locale", False))}


def list_(workspace: "Workspace", arguments: Json) -> Json:
    """users.list: everybody, deleted people and the bot included."""
    everybody = [*workspace.persons.values(), workspace.bot]
    shown, metadata = page(everybody, arguments, default=1_000)
    locale = arguments.get("include_locale", False)
    members = [render.user(workspace, person, locale=locale) for person in shown]
    now = int(workspace.clock.now().timestamp())
    return {"members": members, "cache_ts": now, "response_metadata": metadata}


def lookup_by_email(workspace: "Workspace", arguments: Json) -> Json:
    """users.lookupByEmail: active people only."""
    wanted = arguments["email"].casefold()
    for person in workspace.persons.values():
        if person.email.casefold() == wanted and not person.deleted:
            return {"user": render.user(workspace, person)}
    raise Refused("users_not_found")


def get_presence(workspace: "Workspace", arguments: Json) -> Json:
    """users.getPresence."""
    person = _somebody(workspace, arguments.get("user", workspace.bot.id))
    return {"presence": "away" if person.deleted else "active"}


def get_profile(workspace: "Workspace", arguments: Json) -> Json:
    """users.profile.get."""
    person = _somebody(workspace, arguments.get("user", workspace.bot.id))
    return {"profile": render.user(workspace, person)["profile"]}


def dnd_info(workspace: "Workspace", arguments: Json) -> Json:
    """dnd.info: nobody in the sandbox has notifications switched off."""
    _somebody(workspace, arguments.get("user", workspace.bot.id))
    return {**_UNDISTURBED, "snooze_enabled": False}


def dnd_team_info(workspace: "Workspace", arguments: Json) -> Json:
    """dnd.teamInfo: the same of up to fifty people; those whom nobody knows are left out."""
    ids = [part.strip() for part in arguments["users"].split(",") if part.strip()]
    return {"users": {person_id: dict(_UNDISTURBED) for person_id in ids[:50] if workspace.anybody(person_id)}}


def list_groups(workspace: "Workspace", arguments: Json) -> Json:
    """usergroups.list."""
    users, count = arguments.get("include_users", False), arguments.get("include_count", False)
    groups = [render.group(workspace, group, users=users, count=count) for group in workspace.groups.values()]
    return {"usergroups": groups}


def list_group_members(workspace: "Workspace", arguments: Json) -> Json:
    """usergroups.users.list."""
    group = workspace.groups.get(arguments["usergroup"])
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.members)}


def _somebody(workspace: "Workspace", person_id: str) -> "Person":
    person = workspace.anybody(person_id)
    if person is None:
        raise Refused("user_not_found")
    return person
