"""How the judge of Block Kit speaks; what it takes and refuses is in test_corpus.py and test_limits.py."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.judge.blocks import BLOCKS
from sandbox.slack.judge.elements import ELEMENTS
from sandbox.slack.judge.message import check_message
from sandbox.slack.judge.view import check_view
from tests.sandbox.slack.blocks import chart, data_table, rows
from tests.sandbox.slack.world import World, actions, button, modal, section


def test_a_table_is_not_counted_towards_the_hidden_limit(world: World):
    blocks = [data_table(rows=rows(100, 5, "Ada Lovelace")), chart(), section()]
    assert world.error("chat.postMessage", channel="python-101", text="x", blocks=blocks) == "none"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_number_is_no_number(value: float):
    flaws = check_message([chart({"type": "pie", "segments": [{"label": "here", "value": value}]})])
    assert [flaw.pointer for flaw in flaws] == ["/blocks/0/chart/segments/0/value"]


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
