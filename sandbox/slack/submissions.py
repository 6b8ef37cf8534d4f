"""Filling in a view, and what the app's answer to its submission does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.slack import payloads
from sandbox.slack.api.views import checked
from sandbox.slack.errors import Refused
from sandbox.slack.inputs import choose, has_state, is_empty
from sandbox.slack.model import CannotDo, Json, Reply, View

if TYPE_CHECKING:
    from sandbox.slack.app_link import Delivered
    from sandbox.slack.people import Person


def fill_in(person: "Person", view: View, values: Mapping[str, Any]) -> dict[str, dict[str, Json]]:
    """Return the state of the view after these values; see `Person.submit`."""
    workspace = person.workspace
    held = {block: dict(entries) for block, entries in view.state.items()}
    left = dict(values)
    for block, element in view.elements():
        if not has_state(element):
            continue
        key = element["action_id"] if element["action_id"] in left else block["block_id"]
        if key in left:
            chosen = choose(
                element,
                left.pop(key),
                people=workspace.persons.__contains__,
                channels=workspace.channels.__contains__,
            )
            held.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    if left:
        raise CannotDo(f"the view has no input {', '.join(sorted(left))}")
    state = payloads.state_of(view.elements(), held)
    for block, element in view.elements():
        if block["type"] == "input" and not block.get("optional") and has_state(element):
            _check_filled(block, element, state)
    return state


def outcome(person: "Person", view: View, delivered: "Delivered", what: str) -> Reply:
    """Do what the app's answer says: close, clear, show errors, update or push."""
    workspace = person.workspace
    reply = Reply(delivered.acknowledged, delivered.status, delivered.body, delivered.failure)
    errors: dict[str, str] = {}
    if delivered.acknowledged:
        try:
            errors = _respond(person, view, delivered.body)
        except Refused as refused:
            workspace.complain(f"{what}: the answer is refused: {refused.code} {'; '.join(refused.messages)}")
            reply = replace(reply, error=refused.code)
    stack = person.open_views
    return replace(reply, errors=errors, view=stack[-1] if stack else None)


def _respond(person: "Person", view: View, body: Any) -> dict[str, str]:
    views = person.workspace.views
    action = body.get("response_action") if isinstance(body, dict) else None
    now = views.find(view_id=view.id)
    if now is None:  # the app changed the stack while it was answering
        return {}
    match action:
        case None:
            views.close(now)
        case "clear":
            views.clear(person.id)
        case "errors":
            errors = _checked_errors(now, body.get("errors"))
            views.put(replace(now, errors=errors))
            return errors
        case "update":
            views.update(now, checked(body.get("view"), "modal"))
        case "push":
            views.push(person.id, checked(body.get("view"), "modal"))
        case _:
            raise Refused("invalid_response_action")
    return {}


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not all(isinstance(text, str) for text in errors.values()):
        raise Refused("invalid_errors")
    if unknown := sorted(set(errors) - inputs):
        raise Refused("invalid_errors", messages=[f"no input block has the id {unknown[0]}"])
    return errors


def _check_filled(block: Json, element: Json, state: Mapping[str, Mapping[str, Json]]) -> None:
    if is_empty(state[block["block_id"]][element["action_id"]]):
        raise CannotDo(f"{block['label']['text']} ({element['action_id']}) has to be filled in")
