"""Who is at the door: Slack's payloads are read here, and below here are only our own types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.errors import BadInput
from bot.text import clean_text

#: A modal's private metadata: what it is about, and on the lines below where the click was that opened it.
_LINES = 3
#: Whoever left a modal open while the program was updated submits the old one.
OLD_FORM: Final = "This form is from another version. Nothing was changed: close it and open it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One act of one person: a command, a press, a choice, a submission."""

    #: Slack's id of who acts
    user: str
    #: lesson time at the door
    now: datetime
    #: what was typed behind the command
    text: str = ""
    action_id: str = ""
    #: of the button, of the chosen option, of the chosen account, or of the modal
    value: str = ""
    #: of a submitted modal: field → what was typed or chosen, empty text where nothing was
    fields: Mapping[str, str] = field(default_factory=dict)
    #: opens one modal within three seconds
    trigger_id: str = ""
    #: where an answer to this act goes; empty in a modal that was opened from nowhere
    response_url: str = ""
    #: where it happened; of who was on the Home tab, their own Slack id
    channel: str = ""
    #: the message whose button was pressed
    message_ts: str = ""
    #: the modal in which it happened
    view_id: str = ""

    def filled_in(self, field: str) -> str:
        """What stands in a field that our modal always has. Raises `BadInput` for a modal of another version."""
        if field not in self.fields:
            raise BadInput(OLD_FORM)
        return self.fields[field]


def of_command(body: Mapping[str, Any], *, now: datetime) -> Visit:
    """A slash command."""
    return Visit(
        user=body["user_id"],
        now=now,
        text=clean_text(body.get("text", ""), longest=3000),
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
        channel=body.get("channel_id", ""),
    )


def of_action(body: Mapping[str, Any], action: Mapping[str, Any], *, now: datetime) -> Visit:
    """A press or a choice, in a message or in a modal."""
    view, user = body.get("view") or {}, body["user"]["id"]
    _, response_url, channel = _metadata(view)
    return Visit(
        user=user,
        now=now,
        action_id=action["action_id"],
        value=_chosen(action),
        trigger_id=body.get("trigger_id", ""),
        response_url=body.get("response_url") or response_url,
        # On the Home tab nothing can be answered: the person's own conversation is the place.
        channel=(body.get("channel") or {}).get("id") or channel or (user if view.get("type") == "home" else ""),
        message_ts=(body.get("message") or {}).get("ts", ""),
        view_id=view.get("id", ""),
    )


def of_submission(body: Mapping[str, Any], *, now: datetime) -> Visit:
    """A submitted modal."""
    view = body["view"]
    value, response_url, channel = _metadata(view)
    states = view.get("state", {}).get("values", {})
    return Visit(
        user=body["user"]["id"],
        now=now,
        action_id=view.get("callback_id", ""),
        value=value,
        fields={name: _chosen(state) for block in states.values() for name, state in block.items()},
        trigger_id=body.get("trigger_id", ""),
        response_url=response_url,
        channel=channel,
        view_id=view["id"],
    )


def with_way_back(view: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    """The modal, told where the click was that opens it: a submission has no place of its own to be answered at."""
    about = view.get("private_metadata", "")
    return {**view, "private_metadata": f"{about}\n{visit.response_url}\n{visit.channel}"}


def _metadata(view: Mapping[str, Any]) -> tuple[str, str, str]:
    lines = (view.get("private_metadata") or "").split("\n")
    about, response_url, channel = (*lines, "", "", "")[:_LINES]
    return about, response_url, channel


def _chosen(state: Mapping[str, Any]) -> str:
    """What an element holds, whatever its kind."""
    option = state.get("selected_option") or {}
    found = (
        option.get("value"),
        state.get("selected_user"),
        state.get("selected_conversation"),
        state.get("selected_date_time"),
        state.get("value"),
    )
    return clean_text(str(next((value for value in found if value is not None), "")), longest=2000)
