"""Block Kit: what Slack takes is taken, and one more than its limits is refused."""

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.judge.blocks import BLOCKS
from sandbox.slack.judge.elements import ELEMENTS
from sandbox.slack.judge.message import check_message
from sandbox.slack.judge.view import check_view
from tests.sandbox.slack.corpus import IN_MESSAGES, INPUTS, NOT_IN_MODALS, ONLY_IN_MESSAGES, chart, data_table, rows
from tests.sandbox.slack.corpus_invalid import INVALID
from tests.sandbox.slack.corpus_limits import LIMITS
from tests.sandbox.slack.world import World, actions, button, field, modal, section, text

Json = dict[str, Any]


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_message_may_have(name):
    assert check_message([IN_MESSAGES[name]]) == []


@pytest.mark.parametrize("name", LIMITS)
def test_the_limit_is_taken_and_one_more_is_refused(name):
    make, most = LIMITS[name]
    assert check_message([make(most)]) == []
    assert check_message([make(most + 1)]) != []


@pytest.mark.parametrize("name", INVALID)
def test_a_message_may_not_have(name):
    blocks, pointer = INVALID[name]
    assert [flaw.pointer for flaw in check_message(blocks)][:1] == [pointer]


def test_every_kind_of_block_is_in_the_corpus():
    assert {block["type"] for block in IN_MESSAGES.values()} == set(BLOCKS) - {"alert"}


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_may_hold(name):
    assert check_message([field(INPUTS[name])]) == []


def test_every_element_is_in_the_corpus():
    shown = json.dumps([*IN_MESSAGES.values(), *INPUTS.values()])
    rarely = {"workflow_button", "multi_external_select", "channels_select"}
    assert [kind for kind in ELEMENTS if f'"{kind}"' not in shown and kind not in rarely] == []


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_modal_takes_only_what_may_stand_in_one(name):
    flaws = check_view(modal(IN_MESSAGES[name]), "modal")
    assert bool(flaws) == (name in NOT_IN_MODALS)


@pytest.mark.parametrize("name", IN_MESSAGES)
def test_a_home_tab_takes_only_what_may_stand_in_one(name):
    flaws = check_view({"type": "home", "blocks": [IN_MESSAGES[name]]}, "home")
    assert bool(flaws) == (name in ONLY_IN_MESSAGES)


def test_an_alert_stands_in_modals_only():
    alert = {"type": "alert", "text": text("x" * 200), "level": "warning"}
    assert check_view(modal(alert), "modal") == []
    assert check_view(modal(alert | {"text": text("x" * 201)}), "modal") != []
    assert check_view({"type": "home", "blocks": [alert]}, "home") != []


@pytest.mark.parametrize(("count", "taken"), [(50, True), (51, False)])
def test_a_message_takes_fifty_blocks(count, taken):
    assert (check_message([{"type": "divider"}] * count) == []) is taken


@pytest.mark.parametrize("kind", ["modal", "home"])
@pytest.mark.parametrize(("count", "taken"), [(100, True), (101, False), (0, False)])
def test_a_view_takes_a_hundred_blocks_and_at_least_one(kind, count, taken):
    view = (modal() if kind == "modal" else {"type": "home"}) | {"blocks": [{"type": "divider"}] * count}
    assert (check_view(view, kind) == []) is taken


@pytest.mark.parametrize(
    ("part", "most"),
    [
        ("title", 24),
        ("submit", 24),
        ("close", 24),
        ("private_metadata", 3000),
        ("callback_id", 255),
        ("external_id", 255),
    ],
)
def test_the_parts_of_a_view_have_limits(part, most):
    def view(length: int) -> Json:
        return modal() | {part: text("x" * length) if most == 24 else "x" * length}

    assert check_view(view(most), "modal") == []
    assert [flaw.pointer.split("/")[2] for flaw in check_view(view(most + 1), "modal")] == [part]


@pytest.mark.parametrize(
    "view",
    [
        {"type": "modal", "blocks": [section()]},
        {**modal(), "type": "home"},
        {"type": "modal", "title": text(), "blocks": [field({"type": "plain_text_input"})]},
        modal(
            field({"type": "plain_text_input", "focus_on_load": True}, "1"),
            field({"type": "plain_text_input", "focus_on_load": True}, "2"),
        ),
        modal(field({"type": "plain_text_input"}, "same"), field({"type": "plain_text_input"}, "same")),
        modal(colour="x"),
        "view",
        None,
    ],
    ids=["no title", "wrong type", "input without submit", "two focuses", "one id twice", "unknown", "text", "null"],
)
def test_a_modal_may_not_be(view):
    assert check_view(view, "modal") != []


def test_the_same_button_may_stand_in_every_row_of_a_list():
    assert (
        check_message([section(accessory=button("why", value="1")), section(accessory=button("why", value="2"))]) == []
    )


def message_of(characters: int) -> list[Json]:
    """Sections, each within its limit, whose JSON is exactly so long."""
    blocks = [section("x" * 2_900) for _ in range(4)]
    frame = len(json.dumps([*blocks, section("")], separators=(",", ":")))
    return [*blocks, section("x" * (characters - frame))]


@pytest.mark.parametrize(("extra", "error"), [(0, "none"), (1, "msg_blocks_too_long")])
def test_a_message_has_a_hidden_limit_as_a_whole(world: World, extra, error):
    assert world.error("chat.postMessage", channel="python-101", text="x", blocks=message_of(13_200 + extra)) == error


def test_a_table_is_not_counted_towards_the_hidden_limit(world: World):
    blocks = [data_table(rows=rows(100, 5, "Ada Lovelace")), chart(), section()]
    assert world.error("chat.postMessage", channel="python-101", text="x", blocks=blocks) == "none"


@pytest.mark.parametrize(("extra", "error"), [(0, "none"), (1, "view_too_large")])
def test_a_view_has_a_limit_as_a_whole(world: World, extra, error):
    full = [section("x" * 2_900) for _ in range(84)]
    view = {"type": "home", "blocks": [*full, section("")]}
    missing = 250_000 + extra - len(json.dumps(view, separators=(",", ":")))
    view["blocks"][-1] = section("x" * missing)
    assert world.error("views.publish", user_id="U0ADA", view=view) == error


def test_half_a_character_does_not_break_the_judge(world: World):
    home = {"type": "home", "blocks": [section("\ud83d")]}
    assert world.error("views.publish", user_id="U0ADA", view=home) == "none"
    assert world.error("chat.postMessage", channel="python-101", text="\ud83d", blocks=[section("\ud83d")]) == "none"


def test_a_refusal_names_every_mistake_with_its_place(world: World):
    blocks = [section("x" * 3001), actions(button("a"), button("a"))]
    body = world.call("chat.postMessage", channel="python-101", text="x", blocks=blocks)
    assert body["error"] == "invalid_blocks"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] action_id a already exists [json-pointer:/blocks/1/elements/1/action_id]",
    ]


def test_a_mistake_in_a_view_is_an_invalid_argument(world: World):
    body = world.call("views.publish", user_id="U0ADA", view={"type": "home", "blocks": [section("")]})
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be more than 0 characters [json-pointer:/view/blocks/0/text/text]"
    ]


def test_blocks_without_text_pass_and_are_told_to_the_developer(world: World):
    assert world.error("chat.postMessage", channel="python-101", blocks=[section()]) == "none"
    assert len(world.workspace.problems) == 1
    assert world.workspace.problems[0].startswith("chat.postMessage: blocks without text")


def test_a_picture_shows_only_a_file_that_is_there(world: World):
    blocks = [{"type": "image", "alt_text": "x", "slack_file": {"id": "F0000000009"}}]
    body = world.call("chat.postMessage", channel="python-101", text="x", blocks=blocks)
    assert body["response_metadata"]["messages"] == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"blocks": [section()]}, "none"),
        ({"blocks": [section("")]}, "invalid_blocks"),
        ({"message": {"text": "x", "blocks": [section("")]}}, "invalid_message"),
        ({"view": modal()}, "none"),
        ({"view": modal(section(""))}, "invalid_view"),
        ({"view": modal(), "blocks": [section()]}, "invalid_arguments"),
        ({}, "invalid_arguments"),
    ],
)
def test_blocks_validate_judges_by_the_same_tables(world: World, arguments, error):
    assert world.error("blocks.validate", **arguments) == error


def test_blocks_validate_points_at_the_mistake(world: World):
    body = world.call("blocks.validate", blocks=[section("")])
    assert body["errors"] == [
        {"pointer": "/0/text/text", "code": "too_short", "message": "must be more than 0 characters"}
    ]


NAMES = st.sampled_from(sorted({*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn", "pie", "bar", "rich_text_section"}))
KEYS = st.sampled_from(
    [
        "type",
        "text",
        "elements",
        "fields",
        "accessory",
        "element",
        "options",
        "option_groups",
        "initial_option",
        "rows",
        "chart",
        "series",
        "axis_config",
        "categories",
        "data",
        "segments",
        "actions",
        "block_id",
        "action_id",
        "child_blocks",
        "tasks",
        "label",
        "value",
        "name",
        "min_value",
        "max_value",
        "row_header_column_index",
    ]
)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(string.printable, max_size=5)
    | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(JUNK)
def test_nonsense_is_refused_and_never_breaks_the_judge(junk):
    assert check_message([junk, {"type": "actions", "elements": junk}, {"type": "data_table", "rows": junk}]) != []
    assert check_message(junk if not isinstance(junk, list) else [*junk, 1]) != []
    assert check_view({"type": "modal", "blocks": junk}, "modal") != []
    assert check_view(junk, "home") != []
