"""auth.test, apps.*, bots.*, team.*, blocks.validate: the app about itself."""

from typing import TYPE_CHECKING

from sandbox.slack.content import invalid
from sandbox.slack.errors import Refused
from sandbox.slack.judge.message import check_message
from sandbox.slack.judge.view import check_view
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def auth_test(workspace: "Workspace", _: Json) -> Json:
    """auth.test."""
    return {
        "url": workspace.base_url,
        "team": workspace.team_name,
        "user": workspace.bot.handle,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(workspace: "Workspace", _: Json) -> Json:
    """apps.connections.open: the address of a Socket Mode connection, good for one."""
    if not workspace.manifest.get("settings", {}).get("socket_mode_enabled", True):
        workspace.complain("apps.connections.open: the manifest does not enable Socket Mode")
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}socket?ticket={workspace.sockets.issue_ticket()}"}


def bots_info(workspace: "Workspace", arguments: Json) -> Json:
    """bots.info."""
    if arguments.get("bot") not in (None, workspace.bot_id):
        raise Refused("bot_not_found")
    described = {"id": workspace.bot_id, "deleted": False, "name": workspace.bot.name, "updated": 0}
    return {"bot": {**described, "app_id": workspace.app_id, "user_id": workspace.bot.id, "icons": {}}}


def team_info(workspace: "Workspace", arguments: Json) -> Json:
    """team.info."""
    if arguments.get("team") not in (None, workspace.team_id):
        raise Refused("team_not_found")
    return {"team": {"id": workspace.team_id, "name": workspace.team_name, "domain": "sandbox", "icon": {}}}


def validate_blocks(_: "Workspace", arguments: Json) -> Json:
    """blocks.validate: one of blocks, a message or a view, judged as everywhere else."""
    given = [name for name in ("blocks", "message", "view") if name in arguments]
    if len(given) != 1:
        raise Refused("invalid_arguments", messages=["[ERROR] give exactly one of blocks, message and view"])
    value = arguments[given[0]]
    if given == ["view"]:
        kind = value.get("type", "modal") if isinstance(value, dict) else "modal"
        flaws = check_view(value, kind if kind in {"modal", "home"} else "modal", pointer="")
    else:
        is_message = given == ["message"] and isinstance(value, dict)
        flaws = check_message(value.get("blocks", []) if is_message else value, "/blocks" if is_message else "")
    if flaws:
        refusal = invalid(f"invalid_{given[0]}", flaws)
        refusal.extra["errors"] = [{"pointer": f.pointer, "code": f.code, "message": f.message} for f in flaws]
        raise refusal
    return {}
