"""How to make every block a little too much: one at the limit, one beyond."""

from collections.abc import Callable
from typing import Any

from tests.sandbox.slack.corpus import (
    CONFIRM,
    GROUPS,
    IN_MESSAGES,
    PICTURE,
    RICH,
    Json,
    bars,
    card,
    cell,
    chart,
    data_table,
    menu,
    pie,
    rows,
    table,
    typed,
)
from tests.sandbox.slack.world import actions, button, field, option, section, text

# name → (make a block of this size, the largest size that Slack takes)
LIMITS: dict[str, tuple[Callable[[int], Json], int]] = {
    "section text": (lambda n: section("x" * n), 3000),
    "section fields": (lambda n: {"type": "section", "fields": [text()] * n}, 10),
    "section field": (lambda n: {"type": "section", "fields": [text("x" * n)]}, 2000),
    "block id": (lambda n: {"type": "divider", "block_id": "x" * n}, 255),
    "action id": (lambda n: actions(button("x" * n)), 255),
    "header": (lambda n: {"type": "header", "text": text("x" * n)}, 150),
    "context elements": (lambda n: {"type": "context", "elements": [text()] * n}, 10),
    "actions elements": (lambda n: actions(*(button(f"a{i}") for i in range(n))), 25),
    "context_actions elements": (
        lambda n: {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "action_id": f"a{i}", "icon": "trash", "text": text()} for i in range(n)
            ],
        },
        5,
    ),
    "button text": (lambda n: actions(button() | {"text": text("x" * n)}), 75),
    "button value": (lambda n: actions(button(value="x" * n)), 2000),
    "button url": (lambda n: actions(button(url="https:" + "x" * (n - 6))), 3000),
    "button accessibility label": (lambda n: actions(button(accessibility_label="x" * n)), 75),
    "confirm title": (lambda n: actions(button(confirm=CONFIRM | {"title": text("x" * n)})), 100),
    "confirm text": (lambda n: actions(button(confirm=CONFIRM | {"text": text("x" * n)})), 300),
    "confirm yes": (lambda n: actions(button(confirm=CONFIRM | {"confirm": text("x" * n)})), 30),
    "confirm no": (lambda n: actions(button(confirm=CONFIRM | {"deny": text("x" * n)})), 30),
    "option text": (lambda n: actions(menu() | {"options": [{"text": text("x" * n), "value": "1"}]}), 75),
    "option value": (lambda n: actions(menu() | {"options": [option("x" * 1) | {"value": "x" * n}]}), 150),
    "option description": (
        lambda n: actions(menu() | {"options": [option("1") | {"description": text("x" * n)}]}),
        75,
    ),
    "select options": (lambda n: actions(menu(count=n)), 100),
    "select option groups": (
        lambda n: actions({"type": "static_select", "action_id": "m", "option_groups": GROUPS * n}),
        100,
    ),
    "options in a group": (
        lambda n: actions(
            {
                "type": "static_select",
                "option_groups": [{"label": text(), "options": [option(f"o{i}") for i in range(n)]}],
            }
        ),
        100,
    ),
    "group label": (
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": text("x" * n), "options": [option("1")]}]}
        ),
        75,
    ),
    "radio options": (lambda n: actions(menu("radio_buttons", n)), 10),
    "checkbox options": (lambda n: actions(menu("checkboxes", n)), 10),
    "overflow options": (lambda n: actions(menu("overflow", n)), 5),
    "placeholder": (lambda n: actions(menu(placeholder=text("x" * n))), 150),
    "input label": (lambda n: field(typed(), label=text("x" * n)), 2000),
    "input hint": (lambda n: field(typed(), hint=text("x" * n)), 2000),
    "input max_length": (lambda n: field(typed(max_length=n)), 3000),
    "file input max_files": (lambda n: field(typed("file_input", max_files=n)), 10),
    "image alt text": (lambda n: PICTURE | {"alt_text": "x" * n}, 2000),
    "image title": (lambda n: PICTURE | {"title": text("x" * n)}, 2000),
    "image url": (lambda n: PICTURE | {"image_url": "https://" + "x" * (n - 8)}, 3000),
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    "table rows": (lambda n: table(rows=rows(n)), 100),
    "table columns": (lambda n: table(rows=rows(2, n)), 20),
    "table column settings": (lambda n: table(rows=rows(1, 20), column_settings=[None] * n), 20),
    "table characters": (lambda n: table(rows=[[cell("x" * n)]]), 10_000),
    "data table rows": (lambda n: data_table(rows=rows(n)), 201),
    "data table columns": (lambda n: data_table(rows=rows(2, n)), 20),
    "data table characters": (lambda n: data_table(rows=[[cell("x")], [cell("x" * (n - 1))]]), 20_000),
    "data table page size": (lambda n: data_table(page_size=n), 100),
    "data table row header": (lambda n: data_table(row_header_column_index=n), 1),
    "chart title": (lambda n: chart(title="x" * n), 50),
    "pie segments": (lambda n: chart(pie(n)), 12),
    "pie label": (lambda n: chart({"type": "pie", "segments": [{"label": "x" * n, "value": 1}]}), 20),
    "chart series": (lambda n: chart(bars(n)), 12),
    "chart points": (lambda n: chart(bars(1, n)), 20),
    "chart axis label": (
        lambda n: chart(bars() | {"axis_config": {"categories": ["c0", "c1"], "x_label": "x" * n}}),
        50,
    ),
    "card title": (lambda n: card(title=text("x" * n)), 150),
    "card subtitle": (lambda n: card(subtitle=text("x" * n)), 150),
    "card body": (lambda n: card(body=text("x" * n)), 200),
    "card actions": (lambda n: card(actions=[button(f"a{i}") for i in range(n)]), 3),
    "carousel cards": (lambda n: {"type": "carousel", "elements": [card()] * n}, 10),
    "container children": (
        lambda n: {"type": "container", "title": text(), "child_blocks": [section()] * n},
        10,
    ),
    "container title": (
        lambda n: {"type": "container", "title": text("x" * n), "child_blocks": [section()]},
        150,
    ),
    "plan tasks": (
        lambda n: {
            "type": "plan",
            "title": "p",
            "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "pending"}] * n,
        },
        50,
    ),
    "list indent": (
        lambda n: {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "ordered", "indent": n, "elements": []}],
        },
        8,
    ),
}

VIDEO = IN_MESSAGES["video"]
FEEDBACK: Json = IN_MESSAGES["context_actions"]["elements"][0]
TRASH: Json = IN_MESSAGES["context_actions"]["elements"][1]
WORKFLOW = {
    "type": "workflow_button",
    "text": text(),
    "workflow": {"trigger": {"url": "https://slack.com/shortcuts/1", "customizable_input_parameters": []}},
}


def feedback(**more: Any) -> Json:
    good = FEEDBACK["positive_button"] | more
    return {"type": "context_actions", "elements": [FEEDBACK | {"positive_button": good}]}


def trash(**more: Any) -> Json:
    return {"type": "context_actions", "elements": [TRASH | more]}


def https(length: int) -> str:
    return "https://" + "x" * (length - 8)


LIMITS |= {
    "overflow option text": (
        lambda n: actions(menu("overflow") | {"options": [option("1") | {"text": text("x" * n)}]}),
        75,
    ),
    "overflow option url": (lambda n: actions(menu("overflow") | {"options": [option("1") | {"url": https(n)}]}), 3000),
    "radio option text": (
        lambda n: actions(menu("radio_buttons") | {"options": [option("1") | {"text": text("x" * n)}]}),
        75,
    ),
    "feedback text": (lambda n: feedback(text=text("x" * n)), 75),
    "feedback value": (lambda n: feedback(value="x" * n), 2000),
    "icon button value": (lambda n: trash(value="x" * n), 2000),
    "icon button users": (lambda n: trash(visible_to_user_ids=["U0ADA"] * n), 10),
    "workflow button text": (lambda n: actions(WORKFLOW | {"text": text("x" * n)}), 75),
    "accessory picture url": (lambda n: section(accessory=PICTURE | {"image_url": https(n)}), 3000),
    "accessory picture alt text": (lambda n: section(accessory=PICTURE | {"alt_text": "x" * n}), 2000),
    "input min_length": (lambda n: field(typed(min_length=n)), 3000),
    "input initial value": (lambda n: field(typed(initial_value="x" * n)), 3000),
    "rich text input min_lines": (lambda n: field(typed("rich_text_input", min_lines=n)), 100),
    "rich text input max_lines": (lambda n: field(typed("rich_text_input", max_lines=n)), 100),
    "initial date and time": (lambda n: field(typed("datetimepicker", initial_date_time=n)), 9_999_999_999),
    "context text": (lambda n: {"type": "context", "elements": [text("x" * n)]}, 3000),
    "context mrkdwn": (lambda n: {"type": "context", "elements": [text("x" * n, "mrkdwn")]}, 3000),
    "header level": (lambda n: {"type": "header", "text": text(), "level": n}, 6),
    "card subtext": (lambda n: card(subtext=text("x" * n)), 200),
    "container subtitle": (
        lambda n: {"type": "container", "title": text(), "subtitle": text("x" * n), "child_blocks": [section()]},
        150,
    ),
    "task source url": (
        lambda n: IN_MESSAGES["task_card"] | {"sources": [{"type": "url", "url": https(n), "text": "x"}]},
        3000,
    ),
    "video alt text": (lambda n: VIDEO | {"alt_text": "x" * n}, 2000),
    "video title": (lambda n: VIDEO | {"title": text("x" * n)}, 200),
    "video title url": (lambda n: VIDEO | {"title_url": https(n)}, 2000),
    "video description": (lambda n: VIDEO | {"description": text("x" * n)}, 200),
    "video url": (lambda n: VIDEO | {"video_url": https(n)}, 3000),
    "video thumbnail url": (lambda n: VIDEO | {"thumbnail_url": https(n)}, 3000),
    "video author": (lambda n: VIDEO | {"author_name": "x" * n}, 50),
    "video provider": (lambda n: VIDEO | {"provider_name": "x" * n}, 50),
    "video provider icon": (lambda n: VIDEO | {"provider_icon_url": https(n)}, 2000),
    "y label": (lambda n: chart(bars() | {"axis_config": {"categories": ["c0", "c1"], "y_label": "x" * n}}), 50),
    **{
        f"block id of a {block['type']}": (lambda n, block=block: block | {"block_id": "x" * n}, 255)
        for block in (table(), data_table(), chart(), RICH)
    },
}
