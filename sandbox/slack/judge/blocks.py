"""The blocks of Block Kit: which fields each has, their limits, and on which surface it may stand."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sandbox.slack.judge.elements import (
    IDENTIFIER,
    IMAGE,
    IMAGE_SOURCE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    NO_TWO_SOURCES,
    SLACK_FILE,
    SLACK_ICON,
    WEB_URL,
    any_element,
    any_text,
    plain_text,
)
from sandbox.slack.judge.rich_text import RICH_TEXT
from sandbox.slack.judge.schema import (
    Check,
    Flaw,
    array,
    boolean,
    exactly_one_of,
    listed,
    number,
    one_of,
    record,
    some_of,
    string,
    typed,
)
from sandbox.slack.judge.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE

Surface = Literal["message", "modal", "home"]


def _block(kind: str, fields: Mapping[str, Check], *, required: tuple[str, ...] = (), rules: Any = ()) -> Check:
    common: dict[str, Check] = {"type": one_of(kind), "block_id": IDENTIFIER}
    return record({**common, **fields}, required=("type", *required), rules=tuple(rules))


def _unique_actions(value: Any, at: str) -> Iterator[Flaw]:
    """Within one block no two elements may have the same action id; in two blocks they may."""
    seen: set[str] = set()
    key = "elements" if "elements" in value else "actions"
    for place, held in enumerate(listed(value.get(key))):
        action_id = held.get("action_id") if isinstance(held, dict) else None
        if not isinstance(action_id, str):
            continue
        if action_id in seen:
            yield Flaw(f"{at}/{key}/{place}/action_id", "not_unique", f"action_id {action_id} already exists")
        seen.add(action_id)


_CONTEXT: dict[str, Check] = {
    "image": IMAGE,
    "plain_text": any_text(3000),
    "mrkdwn": any_text(3000),
}
_CARD = _block(
    "card",
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "slack_icon": SLACK_ICON,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": array(any_element(frozenset({"button"})), 0, 3),
    },
    rules=(some_of("hero_image", "title", "actions", "body"), *NO_TWO_SOURCES, _unique_actions),
)
_TASK = _block(
    "task_card",
    {
        "task_id": string(),
        "title": string(),
        "status": one_of("pending", "in_progress", "complete", "error"),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(
            record({"type": one_of("url"), "url": string(3000), "text": string()}, required=("type", "url", "text"))
        ),
    },
    required=("task_id", "title", "status"),
)

_EVERYWHERE = frozenset(
    {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
)
_NOT_IN_MODALS = frozenset({"carousel", "container", "data_table", "table"})
_IN_MESSAGES = frozenset({"context_actions", "data_visualization", "file", "markdown", "plan", "task_card"})
_CHILDREN = (_EVERYWHERE | _NOT_IN_MODALS | _IN_MESSAGES) - {"carousel", "container", "plan"}

BLOCKS: dict[str, Check] = {
    "section": _block(
        "section",
        {
            "text": any_text(3000),
            "fields": array(any_text(2000), 1, 10),
            "accessory": any_element(IN_SECTION),
            "expand": boolean(),
        },
        rules=(some_of("text", "fields"),),
    ),
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain_text(150), "level": number(1, 6, whole=True)}, required=("text",)),
    "image": _block(
        "image",
        {
            "image_url": string(3000, pattern=WEB_URL),
            "slack_file": SLACK_FILE,
            "alt_text": string(2000),
            "title": plain_text(2000),
        },
        required=("alt_text",),
        rules=IMAGE_SOURCE,
    ),
    "context": _block("context", {"elements": array(typed(lambda: _CONTEXT), 1, 10)}, required=("elements",)),
    "actions": _block(
        "actions",
        {"elements": array(any_element(IN_ACTIONS), 1, 25)},
        required=("elements",),
        rules=(_unique_actions,),
    ),
    "context_actions": _block(
        "context_actions",
        {"elements": array(any_element(frozenset({"feedback_buttons", "icon_button"})), 1, 5)},
        required=("elements",),
        rules=(_unique_actions,),
    ),
    "input": _block(
        "input",
        {
            "label": plain_text(2000),
            "element": any_element(IN_INPUT),
            "hint": plain_text(2000),
            "optional": boolean(),
            "dispatch_action": boolean(),
        },
        required=("label", "element"),
    ),
    "file": _block("file", {"external_id": string(), "source": one_of("remote")}, required=("external_id", "source")),
    "markdown": _block("markdown", {"text": string(12_000)}, required=("text",)),
    "rich_text": RICH_TEXT,
    "video": _block(
        "video",
        {
            "alt_text": string(2000),
            "title": plain_text(200),
            "title_url": string(2000, pattern=r"https://\S+"),
            "description": plain_text(200),
            "video_url": string(3000, pattern=r"https://\S+"),
            "thumbnail_url": string(3000, pattern=WEB_URL),
            "author_name": string(50),
            "provider_name": string(50),
            "provider_icon_url": string(2000, pattern=WEB_URL),
        },
        required=("alt_text", "title", "video_url", "thumbnail_url"),
    ),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "alert": _block(
        "alert",
        {"text": any_text(200), "level": one_of("default", "info", "warning", "error", "success")},
        required=("text",),
    ),
    "card": _CARD,
    "carousel": _block("carousel", {"elements": array(typed(lambda: {"card": _CARD}), 1, 10)}, required=("elements",)),
    "container": _block(
        "container",
        {
            "child_blocks": array(typed(lambda: BLOCKS, _CHILDREN), 1, 10),
            "title": plain_text(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean(),
            "default_collapsed": boolean(),
            "has_header_divider": boolean(),
        },
        required=("child_blocks",),
        rules=(exactly_one_of("title", "rich_text_title"),),
    ),
    "task_card": _TASK,
    "plan": _block(
        "plan", {"title": string(), "tasks": array(typed(lambda: {"task_card": _TASK}), 0, 50)}, required=("title",)
    ),
}

SURFACES: Mapping[Surface, frozenset[str]] = {
    # Sources disagree whether charts may stand on the Home tab; the judge keeps to the narrower one.
    "message": _EVERYWHERE | _NOT_IN_MODALS | _IN_MESSAGES,
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | _NOT_IN_MODALS,
}


def block_on(surface: Surface) -> Check:
    """Check one block on this surface."""
    return typed(lambda: BLOCKS, SURFACES[surface])


def unique_block_ids(blocks: Any, at: str) -> Iterator[Flaw]:
    """Check that no block id stands there twice."""
    seen: set[str] = set()
    for place, block in enumerate(listed(blocks)):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(block_id, str):
            if block_id in seen:
                yield Flaw(f"{at}/{place}/block_id", "not_unique", f"block_id {block_id} already exists")
            seen.add(block_id)
