"""Blocks that Slack takes: every kind of block, every element."""

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
