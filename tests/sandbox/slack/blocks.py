"""Blocks to build others from: small ones that Slack takes, and any number of rows, points and options."""

from typing import Any

from tests.sandbox.slack.world import button, option, text

Json = dict[str, Any]
PICTURE: Json = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "Twenty bars"}
RICH: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "late"}]}],
}
CONFIRM: Json = {
    "title": text("Sure?"),
    "text": text("*Really*", "mrkdwn"),
    "confirm": text("Yes"),
    "deny": text("No"),
}
GROUPS: list[Json] = [{"label": text("Students"), "options": [option("ada")]}]
VIDEO: Json = {
    "type": "video",
    "alt_text": "The lesson",
    "title": text("Lesson"),
    "video_url": "https://example.com/v",
    "thumbnail_url": "https://example.com/t.png",
}
TASK: Json = {"type": "task_card", "task_id": "1", "title": "Import", "status": "pending"}
WORKFLOW: Json = {
    "type": "workflow_button",
    "text": text(),
    "workflow": {"trigger": {"url": "https://example.com/shortcuts/1", "customizable_input_parameters": []}},
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


def bars(series: int = 1, points: int = 2, *, name: str = "", label: str = "", **axes: Any) -> Json:
    """Bars, each series called `name` and its number, each category `label` and its number."""
    categories = [f"{label}{n}" for n in range(points)]
    data = [{"label": category, "value": 1.5} for category in categories]
    held = [{"name": f"{name}{n}", "data": data} for n in range(series)]
    return {"type": "bar", "series": held, "axis_config": {"categories": categories, **axes}}


def chart(drawn: Json | None = None, **more: Any) -> Json:
    return {"type": "data_visualization", "title": "Attendance", "chart": drawn or pie(), **more}


def card(**more: Any) -> Json:
    return {"type": "card", "title": text("Lesson"), **more}


def container(**more: Any) -> Json:
    return {"type": "container", "title": text("Lesson"), "child_blocks": [{"type": "divider"}], **more}


def menu(kind: str = "static_select", count: int = 2, **more: Any) -> Json:
    return {"type": kind, "action_id": "menu", "options": [option(f"o{n}") for n in range(count)], **more}


def grouped(groups: list[Json]) -> Json:
    return {"type": "static_select", "action_id": "menu", "option_groups": groups}


def typed(kind: str = "plain_text_input", **more: Any) -> Json:
    return {"type": kind, "action_id": "typed", **more}


def feedback(**more: Any) -> Json:
    good = {"text": text("Good"), "value": "1"}
    return {
        "type": "context_actions",
        "elements": [{"type": "feedback_buttons", "positive_button": good | more, "negative_button": good}],
    }


def trash(**more: Any) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": text("Delete"), **more}


def buttons(count: int) -> list[Json]:
    return [button(f"a{number}") for number in range(count)]


def web(length: int) -> str:
    """A URL of so many characters."""
    return "https://" + "x" * (length - 8)
