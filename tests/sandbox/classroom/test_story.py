"""A story compared with what people were told."""

from datetime import timedelta

import pytest

from sandbox.scenario_file import read
from sandbox.story import Line, Pattern, Scenario
from tests.sandbox.classroom.receiver import SIX

STORY = """
told:
  - {at: "18:03:05", to: bob, says: Python 101 started}
  - {at: "18:08:05", to: bob, says: Python 101 started, shows: On my way}
  - {at: "18:09:00", to: bob, becomes: /^You joined at 18:0\\d/}
never:
  - {to: ada}
  - {to: "#python-101", says: absent}
"""


@pytest.fixture
def story() -> Scenario:
    return read(STORY, file="a-story.yaml")


def line(after: str, to: str, text: str, kind: str = "posted", whole: str = "") -> Line:
    minutes, seconds = (int(part) for part in after.split(":"))
    at = SIX + timedelta(minutes=minutes, seconds=seconds)
    return Line(at=at, to=to, kind=kind, text=text, whole=whole or text)


AS_WRITTEN = (
    line("3:06", "bob", "Hi Bob, Python 101 started 3 min ago"),
    line("8:09", "bob", "python 101 started 8 min ago", whole="… On my way"),
    line("8:40", "bob", "Python 101 started 8 min ago", "edited"),
    line("9:02", "bob", "You joined at 18:09", "edited"),
)


def test_what_came_out_as_written_has_no_differences(story):
    assert story.verdict(AS_WRITTEN) == []


def test_a_line_that_was_never_told_is_named_with_its_place(story):
    assert story.verdict(AS_WRITTEN[:3]) == ["18:09:00  Bob Stone: never shown '/^You joined at 18:0\\\\d/' (line 5)"]


@pytest.mark.parametrize(("after", "is_right"), [("3:00", True), ("3:10", True), ("3:11", False), ("2:59", False)])
def test_five_seconds_more_or_less_are_right(story, after, is_right):
    told = (line(after, "bob", "Python 101 started"), *AS_WRITTEN[1:])
    assert (story.verdict(told) == []) is is_right


def test_what_was_told_at_another_time_is_shown_beside_the_missing_line(story):
    told = (line("4:00", "bob", "Python 101 started 4 min ago"), *AS_WRITTEN[1:])
    assert story.verdict(told) == [
        "18:03:05  Bob Stone: never told 'Python 101 started' (line 3); but at 18:04:00 'Python 101 started 4 min ago'",
        "18:04:00  Bob Stone: told 'Python 101 started 4 min ago': not in the story",
    ]


@pytest.mark.parametrize("kind", ["posted", "ephemeral"])
def test_a_new_message_that_the_story_does_not_know_is_a_difference(story, kind):
    told = (*AS_WRITTEN, line("20:00", "grace", "Ada is missing", kind))
    assert story.verdict(told) == ["18:20:00  Grace Hopper: told 'Ada is missing': not in the story"]


@pytest.mark.parametrize("kind", ["edited", "deleted"])
def test_an_edit_or_a_removal_that_the_story_does_not_know_is_none(story, kind):
    assert story.verdict((*AS_WRITTEN, line("20:00", "grace", "2 here", kind))) == []


def test_who_is_never_told_anything_is_not_even_shown_an_edit(story):
    told = (*AS_WRITTEN, line("20:00", "ada", "You joined", "edited"))
    assert story.verdict(told) == ["18:20:00  Ada Lovelace: told 'You joined': never, says line 7"]


def test_a_forbidden_word_is_found_anywhere_in_a_message(story):
    told = (*AS_WRITTEN, line("50:00", "#python-101", "Summary", "edited", whole="Summary\nBob: ABSENT"))
    assert story.verdict(told) == ["18:50:00  #python-101: told 'Summary': never, says line 8"]


def test_what_a_message_must_show_may_stand_anywhere_in_it(story):
    told = (AS_WRITTEN[0], line("8:09", "bob", "Python 101 started", whole="without a button"), *AS_WRITTEN[2:])
    assert any("never told" in sentence for sentence in story.verdict(told))


def test_the_lines_of_one_person_come_in_the_order_of_the_story():
    story = read('told: [{at: "18:00:01", to: bob, says: one}, {at: "18:00:02", to: bob, says: two}]', file="s.yaml")
    one, two = line("0:01", "bob", "one"), line("0:02", "bob", "two")
    assert story.verdict((one, two)) == []
    assert len(story.verdict((two, one))) == 2


def test_a_story_may_give_a_line_more_time():
    story = read('told: [{at: "18:00", to: bob, says: one, within: 1m}]', file="s.yaml")
    assert story.verdict((line("0:59", "bob", "one"),)) == []


def test_a_line_is_printed_with_local_time_platform_and_name(story):
    assert story.printed(AS_WRITTEN[0]) == "18:03  zoom  Bob Stone  Hi Bob, Python 101 started 3 min ago"
    assert story.printed(line("3:00", "#python-101", "2 here")) == "18:03  zoom  #python-101  2 here"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("You joined", "Then you JOINED at 18:07", True),
        ("/^You/", "Then You joined", False),
        ("/18:0[0-9]/", "You joined at 18:07", True),
        ("/", "a/b", True),
    ],
)
def test_a_pattern_is_a_piece_of_text_or_a_regular_expression(pattern, text, fits):
    assert Pattern(text=pattern).is_in(text) is fits


def test_what_is_told_in_one_moment_may_come_in_any_order():
    text = """
told:
  - {at: "18:08:05", to: bob, removed: started 3 min ago}
  - {at: "18:08:05", to: bob, says: started 8 min ago}
"""
    story = read(text, file="a-story.yaml")
    removed = line("8:05", "bob", "Python 101 started 3 min ago", "deleted")
    said = line("8:05", "bob", "Python 101 started 8 min ago")
    assert story.verdict((removed, said)) == []
    assert story.verdict((said, removed)) == []
