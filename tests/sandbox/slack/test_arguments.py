"""What is missing, mistyped or misspelt is told."""

import pytest

from tests.sandbox.slack.world import World


def test_what_is_required_is_named(world):
    body = world.call("chat.update", text="Hello")
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] missing required field: ts",
        "[ERROR] missing required field: channel",
    ]


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_and_the_empty_string_are_the_same_as_left_out(world, nothing):
    assert world.error("chat.postMessage", channel=nothing, text="Hello") == "invalid_arguments"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("chat.postMessage", {"channel": 7, "text": "Hello"}),
        ("chat.postMessage", {"channel": "python-101", "text": ["Hello"]}),
        ("chat.postMessage", {"channel": "python-101", "text": "Hello", "unfurl_links": "maybe"}),
        ("chat.scheduleMessage", {"channel": "python-101", "text": "Hello", "post_at": "soon"}),
        ("chat.scheduleMessage", {"channel": "python-101", "text": "Hello", "post_at": True}),
        ("views.publish", {"user_id": "U0ADA", "view": "{"}),
        ("views.publish", {"user_id": "U0ADA", "view": "7"}),
        ("files.completeUploadExternal", {"files": '{"id": "F1"}'}),
    ],
)
def test_what_has_the_wrong_type_is_told(world, method, arguments):
    assert world.error(method, **arguments) == "invalid_arguments"


@pytest.mark.parametrize("value", [True, False, "1", "0", "true", "false", 1, 0])
def test_a_boolean_may_be_written_in_several_ways(world, value):
    assert world.error("chat.postMessage", channel="python-101", text="Hello", unfurl_links=value) == "none"


def test_blocks_that_are_no_json_have_an_error_of_their_own(world):
    assert world.error("chat.postMessage", channel="python-101", text="Hello", blocks="[{") == "invalid_blocks_format"


def test_metadata_that_is_no_json_has_an_error_of_its_own(world):
    assert world.error("chat.postMessage", channel="python-101", text="x", metadata="{") == "invalid_metadata_format"


def test_an_unknown_argument_passes_and_is_told_to_the_developer(world):
    assert world.error("chat.postMessage", channel="python-101", text="Hello", txet="Hello") == "none"
    assert world.workspace.problems == ["chat.postMessage: unknown argument txet"]


def test_team_id_is_taken_everywhere(world):
    assert world.error("auth.test", team_id="T0SANDBOX") == "none"
    assert world.workspace.problems == []


def test_every_call_is_noted_with_lesson_time_and_outcome(world):
    world.call("users.info", user="U0NOBODY")
    call = world.workspace.calls[-1]
    assert (call.method, call.arguments, call.outcome, call.status) == (
        "users.info", {"user": "U0NOBODY"}, "user_not_found", 200,
    )  # fmt: skip
    assert call.at == world.clock.now()


def test_the_notes_do_not_grow_without_bound():
    world = World(rate_limits=False)
    for _ in range(11_500):
        world.workspace.record("auth.test", {}, "ok", 200)
        world.workspace.complain("something")
    assert len(world.workspace.calls) <= 11_000
    assert len(world.workspace.problems) == 1_000
