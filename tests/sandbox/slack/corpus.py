"""Blocks that Slack takes, and how to make every one of them a little too much."""

from collections.abc import Callable
from typing import Any

from tests.sandbox.slack.world import actions, button, field, option, section, text

Json = dict[str, Any]
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "Twenty bars"}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Ada", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com", "text": "Join"},
                {"type": "user", "user_id": "U0ADA"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "emoji", "name": "wave"},
                {"type": "date", "timestamp": 1795456800, "format": "{time}", "fallback": "18:00"},
                {"type": "broadcast", "range": "here"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "late"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "late"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "late"}], "border": 0},
    ],
}


def cell(words: str) -> Json:
    return {"type": "raw_text", "text": words}


def rows(count: int, columns: int = 2, words: str = "x") -> list[list[Json]]:
    return [[cell(words) for _ in range(columns)] for _ in range(count)]


def table(**more: Any) -> Json:
    return {"type": "table", "rows": rows(2), **more}


def data_table(**more: Any) -> Json:
    return {"type": "data_table", "caption": "Who was there", "rows": rows(2), **more}


def pie(segments: int = 2, **more: Any) -> Json:
    return {"type": "pie", "segments": [{"label": f"s{n}", "value": n + 1} for n in range(segments)], **more}


def bars(series: int = 1, points: int = 2, **more: Any) -> Json:
    names = [f"c{n}" for n in range(points)]
    data = [{"label": name, "value": 1.5} for name in names]
    held = [{"name": f"s{n}", "data": data} for n in range(series)]
    return {"type": "bar", "series": held, "axis_config": {"categories": names}, **more}


def chart(drawn: Json | None = None, **more: Any) -> Json:
    return {"type": "data_visualization", "title": "Attendance", "chart": drawn or pie(), **more}


def card(**more: Any) -> Json:
    return {"type": "card", "title": text("Lesson"), **more}


def menu(kind: str = "static_select", count: int = 2, **more: Any) -> Json:
    return {"type": kind, "action_id": "menu", "options": [option(f"o{n}") for n in range(count)], **more}


def typed(kind: str = "plain_text_input", **more: Any) -> Json:
    return {"type": kind, "action_id": "typed", **more}


CONFIRM = {"title": text("Sure?"), "text": text("*Really*", "mrkdwn"), "confirm": text("Yes"), "deny": text("No")}
GROUPS = [{"label": text("Students"), "options": [option("ada")]}]

IN_MESSAGES: dict[str, Json] = {
    "section": section(),
    "section with fields": {"type": "section", "fields": [text(), text("*a*", "mrkdwn")]},
    "section with a button": section(accessory=button(style="primary", confirm=CONFIRM, value="1")),
    "section with a picture": section(accessory=PICTURE),
    "divider": {"type": "divider", "block_id": "line"},
    "header": {"type": "header", "text": {**text("Lesson"), "emoji": True}, "level": 2},
    "image": {**PICTURE, "title": text("Timeline")},
    "context": {"type": "context", "elements": [text(), text("*a*", "mrkdwn"), PICTURE]},
    "actions": actions(button("a", url="https://example.com", accessibility_label="Join Algebra"), button("b")),
    "menus": actions(
        menu(action_id="1", placeholder=text("Who?"), initial_option=option("o1")),
        {"type": "static_select", "action_id": "2", "option_groups": GROUPS},
        {"type": "users_select", "action_id": "3", "initial_user": "U0ADA"},
        {"type": "multi_users_select", "action_id": "4", "initial_users": ["U0ADA"], "max_selected_items": 3},
        {"type": "conversations_select", "action_id": "5", "filter": {"include": ["public"]}},
        {"type": "multi_channels_select", "action_id": "6"},
        {"type": "external_select", "action_id": "7", "min_query_length": 2},
        menu("overflow", action_id="8"),
        menu("radio_buttons", action_id="9"),
        menu("checkboxes", action_id="10", initial_options=[option("o0")]),
        {"type": "datepicker", "action_id": "11", "initial_date": "2026-11-23"},
        {"type": "timepicker", "action_id": "12", "initial_time": "18:00", "timezone": "Europe/Berlin"},
        {"type": "datetimepicker", "action_id": "13", "initial_date_time": 1795456800},
    ),
    "context_actions": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "1",
                "positive_button": {"text": text("Good"), "value": "1"},
                "negative_button": {"text": text("Bad"), "value": "0"},
            },
            {"type": "icon_button", "action_id": "2", "icon": "trash", "text": text("Delete")},
        ],
    },
    "input": field(typed()),
    "file": {"type": "file", "external_id": "x", "source": "remote"},
    "markdown": {"type": "markdown", "text": "**Lesson**"},
    "rich_text": RICH,
    "video": {
        "type": "video",
        "alt_text": "The lesson",
        "title": text("Lesson"),
        "video_url": "https://example.com/v",
        "thumbnail_url": "https://example.com/t.png",
    },
    "table": table(column_settings=[{"align": "right", "is_wrapped": True}, None]),
    "data_table": data_table(
        rows=[[cell("Name"), cell("Minutes")], [RICH, {"type": "raw_number", "value": 42, "text": "42"}]],
        page_size=10,
        row_header_column_index=0,
    ),
    "pie chart": chart(),
    "bar chart": chart(bars(2, 3)),
    "line chart": chart(bars(type="line")),
    "area chart": chart(bars(type="area")),
    "card": card(
        hero_image=PICTURE,
        slack_icon={"type": "icon", "name": "bot"},
        subtitle=text("at six"),
        body=text("*Now*", "mrkdwn"),
        subtext=text("small"),
        actions=[button()],
    ),
    "carousel": {"type": "carousel", "elements": [card(), card()]},
    "container": {"type": "container", "title": text("Lesson"), "child_blocks": [section()], "is_collapsible": True},
    "task_card": {"type": "task_card", "task_id": "1", "title": "Import", "status": "complete", "details": RICH},
    "plan": {
        "type": "plan",
        "title": "Import",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "Read", "status": "pending"}],
    },
}
ONLY_IN_MESSAGES = {"context_actions", "file", "markdown", "pie chart", "bar chart", "line chart", "area chart",
                    "task_card", "plan"}  # fmt: skip
NOT_IN_MODALS = ONLY_IN_MESSAGES | {"table", "data_table", "carousel", "container"}
INPUTS: dict[str, Json] = {
    "plain_text_input": typed(multiline=True, min_length=0, max_length=100, placeholder=text("Why?")),
    "email_text_input": typed("email_text_input", initial_value="ada@example.com"),
    "url_text_input": typed("url_text_input", initial_value="https://example.com"),
    "number_input": typed("number_input", is_decimal_allowed=False, min_value="1", max_value="9"),
    "rich_text_input": typed("rich_text_input", initial_value=RICH),
    "file_input": typed("file_input", filetypes=["csv"], max_files=1),
    "static_select": menu(),
    "multi_static_select": menu("multi_static_select"),
    "radio_buttons": menu("radio_buttons"),
    "checkboxes": menu("checkboxes"),
    "datepicker": typed("datepicker"),
    "timepicker": typed("timepicker"),
    "datetimepicker": typed("datetimepicker"),
    "users_select": typed("users_select"),
    "multi_conversations_select": typed("multi_conversations_select", default_to_current_conversation=True),
}

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
