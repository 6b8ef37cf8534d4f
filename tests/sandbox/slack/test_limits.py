"""Every limit of Slack: exactly so much is taken, and one more is refused with Slack's own error."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.slack.blocks import (
    CONFIRM,
    GROUPS,
    PICTURE,
    RICH,
    TASK,
    VIDEO,
    WORKFLOW,
    Json,
    bars,
    buttons,
    card,
    cell,
    chart,
    container,
    data_table,
    feedback,
    grouped,
    menu,
    pie,
    rows,
    table,
    trash,
    typed,
    web,
)
from tests.sandbox.slack.world import World, actions, button, field, modal, option, section, text

Ask = Callable[[World, int], str]


@dataclass(frozen=True)
class Limit:
    """So much is taken at most; `ask` makes a call with something of a size and returns the error, or `none`."""

    of: str
    most: int
    error: str
    ask: Ask


def posted(world: World, blocks: list[Json], **more: Any) -> str:
    return world.error("chat.postMessage", channel="python-101", text="Hello", blocks=blocks, **more)


def shown(world: World, view: Json) -> str:
    if view["type"] == "home":
        return world.error("views.publish", user_id="U0ADA", view=view)
    return world.error("views.open", trigger_id=world.workspace.views.new_trigger("U0ADA"), view=view)


def block(of: str, most: int, make: Callable[[int], Json]) -> Limit:
    """A limit of one block, of something in it, or of its number of things."""
    return Limit(of, most, "invalid_blocks", lambda world, n: posted(world, [make(n)]))


def blocks(of: str, most: int, make: Callable[[int], list[Json]], error: str = "invalid_blocks") -> Limit:
    """A limit of all blocks of a message together."""
    return Limit(of, most, error, lambda world, n: posted(world, make(n)))


def view(of: str, most: int, make: Callable[[int], Json], error: str = "invalid_arguments") -> Limit:
    """A limit of a modal or a Home tab."""
    return Limit(of, most, error, lambda world, n: shown(world, make(n)))


def call(of: str, most: int, error: str, method: str, make: Callable[[int], Json]) -> Limit:
    """A limit of a call's arguments."""
    return Limit(of, most, error, lambda world, n: world.error(method, **make(n)))


def option_with(kind: str, **more: Any) -> Json:
    return actions(menu(kind) | {"options": [option("1") | more]})


def confirmed(**more: Any) -> Json:
    return actions(button(confirm=CONFIRM | more))


def message_of(characters: int) -> list[Json]:
    """Sections, each within its limit, whose JSON is exactly so long."""
    full = [section("x" * 2_900) for _ in range(4)]
    return [*full, section("x" * (characters - length([*full, section("")])))]


def home_of(size: int) -> Json:
    """A Home tab whose JSON has exactly so many bytes."""
    home: Json = {"type": "home", "blocks": [*[section("x" * 2_900) for _ in range(84)], section("")]}
    home["blocks"][-1] = section("x" * (size - length(home)))
    return home


def length(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":")))


def edited(world: World, n: int) -> str:
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    return world.error("chat.update", channel=world.channel.id, ts=ts, text="x" * n)


def stacked(world: World, n: int) -> str:
    """Put so many modals above each other; the outcome of the last."""
    outcome = shown(world, modal())
    for _ in range(n - 1):
        trigger = world.workspace.views.new_trigger("U0ADA")
        outcome = world.error("views.push", trigger_id=trigger, view=modal())
    return outcome


def answered(world: World, n: int) -> str:
    """Post so many times to one response URL; the outcome of the last."""
    ticket = world.workspace.response_urls.mint("U0ADA", world.channel.id).rpartition("/")[2]
    return str(
        [world.workspace.response_urls.post(ticket, {"text": "x"})[1] for _ in range(n)][-1].get("error", "none")
    )


def answered_after(world: World, minutes: int) -> str:
    ticket = world.workspace.response_urls.mint("U0ADA", world.channel.id).rpartition("/")[2]
    world.clock.advance(minutes=minutes)
    return str(world.workspace.response_urls.post(ticket, {"text": "x"})[1].get("error", "none"))


def scheduled(world: World, n: int) -> str:
    """Schedule so many messages for five minutes; the outcome of the last."""
    at = int((world.clock.now() + timedelta(hours=n)).timestamp())
    outcomes = [
        world.error("chat.scheduleMessage", channel="python-101", text="x", post_at=at + second) for second in range(n)
    ]
    return outcomes[-1]


def scheduled_ahead(world: World, days: int) -> str:
    at = int((world.clock.now() + timedelta(days=days)).timestamp())
    return world.error("chat.scheduleMessage", channel="python-101", text="x", post_at=at)


def reacted(world: World, n: int) -> str:
    """Put so many emoji beside a message; the outcome of the last."""
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    named = [{"channel": world.channel.id, "timestamp": ts, "name": f"emoji{number}"} for number in range(n)]
    return [world.error("reactions.add", **each) for each in named][-1]


MESSAGES = [
    blocks("blocks in a message", 50, lambda n: [{"type": "divider"}] * n),
    blocks("characters of a message's blocks", 13_200, message_of, "msg_blocks_too_long"),
    blocks("tables in a message", 1, lambda n: [table()] * n),
    blocks("data tables in a message", 1, lambda n: [data_table()] * n),
    blocks("charts in a message", 2, lambda n: [chart()] * n),
    blocks(
        "characters of all markdown blocks together",
        12_000,
        lambda n: [{"type": "markdown", "text": "x" * 6_000}, {"type": "markdown", "text": "x" * (n - 6_000)}],
    ),
    blocks("blocks with one block id", 1, lambda n: [section(block_id="same")] * n),
    Limit("text of an edit", 40_000, "msg_too_long", edited),
    call("markdown_text", 12_000, "msg_too_long", "chat.postMessage", lambda n: {"channel": "python-101", "markdown_text": "x" * n}),
    call("attachments", 100, "too_many_attachments", "chat.postMessage", lambda n: {"channel": "python-101", "attachments": [{"text": "x"}] * n}),
    call("alt text of an upload", 1_000, "alt_txt_too_large", "files.getUploadURLExternal", lambda n: {"filename": "x", "length": 1, "alt_txt": "x" * n}),
    call("people in a group message", 8, "too_many_users", "conversations.open", lambda n: {"users": ",".join(f"U{each}" for each in range(n))}),
    call("people on a page", 1_000, "invalid_limit", "users.list", lambda n: {"limit": n}),
    Limit("posts to a response URL", 5, "used_url", answered),
    Limit("minutes of a response URL", 30, "expired_url", answered_after),
    Limit("days ahead of a scheduled message", 120, "time_too_far", scheduled_ahead),
    Limit("messages scheduled for five minutes", 30, "restricted_too_many", scheduled),
    Limit("emoji of one user beside a message", 23, "too_many_reactions", reacted),
]  # fmt: skip

VIEWS = [
    view("blocks in a modal", 100, lambda n: modal(*[{"type": "divider"}] * n)),
    view("blocks on a Home tab", 100, lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}),
    view("bytes of a view", 250_000, home_of, "view_too_large"),
    view("modal title", 24, lambda n: modal() | {"title": text("x" * n)}),
    view("modal submit", 24, lambda n: modal() | {"submit": text("x" * n)}),
    view("modal close", 24, lambda n: modal(close=text("x" * n))),
    view("private_metadata", 3_000, lambda n: modal(private_metadata="x" * n)),
    view("private_metadata of a Home tab", 3_000, lambda n: {"type": "home", "blocks": [section()], "private_metadata": "x" * n}),
    view("callback_id", 255, lambda n: modal(callback_id="x" * n)),
    view("external_id", 255, lambda n: modal(external_id="x" * n)),
    view("alert", 200, lambda n: modal({"type": "alert", "text": text("x" * n)})),
    view("inputs that want the focus", 1, lambda n: modal(*[field(typed(focus_on_load=True), f"b{each}") for each in range(n)])),
    Limit("modals above each other", 3, "push_limit_reached", stacked),
]  # fmt: skip

PARTS = [
    block("block_id", 255, lambda n: {"type": "divider", "block_id": "x" * n}),
    *[
        block(f"block_id of a {kind['type']}", 255, lambda n, kind=kind: kind | {"block_id": "x" * n})
        for kind in (table(), data_table(), chart(), RICH)
    ],
    block("action_id", 255, lambda n: actions(button("x" * n))),
    block("section text", 3_000, lambda n: section("x" * n)),
    block("section fields", 10, lambda n: {"type": "section", "fields": [text()] * n}),
    block("section field", 2_000, lambda n: {"type": "section", "fields": [text("x" * n)]}),
    block("header", 150, lambda n: {"type": "header", "text": text("x" * n)}),
    block("header level", 6, lambda n: {"type": "header", "text": text(), "level": n}),
    block("context elements", 10, lambda n: {"type": "context", "elements": [text()] * n}),
    block("context text", 3_000, lambda n: {"type": "context", "elements": [text("x" * n)]}),
    block("actions elements", 25, lambda n: actions(*buttons(n))),
    block("context_actions elements", 5, lambda n: {"type": "context_actions", "elements": [trash(action_id=f"a{i}") for i in range(n)]}),
    block("one action_id in a block", 1, lambda n: actions(*[button("same")] * n)),
    block("image alt_text", 2_000, lambda n: PICTURE | {"alt_text": "x" * n}),
    block("image title", 2_000, lambda n: PICTURE | {"title": text("x" * n)}),
    block("image url", 3_000, lambda n: PICTURE | {"image_url": web(n)}),
    block("accessory picture alt_text", 2_000, lambda n: section(accessory=PICTURE | {"alt_text": "x" * n})),
    block("accessory picture url", 3_000, lambda n: section(accessory=PICTURE | {"image_url": web(n)})),
    block("input label", 2_000, lambda n: field(typed(), label=text("x" * n))),
    block("input hint", 2_000, lambda n: field(typed(), hint=text("x" * n))),
    block("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    block("list indent", 8, lambda n: {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "ordered", "indent": n, "elements": []}]}),
]  # fmt: skip

ELEMENTS = [
    block("button text", 75, lambda n: actions(button() | {"text": text("x" * n)})),
    block("button value", 2_000, lambda n: actions(button(value="x" * n))),
    block("button url", 3_000, lambda n: actions(button(url=web(n)))),
    block("button accessibility_label", 75, lambda n: actions(button(accessibility_label="x" * n))),
    block("confirm title", 100, lambda n: confirmed(title=text("x" * n))),
    block("confirm text", 300, lambda n: confirmed(text=text("x" * n))),
    block("confirm confirm", 30, lambda n: confirmed(confirm=text("x" * n))),
    block("confirm deny", 30, lambda n: confirmed(deny=text("x" * n))),
    block("option text", 75, lambda n: option_with("static_select", text=text("x" * n))),
    block("option value", 150, lambda n: option_with("static_select", value="x" * n)),
    block("option description", 75, lambda n: option_with("static_select", description=text("x" * n))),
    block("radio option text", 75, lambda n: option_with("radio_buttons", text=text("x" * n))),
    block("overflow option text", 75, lambda n: option_with("overflow", text=text("x" * n))),
    block("overflow option url", 3_000, lambda n: option_with("overflow", url=web(n))),
    block("select options", 100, lambda n: actions(menu(count=n))),
    block("multi-select options", 100, lambda n: section(accessory=menu("multi_static_select", n))),
    block("select option groups", 100, lambda n: actions(grouped(GROUPS * n))),
    block("options in a group", 100, lambda n: actions(grouped([{"label": text(), "options": menu(count=n)["options"]}]))),
    block("label of a group", 75, lambda n: actions(grouped([GROUPS[0] | {"label": text("x" * n)}]))),
    block("radio options", 10, lambda n: actions(menu("radio_buttons", n))),
    block("checkbox options", 10, lambda n: actions(menu("checkboxes", n))),
    block("overflow options", 5, lambda n: actions(menu("overflow", n))),
    block("placeholder of a menu", 150, lambda n: actions(menu(placeholder=text("x" * n)))),
    block("placeholder of an input", 150, lambda n: field(typed(placeholder=text("x" * n)))),
    block("input max_length", 3_000, lambda n: field(typed(max_length=n))),
    block("input min_length", 3_000, lambda n: field(typed(min_length=n))),
    block("input initial_value", 3_000, lambda n: field(typed(initial_value="x" * n))),
    block("rich_text_input min_lines", 100, lambda n: field(typed("rich_text_input", min_lines=n))),
    block("rich_text_input max_lines", 100, lambda n: field(typed("rich_text_input", max_lines=n))),
    block("file_input max_files", 10, lambda n: field(typed("file_input", max_files=n))),
    block("datetimepicker initial_date_time", 9_999_999_999, lambda n: field(typed("datetimepicker", initial_date_time=n))),
    block("workflow_button text", 75, lambda n: actions(WORKFLOW | {"text": text("x" * n)})),
    block("feedback text", 75, lambda n: feedback(text=text("x" * n))),
    block("feedback value", 2_000, lambda n: feedback(value="x" * n)),
    block("icon_button value", 2_000, lambda n: {"type": "context_actions", "elements": [trash(value="x" * n)]}),
    block("icon_button people", 10, lambda n: {"type": "context_actions", "elements": [trash(visible_to_user_ids=["U0ADA"] * n)]}),
]  # fmt: skip

TABLES_AND_CHARTS = [
    block("table rows", 100, lambda n: table(rows=rows(n))),
    block("table cells in a row", 20, lambda n: table(rows=rows(2, n))),
    block("table characters", 10_000, lambda n: table(rows=[[cell("x" * n)]])),
    block("table column_settings", 20, lambda n: table(rows=rows(1, 20), column_settings=[None] * n)),
    block("data_table rows", 201, lambda n: data_table(rows=rows(n))),
    block("data_table columns", 20, lambda n: data_table(rows=rows(2, n))),
    block("data_table characters", 20_000, lambda n: data_table(rows=[[cell("x")], [cell("x" * (n - 1))]])),
    block("data_table page_size", 100, lambda n: data_table(page_size=n)),
    block("data_table row header of two columns", 1, lambda n: data_table(row_header_column_index=n)),
    block("chart title", 50, lambda n: chart(title="x" * n)),
    block("pie segments", 12, lambda n: chart(pie(n))),
    block("pie label", 20, lambda n: chart({"type": "pie", "segments": [{"label": "x" * n, "value": 1}]})),
    *[
        block(f"{kind} series", 12, lambda n, kind=kind: chart(bars(n) | {"type": kind}))
        for kind in ("bar", "line", "area")
    ],
    block("chart points and categories", 20, lambda n: chart(bars(1, n))),
    block("chart series name", 20, lambda n: chart(bars(name="x" * (n - 1)))),
    block("chart category label", 20, lambda n: chart(bars(label="x" * (n - 1)))),
    block("chart x_label", 50, lambda n: chart(bars(x_label="x" * n))),
    block("chart y_label", 50, lambda n: chart(bars(y_label="x" * n))),
]

RARER_BLOCKS = [
    block("card title", 150, lambda n: card(title=text("x" * n))),
    block("card subtitle", 150, lambda n: card(subtitle=text("x" * n))),
    block("card body", 200, lambda n: card(body=text("x" * n))),
    block("card subtext", 200, lambda n: card(subtext=text("x" * n))),
    block("card actions", 3, lambda n: card(actions=buttons(n))),
    block("carousel cards", 10, lambda n: {"type": "carousel", "elements": [card()] * n}),
    block("container blocks", 10, lambda n: container(child_blocks=[{"type": "divider"}] * n)),
    block("container title", 150, lambda n: container(title=text("x" * n))),
    block("container subtitle", 150, lambda n: container(subtitle=text("x" * n))),
    block("plan tasks", 50, lambda n: {"type": "plan", "title": "Import", "tasks": [TASK] * n}),
    block("task source url", 3_000, lambda n: TASK | {"sources": [{"type": "url", "url": web(n), "text": "x"}]}),
    block("video alt_text", 2_000, lambda n: VIDEO | {"alt_text": "x" * n}),
    block("video title", 200, lambda n: VIDEO | {"title": text("x" * n)}),
    block("video title_url", 2_000, lambda n: VIDEO | {"title_url": web(n)}),
    block("video description", 200, lambda n: VIDEO | {"description": text("x" * n)}),
    block("video video_url", 3_000, lambda n: VIDEO | {"video_url": web(n)}),
    block("video thumbnail_url", 3_000, lambda n: VIDEO | {"thumbnail_url": web(n)}),
    block("video author_name", 50, lambda n: VIDEO | {"author_name": "x" * n}),
    block("video provider_name", 50, lambda n: VIDEO | {"provider_name": "x" * n}),
    block("video provider_icon_url", 2_000, lambda n: VIDEO | {"provider_icon_url": web(n)}),
]

AT_MOST = [*MESSAGES, *VIEWS, *PARTS, *ELEMENTS, *TABLES_AND_CHARTS, *RARER_BLOCKS]

#: The same from below: so much is taken at least.
AT_LEAST = [
    block("section text", 1, lambda n: section("x" * n)),
    block("section fields", 1, lambda n: {"type": "section", "fields": [text()] * n}),
    block("context elements", 1, lambda n: {"type": "context", "elements": [text()] * n}),
    block("actions elements", 1, lambda n: actions(*buttons(n))),
    block("select options", 1, lambda n: actions(menu(count=n))),
    block("overflow options", 1, lambda n: actions(menu("overflow", n))),
    block("image alt_text", 1, lambda n: PICTURE | {"alt_text": "x" * n}),
    block("input max_length", 1, lambda n: field(typed(max_length=n))),
    block("max_selected_items", 1, lambda n: field(menu("multi_static_select", max_selected_items=n))),
    block("table cell", 1, lambda n: table(rows=[[cell("x" * n)]])),
    block("data_table rows", 2, lambda n: data_table(rows=rows(n))),
    block("data_table columns", 1, lambda n: data_table(rows=rows(2, n))),
    block("data_table caption", 1, lambda n: data_table(caption="x" * n)),
    block("data_table page_size", 1, lambda n: data_table(page_size=n)),
    block("pie segments", 1, lambda n: chart(pie(n))),
    block("pie value", 1, lambda n: chart({"type": "pie", "segments": [{"label": "here", "value": n}]})),
    block("chart series", 1, lambda n: chart(bars(n))),
    block("chart points", 1, lambda n: chart(bars(1, n))),
    block("carousel cards", 1, lambda n: {"type": "carousel", "elements": [card()] * n}),
    view("blocks in a modal", 1, lambda n: modal() | {"blocks": [{"type": "divider"}] * n}),
    view("blocks on a Home tab", 1, lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}),
    view("modal title", 1, lambda n: modal() | {"title": text("x" * n)}),
    call("bytes of an upload", 1, "invalid_arguments", "files.getUploadURLExternal", lambda n: {"filename": "x", "length": n}),
    call("letters of a file's name", 1, "invalid_arguments", "files.getUploadURLExternal", lambda n: {"filename": "x" * n, "length": 1}),
]  # fmt: skip


@pytest.fixture
def crowd() -> World:
    """A workspace with a few more people, and without rate limits."""
    world = World(rate_limits=False)
    for number in range(9):
        world.workspace.add_person(id=f"U{number}", name=f"Person {number}")
    return world


@pytest.mark.parametrize("limit", AT_MOST, ids=lambda limit: f"{limit.of}: {limit.most}")
def test_the_limit_is_taken_and_one_more_is_refused(crowd: World, limit: Limit):
    assert limit.ask(crowd, limit.most) == "none"
    assert limit.ask(crowd, limit.most + 1) == limit.error


@pytest.mark.parametrize("limit", AT_LEAST, ids=lambda limit: f"{limit.of}: {limit.most}")
def test_the_least_is_taken_and_one_less_is_refused(crowd: World, limit: Limit):
    assert limit.ask(crowd, limit.most) == "none"
    assert limit.ask(crowd, limit.most - 1) == limit.error


def test_no_limit_is_there_twice():
    names = [limit.of for limit in AT_MOST]
    assert sorted(names) == sorted(set(names))
