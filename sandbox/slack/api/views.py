"""views.*: modals and the Home tab."""

import json
from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.content import invalid
from sandbox.slack.errors import Refused
from sandbox.slack.judge.view import VIEW_BYTES, check_view
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def open_(workspace: "Workspace", arguments: Json) -> Json:
    """views.open: a modal before the person whose trigger it is."""
    source = checked(arguments["view"], "modal")
    person = workspace.views.use_trigger(_trigger(arguments))
    return {"view": render.view(workspace, workspace.views.open(person, source))}


def push(workspace: "Workspace", arguments: Json) -> Json:
    """views.push: a modal above the open one."""
    source = checked(arguments["view"], "modal")
    person = workspace.views.use_trigger(_trigger(arguments))
    return {"view": render.view(workspace, workspace.views.push(person, source))}


def publish(workspace: "Workspace", arguments: Json) -> Json:
    """views.publish: somebody's Home tab."""
    if not workspace.manifest.get("features", {}).get("app_home", {}).get("home_tab_enabled", False):
        raise Refused("not_enabled")
    if arguments["user_id"] not in workspace.persons:
        raise Refused("user_not_found")
    source = checked(arguments["view"], "home")
    view = workspace.views.publish(arguments["user_id"], source, hash_=arguments.get("hash"))
    return {"view": render.view(workspace, view)}


def update(workspace: "Workspace", arguments: Json) -> Json:
    """views.update: an open view, by its id or by the app's own."""
    old = workspace.views.find(view_id=arguments.get("view_id"), external_id=arguments.get("external_id"))
    if old is None:
        raise Refused("not_found")
    source = checked(arguments["view"], old.kind)
    return {"view": render.view(workspace, workspace.views.update(old, source, hash_=arguments.get("hash")))}


def checked(source: object, kind: str) -> Json:
    """Return the view if Slack takes it as a view of this kind; raises `Refused`."""
    flaws = check_view(source, kind)
    if flaws:
        raise invalid("invalid_arguments", flaws)
    assert isinstance(source, dict)  # anything else has a flaw
    if len(json.dumps(source, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")) > VIEW_BYTES:
        raise Refused("view_too_large")
    return source


def _trigger(arguments: Json) -> str:
    trigger: str = arguments.get("trigger_id") or arguments.get("interactivity_pointer") or ""
    if not trigger:
        raise Refused("invalid_arguments", messages=["[ERROR] missing required field: trigger_id"])
    return trigger
