"""Blocks that Slack refuses, and where it says the mistake is."""

from typing import Any

from tests.sandbox.slack.corpus import (
    GROUPS,
    PICTURE,
    RICH,
    bars,
    card,
    cell,
    chart,
    data_table,
    menu,
    rows,
    table,
    typed,
)
from tests.sandbox.slack.world import actions, button, field, option, section, text

# name → (blocks, where the first mistake is)
INVALID: dict[str, tuple[list[Any], str]] = {
    "no block at all": (["text"], "/blocks/0"),
    "no type": ([{"text": text()}], "/blocks/0"),
    "unknown type": ([{"type": "sektion"}], "/blocks/0/type"),
    "a null block": ([None], "/blocks/0"),
    "an unknown field": ([section(colour="red")], "/blocks/0"),
    "a section without anything": ([{"type": "section"}], "/blocks/0"),
    "empty text": ([section("")], "/blocks/0/text/text"),
    "empty fields": ([{"type": "section", "fields": []}], "/blocks/0/fields"),
    "markdown in a header": ([{"type": "header", "text": text("*x*", "mrkdwn")}], "/blocks/0/text/type"),
    "markdown on a button": ([actions(button() | {"text": text("*x*", "mrkdwn")})], "/blocks/0/elements/0/text/type"),
    "a text where an object is due": ([{"type": "section", "text": "Hello"}], "/blocks/0/text"),
    "a picture without alt text": (
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "/blocks/0",
    ),
    "a picture with an empty alt text": ([PICTURE | {"alt_text": ""}], "/blocks/0/alt_text"),
    "a picture without a source": ([{"type": "image", "alt_text": "x"}], "/blocks/0"),
    "a picture with two sources": ([PICTURE | {"slack_file": {"id": "F1"}}], "/blocks/0"),
    "a picture that is no URL": ([PICTURE | {"image_url": "a.png"}], "/blocks/0/image_url"),
    "no buttons": ([actions()], "/blocks/0/elements"),
    "a button without text": ([actions({"type": "button", "action_id": "a"})], "/blocks/0/elements/0"),
    "a button in a colour of its own": ([actions(button(style="blue"))], "/blocks/0/elements/0/style"),
    "a button in a context": ([{"type": "context", "elements": [button()]}], "/blocks/0/elements/0/type"),
    "a text input among buttons": ([actions(typed())], "/blocks/0/elements/0/type"),
    "a button as input": ([field(button())], "/blocks/0/element/type"),
    "a date and time picker beside a text": ([section(accessory=typed("datetimepicker"))], "/blocks/0/accessory/type"),
    "the same action twice in a block": ([actions(button("a"), button("a"))], "/blocks/0/elements/1/action_id"),
    "the same block id twice": ([section(block_id="a"), section(block_id="a")], "/blocks/1/block_id"),
    "options and groups": ([actions(menu(option_groups=GROUPS))], "/blocks/0/elements/0"),
    "neither options nor groups": ([actions({"type": "static_select"})], "/blocks/0/elements/0"),
    "an initial option that is not offered": (
        [actions(menu(initial_option=option("zz")))],
        "/blocks/0/elements/0",
    ),
    "no options": ([actions(menu("overflow", 0))], "/blocks/0/elements/0/options"),
    "a date that is none": ([actions(typed("datepicker", initial_date="23.11."))], "/blocks/0/elements/0/initial_date"),
    "numbers upside down": (
        [field(typed("number_input", is_decimal_allowed=False, min_value="9", max_value="1"))],
        "/blocks/0/element",
    ),
    "an empty cell": ([table(rows=[[cell("")]])], "/blocks/0/rows/0/0/text"),
    "uneven rows": ([table(rows=[rows(1, 2)[0], rows(1, 3)[0]])], "/blocks/0/rows"),
    "uneven rows of data": ([data_table(rows=[rows(1, 2)[0], rows(1, 3)[0]])], "/blocks/0/rows"),
    "a data table of a header only": ([data_table(rows=rows(1))], "/blocks/0/rows"),
    "a data table without caption": ([{"type": "data_table", "rows": rows(2)}], "/blocks/0"),
    "rich text in the header row": ([data_table(rows=[[RICH], [cell("x")]])], "/blocks/0/rows/0/0"),
    "two tables": ([table(), table()], "/blocks"),
    "three charts": ([chart(), chart(), chart()], "/blocks"),
    "a segment of nothing": (
        [chart({"type": "pie", "segments": [{"label": "none", "value": 0}]})],
        "/blocks/0/chart/segments/0/value",
    ),
    "a segment that is no number": (
        [chart({"type": "pie", "segments": [{"label": "nan", "value": float("nan")}]})],
        "/blocks/0/chart/segments/0/value",
    ),
    "series with one name": (
        [chart(bars(1) | {"series": bars(1)["series"] * 2})],
        "/blocks/0/chart/series",
    ),
    "a point too few": (
        [chart(bars() | {"axis_config": {"categories": ["c0"]}})],
        "/blocks/0/chart/series/0/data",
    ),
    "an empty card": ([{"type": "card", "subtitle": text()}], "/blocks/0"),
    "a card with two icons": (
        [card(icon=PICTURE, slack_icon={"type": "icon", "name": "bot"})],
        "/blocks/0",
    ),
    "a container in a container": (
        [
            {
                "type": "container",
                "title": text(),
                "child_blocks": [{"type": "container", "title": text(), "child_blocks": [section()]}],
            }
        ],
        "/blocks/0/child_blocks/0/type",
    ),
    "an alert in a message": ([{"type": "alert", "text": text()}], "/blocks/0/type"),
    "an unknown piece of rich text": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "smell"}]}]}],
        "/blocks/0/elements/0/elements/0/type",
    ),
    "markdown that is too long together": (
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        "/blocks",
    ),
}
