"""What Slack sends to an app when somebody types a command, presses a button or submits a view."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sandbox.slack.api import render
from sandbox.slack.inputs import has_state, initial
from sandbox.slack.model import Channel, Json, Message, View

if TYPE_CHECKING:
    from sandbox.slack.people import Person
    from sandbox.slack.workspace import Workspace

State = Mapping[str, Mapping[str, Json]]


def command(person: "Person", name: str, text: str, channel: Channel, *, response_url: str) -> Json:
    """Return the fields of a slash command."""
    workspace = person.workspace
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": workspace.views.new_trigger(person.id),
    }


def message_action(person: "Person", message: Message, action: Json, state: State, *, response_url: str) -> Json:
    """Return block_actions from a message."""
    workspace = person.workspace
    channel = workspace.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.is_ephemeral,
    }
    payload = _interaction(person, "block_actions") | {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": state},
        "response_url": response_url,
        "actions": [action],
    }
    if not message.is_ephemeral:
        payload["message"] = render.message(workspace, message)
    return payload


def view_action(person: "Person", view: View, action: Json) -> Json:
    """Return block_actions from a modal or the Home tab."""
    shown = render.view(person.workspace, view)
    return _interaction(person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def view_submission(person: "Person", view: View) -> Json:
    """Return view_submission."""
    return _interaction(person, "view_submission") | {
        "view": render.view(person.workspace, view),
        "response_urls": [],
    }


def view_closed(person: "Person", view: View, *, is_cleared: bool) -> Json:
    """Return view_closed."""
    payload = _interaction(person, "view_closed")
    del payload["trigger_id"]
    return payload | {"view": render.view(person.workspace, view), "is_cleared": is_cleared}


def action(block: Json, element: Json, chosen: Json, *, action_ts: str) -> Json:
    """Return one entry of `actions`: what was pressed or chosen."""
    described = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    for key in ("text", "value", "style", "placeholder", "confirm", "url"):
        if key in element and element["type"] in {"button", "static_select", "workflow_button"}:
            described[key] = element[key]
    return described | {key: value for key, value in chosen.items() if key != "type"} | {"action_ts": action_ts}


def state_of(elements: Iterable[tuple[Json, Json]], held: State) -> dict[str, dict[str, Json]]:
    """Return the state values of everything that has a state: what is held, else what it starts with."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements:
        if has_state(element):
            known = held.get(block["block_id"], {}).get(element["action_id"])
            values.setdefault(block["block_id"], {})[element["action_id"]] = known or initial(element)
    return values


def escaped(workspace: "Workspace", text: str) -> str:
    """Return a command's text with `@person` and `#channel` as Slack escapes them; & < > become entities."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    people = {name: f"<@{p.id}|{p.handle}>" for p in workspace.persons.values() for name in (p.handle, p.name)}
    channels = {c.name: f"<#{c.id}|{c.name}>" for c in workspace.channels.values() if not c.is_direct}
    return _linked(_linked(text, "@", people), "#", channels)


def _linked(text: str, sign: str, targets: Mapping[str, str]) -> str:
    if not targets:
        return text
    names = "|".join(re.escape(name) for name in sorted(targets, key=len, reverse=True))
    # Not inside what is escaped already, and not in the middle of a word or an e-mail address.
    pattern = re.compile(rf"(?<![\w<|]){sign}({names})(?!\w)")
    return pattern.sub(lambda found: targets[found[1]], text)


def _interaction(person: "Person", kind: str) -> Json:
    workspace = person.workspace
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": "sandbox",
        "trigger_id": workspace.views.new_trigger(person.id),
        "team": {"id": workspace.team_id, "domain": "sandbox"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
