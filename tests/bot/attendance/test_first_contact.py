"""The first message to a student, whichever it is, says that attendance is recorded: what, how long, who sees it."""

from datetime import timedelta

import pytest

from bot.attendance.decide import decide
from bot.attendance.lessons import Correction, CorrectionKind, LessonState, Policy, Told
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    a_lesson,
    at,
    correction,
    during,
    facts,
    joined,
    left,
    replace,
    session_ended,
    session_started,
    stay,
    the_trainer,
)
from tests.fakes.lesson_watch import watched

NEWCOMER = replace(BOB, is_informed=False)
POLICY = Policy(retention=timedelta(days=90))
PLANNED = a_lesson(state=LessonState.PLANNED, policy=POLICY)
NOTICE = {"kept_days": 90, "names_in_channel": True}


def an_hour(*events, said: tuple[Correction, ...] = (), roster=(ADA, NEWCOMER, GRACE), **changes):
    told = (session_started(), the_trainer(-10, 60), stay(ADA, 0, 60), *events, session_ended(at=60))
    return facts(*told, corrections=said, roster=roster, **{"lesson": PLANNED, **changes})


DISPUTE = correction(CorrectionKind.DISPUTED, BOB, at=70, actor=BOB)
PROMISE = correction(CorrectionKind.ON_MY_WAY, BOB, at=2, actor=BOB, during=during(2, 7))
FIRST = {
    MessageKind.REMINDER_1: (an_hour(), 4),
    MessageKind.PROMISE_OVER: (an_hour(said=(PROMISE,)), 8),
    MessageKind.LOST_YOU: (an_hour(joined(BOB, at=0), left(BOB, at=20)), 24),
    MessageKind.VERDICT_CHANGED: (an_hour(said=(correction(CorrectionKind.PRESENT, BOB, at=90),)), 91),
    MessageKind.DISPUTE_SETTLED: (an_hour(said=(DISPUTE, correction(CorrectionKind.PRESENT, BOB, at=90))), 91),
}


@pytest.mark.parametrize("kind", FIRST)
def test_it_says_so_whichever_it_is(kind):
    told, until = FIRST[kind]
    assert watched(told, until=until).standing(kind, "bob")["notice"] == NOTICE


def test_that_a_lesson_is_cancelled_may_be_the_first_that_arrives():
    """The reminder was posted, and then Slack was asked for the person's language: they never read it."""
    told = {(MessageKind.REMINDER_1, "bob"): Told(sent_at=at(4), is_wanted=True)}
    cancelled = an_hour(said=(correction(CorrectionKind.CANCELLED, at=5),), told=told)
    (wanted,) = [each for each in decide(cancelled, now=at(6)).wanted if each.kind is MessageKind.CANCELLED_DM]
    assert wanted.content is not None
    assert wanted.content["notice"] == NOTICE


def test_who_was_told_once_is_not_told_again():
    for kind, (told, until) in FIRST.items():
        informed = replace(told, roster=(ADA, BOB, GRACE))
        assert "notice" not in watched(informed, until=until).standing(kind, "bob")


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [({}, True), ({"staff_channel": "C0STAFF"}, False), ({"policy": replace(POLICY, summary_names=False)}, False)],
)
def test_it_says_whether_the_courses_channel_names_them(changes, is_named):
    told = an_hour(lesson=replace(PLANNED, **changes))
    assert watched(told, until=4).standing(MessageKind.REMINDER_1, "bob")["notice"]["names_in_channel"] is is_named


def test_what_a_channel_is_told_holds_no_notice():
    cancelled = an_hour(said=(correction(CorrectionKind.CANCELLED, at=5),))
    channel = [each for each in decide(cancelled, now=at(6)).wanted if each.kind is MessageKind.CANCELLED]
    assert [each for each in channel if "notice" in (each.content or {})] == []
