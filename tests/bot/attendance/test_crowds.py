"""A room full of strangers: what is written for Slack stays small, and says how many there are."""

import json
from functools import cache

import pytest

from bot.attendance.decide import Decision, decide
from bot.attendance.lessons import Told
from bot.attendance.telling import MOST_LISTED
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    ROSTER,
    a_lesson,
    an_ended_lesson,
    at,
    facts,
    joined,
    stay,
    the_trainer,
    waiting,
)

CROWD = 3_000
TWENTY_KIB = 20 * 1024


@cache
def decided(kind: str) -> Decision:
    """A lesson in which three thousand strangers are present, wait, or were."""
    names = [f"Participant of a conference number {number}" for number in range(CROWD)]
    if kind == "over":
        crowd = [event for name in names for event in stay(name, 1, 50)]
        return decide(facts(the_trainer(-10, 60), stay(ADA, 0, 60), crowd, lesson=an_ended_lesson()), now=at(90))
    told = {(MessageKind.TRAINER_CARD, GRACE.id): Told(sent_at=at(10), is_wanted=True)}
    crowd = [waiting(name, at=1) if kind == "waiting" else joined(name, at=1) for name in names]
    trainer = () if kind == "no trainer" else the_trainer(-10, 70)
    return decide(facts(trainer, crowd, lesson=a_lesson(), roster=ROSTER, told=told), now=at(20))


def content(kind: MessageKind, moment: str):
    (found,) = [each for each in decided(moment).wanted if each.kind is kind]
    assert found.content is not None
    return found.content


@pytest.mark.parametrize("moment", ["present", "waiting", "no trainer", "over"])
def test_no_message_about_three_thousand_strangers_takes_more_than_twenty_kib(moment):
    wanted = [each for each in decided(moment).wanted if each.content is not None]
    sizes = {each.kind: len(json.dumps(each.content)) for each in wanted}
    assert sizes
    assert {kind: size for kind, size in sizes.items() if size > TWENTY_KIB} == {}


@pytest.mark.parametrize(
    ("kind", "moment", "listed", "more"),
    [
        (MessageKind.BOARD, "present", "strangers", "more_strangers"),
        (MessageKind.TRAINER_CARD, "present", "questions", "more_questions"),
        (MessageKind.SUMMARY, "over", "questions", "more_questions"),
        (MessageKind.LET_THEM_IN, "waiting", "waiting", "more_waiting"),
    ],
)
def test_a_dozen_are_named_and_the_others_are_counted(kind, moment, listed, more):
    told = content(kind, moment)
    assert (len(told[listed]), told[more]) == (MOST_LISTED, CROWD - MOST_LISTED)


def test_a_dozen_may_be_the_trainer():
    assert len(content(MessageKind.TRAINER_MISSING, "no trainer")["candidates"]) == MOST_LISTED


def test_what_is_asked_about_students_is_asked_before_strangers_are():
    told = facts(
        the_trainer(-10, 60),
        stay(BOB.name, 0, 60),
        [event for number in range(40) for event in stay(f"A stranger {number}", 1, 50)],
        lesson=an_ended_lesson(),
    )
    (summary,) = [each.content for each in decide(told, now=at(90)).wanted if each.kind is MessageKind.SUMMARY]
    assert summary is not None
    assert [each["kind"] for each in summary["questions"]] == ["weak_identity", *["who_is_this"] * (MOST_LISTED - 1)]
    assert summary["more_questions"] == 40 - (MOST_LISTED - 1)
