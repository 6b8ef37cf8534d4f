"""What a person can choose or type into an element, and how Slack tells the app about it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.slack.model import CannotDo, Json

Lookup = Callable[[str], bool]
_CHECKS = {
    "email_text_input": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an e-mail address"),
    "url_text_input": (re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE), "a URL"),
    "datepicker": (re.compile(r"\d{4}-\d\d-\d\d"), "a date like 2026-11-23"),
    "timepicker": (re.compile(r"\d\d:\d\d"), "a time like 18:00"),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """Under which key a choice is told, from which key it starts, and whether it is a list of several."""

    told_as: str
    starts_from: str
    several: bool = False


_KINDS: Mapping[str, _Kind] = {
    "static_select": _Kind("selected_option", "initial_option"),
    "radio_buttons": _Kind("selected_option", "initial_option"),
    "overflow": _Kind("selected_option", ""),
    "multi_static_select": _Kind("selected_options", "initial_options", several=True),
    "checkboxes": _Kind("selected_options", "initial_options", several=True),
    "users_select": _Kind("selected_user", "initial_user"),
    "multi_users_select": _Kind("selected_users", "initial_users", several=True),
    "channels_select": _Kind("selected_channel", "initial_channel"),
    "multi_channels_select": _Kind("selected_channels", "initial_channels", several=True),
    "conversations_select": _Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": _Kind("selected_conversations", "initial_conversations", several=True),
    "datepicker": _Kind("selected_date", "initial_date"),
    "timepicker": _Kind("selected_time", "initial_time"),
    "datetimepicker": _Kind("selected_date_time", "initial_date_time"),
    "plain_text_input": _Kind("value", "initial_value"),
    "email_text_input": _Kind("value", "initial_value"),
    "url_text_input": _Kind("value", "initial_value"),
    "number_input": _Kind("value", "initial_value"),
    "rich_text_input": _Kind("rich_text_value", "initial_value"),
    "file_input": _Kind("files", "", several=True),
}
_STATELESS = {"overflow"}


def has_state(element: Json) -> bool:
    """Say whether the element appears among the state values of its view or message."""
    return element["type"] in _KINDS and element["type"] not in _STATELESS


def initial(element: Json) -> Json:
    """Return the state in which the element is first shown."""
    kind = _KINDS[element["type"]]
    start = element.get(kind.starts_from) if kind.starts_from else None
    return {"type": element["type"], kind.told_as: start if start is not None else ([] if kind.several else None)}


def is_empty(state: Json) -> bool:
    """Say whether nothing has been chosen or typed."""
    return all(value in (None, "", []) for key, value in state.items() if key != "type")


def choose(element: Json, wanted: Any, *, people: Lookup, channels: Lookup) -> Json:
    """Return the state after a person's choice; raises `CannotDo` for what the element does not offer."""
    kind = _KINDS.get(element["type"])
    if kind is None:
        raise CannotDo(f"nothing can be chosen in a {element['type']}")
    if kind.several:
        several = [wanted] if isinstance(wanted, str) else list(wanted)
        chosen: Any = [_one(element, item, people, channels) for item in several]
        most = element.get("max_selected_items") or element.get("max_files")
        if most is not None and len(chosen) > most:
            raise CannotDo(f"{element['action_id']}: at most {most} can be chosen")
    else:
        chosen = _one(element, wanted, people, channels)
    return {"type": element["type"], kind.told_as: chosen}


def option_values(element: Json) -> list[str]:
    """List the values that a menu offers now."""
    return [option["value"] for option in _options(element)]


def _options(element: Json) -> Iterable[Json]:
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]


def _one(element: Json, wanted: Any, people: Lookup, channels: Lookup) -> Any:
    kind: str = element["type"].removeprefix("multi_")
    if kind in {"static_select", "radio_buttons", "overflow", "checkboxes"}:
        return _option(element, wanted)
    if kind in {"users_select", "channels_select", "conversations_select"}:
        is_person, is_channel = people(wanted), channels(wanted)
        if not {"users_select": is_person, "channels_select": is_channel}.get(kind, is_person or is_channel):
            raise CannotDo(f"{element['action_id']}: {wanted!r} is nothing that can be picked")
        return wanted
    if kind == "rich_text_input":
        return wanted if isinstance(wanted, dict) else _rich_text(str(wanted))
    if kind == "datetimepicker":
        return int(wanted)
    if kind == "number_input":
        return _number(element, wanted)
    return _typed(element, str(wanted))


def _option(element: Json, wanted: Any) -> Json:
    for option in _options(element):
        if option.get("value") == wanted:
            return option
    raise CannotDo(f"{element['action_id']}: {wanted!r} is not offered, only {', '.join(option_values(element))}")


def _typed(element: Json, text: str) -> str:
    pattern, name = _CHECKS.get(element["type"], (None, ""))
    if pattern is not None and text and not pattern.fullmatch(text):
        raise CannotDo(f"{element['action_id']}: {text!r} is not {name}")
    if text and len(text) < element.get("min_length", 0):
        raise CannotDo(f"{element['action_id']}: at least {element['min_length']} characters are asked for")
    if len(text) > element.get("max_length", 3_000):
        raise CannotDo(f"{element['action_id']}: no more than {element.get('max_length', 3_000)} characters fit in")
    return text


def _number(element: Json, wanted: Any) -> str:
    try:
        number = float(wanted)
    except ValueError:
        raise CannotDo(f"{element['action_id']}: {wanted!r} is not a number") from None
    if not element.get("is_decimal_allowed", False) and not number.is_integer():
        raise CannotDo(f"{element['action_id']}: only whole numbers are taken")
    low, high = element.get("min_value"), element.get("max_value")
    if (low is not None and number < float(low)) or (high is not None and number > float(high)):
        raise CannotDo(f"{element['action_id']}: {wanted} is out of range")
    return str(wanted)


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}
