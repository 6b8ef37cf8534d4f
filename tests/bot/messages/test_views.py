"""The modals: each says what it is about, and gives back what the door expects."""

import re

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.messages import actions, views
from bot.messages.actions import ButtonValue
from bot.messages.message import Block
from tests.bot.messages.contents import LESSON, ROME, choice
from tests.bot.messages.spoken import MANY_PEOPLE, VIEWS

SMALL = {name: view for name, view in VIEWS.items() if "hundred" not in name}


def element_of(view: Block, field: str) -> Block:
    [found] = [block["element"] for block in view["blocks"] if block.get("block_id") == field]
    assert found["action_id"] == field
    return dict(found)


@pytest.mark.parametrize("name", SMALL, ids=lambda name: re.sub("[^a-z]+", "_", name))
def test_the_whole_modal_is_as_it_was_agreed(name: str, snapshot: SnapshotAssertion) -> None:
    assert SMALL[name] == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_no_title_or_button_of_a_modal_is_cut(view: Block) -> None:
    for part in ("title", "submit", "close"):
        if part in view:
            assert "…" not in view[part]["text"]
            assert len(view[part]["text"]) <= 24


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_modal_that_asks_says_of_which_lesson(view: Block) -> None:
    if "submit" in view:
        assert ButtonValue.read(view["private_metadata"]).lesson == LESSON


def test_a_name_in_the_room_comes_back_cut_to_what_slack_takes() -> None:
    view = views.in_already_view(lesson_id=LESSON, names=["x" * 200, "x" * 160, "", "iPad"], reader=ROME)
    values = [option["value"] for option in element_of(view, actions.NAME_IN_ROOM)["options"]]
    assert values == ["iPad", "x" * 150]


def test_with_nobody_unknown_in_the_room_the_name_is_typed() -> None:
    view = views.in_already_view(lesson_id=LESSON, names=[], reader=ROME)
    [asked] = view["blocks"]
    assert asked["block_id"] == actions.NAME_TYPED
    assert "optional" not in asked


def test_five_hundred_people_are_listed_in_groups_named_by_their_first_and_last() -> None:
    people = [choice(f"Student {n:03}") for n in range(500)]
    view = views.mark_view(lesson_id=LESSON, title="Python 101", people=people, reader=ROME)
    groups = element_of(view, actions.PERSON)["option_groups"]
    assert len(groups) == 5
    assert groups[0]["label"]["text"] == "Student 000 – Student 099"
    assert sum(len(group["options"]) for group in groups) == len(MANY_PEOPLE)


def test_a_person_comes_back_by_id() -> None:
    view = views.who_is_it_view(lesson_id=LESSON, subject="iPad (2)", people=[choice("Bob Stone")], reader=ROME)
    [option] = element_of(view, actions.PERSON)["options"]
    assert option["value"] == "bob-stone"
    assert ButtonValue.read(view["private_metadata"]) == ButtonValue(LESSON, detail="iPad (2)")


def test_from_and_to_begin_at_the_planned_times() -> None:
    view = VIEWS["from to"]
    assert element_of(view, actions.FROM)["initial_date_time"] < element_of(view, actions.TO)["initial_date_time"]


def test_a_reason_to_decline_is_not_optional_because_the_student_reads_it() -> None:
    view = VIEWS["decline a dispute"]
    [asked] = [block for block in view["blocks"] if block["type"] == "input"]
    assert "optional" not in asked
    assert asked["hint"]["text"] == "The student reads this."
