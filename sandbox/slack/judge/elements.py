"""Block Kit's composition objects and elements: which fields each has, and their limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.judge.schema import (
    Check,
    Flaw,
    array,
    at_most_one_of,
    boolean,
    exactly_one_of,
    listed,
    number,
    one_of,
    ordered,
    record,
    some_of,
    string,
    typed,
)

URL = r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+"
WEB_URL = r"https?://\S+"
IDENTIFIER = string(255)


def plain_text(most: int) -> Check:
    """Check a plain_text object of so many characters."""
    fields = {"type": one_of("plain_text"), "text": string(most), "emoji": boolean()}
    return record(fields, required=("type", "text"))


def any_text(most: int) -> Check:
    """Check a plain_text or mrkdwn object of so many characters."""
    mrkdwn = record({"type": one_of("mrkdwn"), "text": string(most), "verbatim": boolean()}, required=("type", "text"))
    return typed(lambda: {"plain_text": plain_text(most), "mrkdwn": mrkdwn})


CONFIRM = record(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
        "style": one_of("primary", "danger"),
    },
    required=("title", "text", "confirm", "deny"),
)
DISPATCH = record(
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
    required=("trigger_actions_on",),
)
FILTER = record(
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": boolean(),
        "exclude_bot_users": boolean(),
    },
    rules=(some_of("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)
SLACK_FILE = record({"id": string(), "url": string(pattern=WEB_URL)}, rules=(exactly_one_of("id", "url"),))
SLACK_ICON = record({"type": one_of("icon"), "name": string()}, required=("type", "name"))


def option(text: Check, *, url: bool = False) -> Check:
    """Check one option of a menu; only those of an overflow menu may have a URL."""
    fields = {"text": text, "value": string(150), "description": any_text(75)}
    if url:
        fields["url"] = string(3000, pattern=URL)
    return record(fields, required=("text", "value"))


PLAIN_OPTION = option(plain_text(75))
RICH_OPTION = option(any_text(75))
OPTION_GROUP = record({"label": plain_text(75), "options": array(PLAIN_OPTION, 1, 100)}, required=("label", "options"))


def element(kind: str, fields: Mapping[str, Check], *, required: tuple[str, ...] = (), rules: Any = ()) -> Check:
    """Check an interactive element, which all have a type and may have an action id."""
    common: dict[str, Check] = {"type": one_of(kind), "action_id": IDENTIFIER}
    return record({**common, **fields}, required=("type", *required), rules=tuple(rules))


def _initial_among_options(value: Any, at: str) -> Iterator[Flaw]:
    groups = [group for group in listed(value.get("option_groups")) if isinstance(group, dict)]
    options = [*listed(value.get("options")), *(o for group in groups for o in listed(group.get("options")))]
    initials = [value["initial_option"]] if "initial_option" in value else listed(value.get("initial_options"))
    if any(initial not in options for initial in initials):
        yield Flaw(at, "not_allowed", "an initial option must be one of the options, exactly")


_INPUT: dict[str, Check] = {"focus_on_load": boolean()}
_ASKING: dict[str, Check] = {**_INPUT, "placeholder": plain_text(150)}
_CONFIRMED: dict[str, Check] = {**_ASKING, "confirm": CONFIRM}
_TYPED: dict[str, Check] = {**_ASKING, "dispatch_action_config": DISPATCH}
_CHOICES: dict[str, Check] = {
    "options": array(PLAIN_OPTION, 1, 100),
    "option_groups": array(OPTION_GROUP, 1, 100),
}
_LABEL: dict[str, Check] = {"accessibility_label": string(75)}
_SEVERAL: dict[str, Check] = {"max_selected_items": number(1, whole=True)}
_CHOICE_RULES = (exactly_one_of("options", "option_groups"), _initial_among_options)


def _menus() -> Iterator[tuple[str, Check]]:
    """Every select menu exists for one choice and for several."""
    one: dict[str, tuple[str, Check, dict[str, Check], Any]] = {
        "static_select": ("initial_option", PLAIN_OPTION, _CHOICES, _CHOICE_RULES),
        "external_select": ("initial_option", PLAIN_OPTION, {"min_query_length": number(0, whole=True)}, ()),
        "users_select": ("initial_user", string(), {}, ()),
        "channels_select": ("initial_channel", string(), {"response_url_enabled": boolean()}, ()),
        "conversations_select": (
            "initial_conversation",
            string(),
            {"filter": FILTER, "default_to_current_conversation": boolean(), "response_url_enabled": boolean()},
            (),
        ),
    }
    for kind, (initial, choice, fields, rules) in one.items():
        yield kind, element(kind, {**_CONFIRMED, initial: choice, **fields}, rules=rules)
        several = {name: check for name, check in fields.items() if name != "response_url_enabled"}
        many = f"multi_{kind}"
        yield many, element(many, {**_CONFIRMED, **_SEVERAL, f"{initial}s": array(choice), **several}, rules=rules)


_FEEDBACK = record({"text": plain_text(75), "value": string(2000), **_LABEL}, required=("text", "value"))
_IMAGE_SOURCE = (exactly_one_of("image_url", "slack_file"),)
IMAGE = record(
    {
        "type": one_of("image"),
        "image_url": string(3000, pattern=WEB_URL),
        "slack_file": SLACK_FILE,
        "alt_text": string(2000),
    },
    required=("type", "alt_text"),
    rules=_IMAGE_SOURCE,
)
_STYLE: dict[str, Check] = {"style": one_of("primary", "danger")}
_BUTTON = {
    "text": plain_text(75),
    "url": string(3000, pattern=URL),
    "value": string(2000),
    "confirm": CONFIRM,
    **_STYLE,
    **_LABEL,
}
_TEXT_LENGTHS: dict[str, Check] = {
    "min_length": number(0, 3000, whole=True),
    "max_length": number(1, 3000, whole=True),
}

ELEMENTS: dict[str, Check] = {
    **dict(_menus()),
    "image": IMAGE,
    "button": element("button", _BUTTON, required=("text",)),
    "workflow_button": element(
        "workflow_button",
        {
            "text": plain_text(75),
            "workflow": record(
                {
                    "trigger": record(
                        {
                            "url": string(),
                            "customizable_input_parameters": array(record({"name": string(), "value": string()})),
                        },
                        required=("url",),
                    )
                },
                required=("trigger",),
            ),
            **_STYLE,
            **_LABEL,
        },
        required=("text", "workflow"),
    ),
    "icon_button": element(
        "icon_button",
        {
            "icon": one_of("trash"),
            "text": plain_text(75),
            "value": string(2000),
            "confirm": CONFIRM,
            "visible_to_user_ids": array(string(), 0, 10),
            **_LABEL,
        },
        required=("icon", "text"),
    ),
    "feedback_buttons": element(
        "feedback_buttons",
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        required=("positive_button", "negative_button"),
    ),
    "overflow": element(
        "overflow",
        {"options": array(option(plain_text(75), url=True), 1, 5), "confirm": CONFIRM},
        required=("options",),
    ),
    "checkboxes": element(
        "checkboxes",
        {**_INPUT, "options": array(RICH_OPTION, 1, 10), "initial_options": array(RICH_OPTION, 1), "confirm": CONFIRM},
        required=("options",),
        rules=(_initial_among_options,),
    ),
    "radio_buttons": element(
        "radio_buttons",
        {**_INPUT, "options": array(RICH_OPTION, 1, 10), "initial_option": RICH_OPTION, "confirm": CONFIRM},
        required=("options",),
        rules=(_initial_among_options,),
    ),
    "datepicker": element("datepicker", {**_CONFIRMED, "initial_date": string(pattern=r"\d{4}-\d\d-\d\d")}),
    "timepicker": element(
        "timepicker", {**_CONFIRMED, "initial_time": string(pattern=r"\d\d:\d\d"), "timezone": string()}
    ),
    "datetimepicker": element(
        "datetimepicker",
        {**_INPUT, "confirm": CONFIRM, "initial_date_time": number(10**9, 10**10 - 1, whole=True)},
    ),
    "plain_text_input": element(
        "plain_text_input",
        {**_TYPED, **_TEXT_LENGTHS, "initial_value": string(3000), "multiline": boolean()},
        rules=(ordered("min_length", "max_length"),),
    ),
    "email_text_input": element("email_text_input", {**_TYPED, "initial_value": string()}),
    "url_text_input": element("url_text_input", {**_TYPED, "initial_value": string(pattern=URL)}),
    "number_input": element(
        "number_input",
        {
            **_TYPED,
            "is_decimal_allowed": boolean(),
            "initial_value": string(),
            "min_value": string(),
            "max_value": string(),
        },
        required=("is_decimal_allowed",),
        rules=(ordered("min_value", "max_value"),),
    ),
    "file_input": element("file_input", {"filetypes": array(string(), 1), "max_files": number(1, 10, whole=True)}),
    "rich_text_input": element(
        "rich_text_input",
        {
            **_TYPED,
            "initial_value": record({"type": one_of("rich_text"), "elements": array(lambda *_: iter(()))}),
            "min_lines": number(1, 100, whole=True),
            "max_lines": number(1, 100, whole=True),
        },
        rules=(ordered("min_lines", "max_lines"),),
    ),
}

_SELECTS = frozenset(name for name, _ in _menus())
_PICKED = _SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
# Menus for several choices stand beside a text or in an input; among buttons Slack refuses them (node-slack-sdk #1299).
_SEVERAL_AT_ONCE = frozenset(name for name in _SELECTS if name.startswith("multi_"))
IN_ACTIONS = (_PICKED - _SEVERAL_AT_ONCE) | {"button", "workflow_button", "overflow", "datetimepicker"}
IN_SECTION = _PICKED | {"button", "workflow_button", "overflow", "image"}
IN_INPUT = _PICKED | {
    "datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input",
    "rich_text_input",
}  # fmt: skip


def any_element(allowed: frozenset[str]) -> Check:
    """Check an element of one of these types."""
    return typed(lambda: ELEMENTS, allowed)


NO_TWO_SOURCES = (at_most_one_of("icon", "slack_icon"),)
IMAGE_SOURCE = _IMAGE_SOURCE
