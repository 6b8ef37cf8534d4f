"""One look at one lesson: the same facts give the same decision, and whoever decides says when to look again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.attendance import sheet_from, sheet_of
from bot.attendance.decide import Decision, decide
from bot.attendance.lessons import Correction, CorrectionKind, LessonFacts, LessonState, Told
from bot.attendance.sheet import WrittenSheet
from bot.attendance.view import restated, view_of
from bot.attendance.written import parse
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    a_lesson,
    admitted,
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
    waiting,
)
from tests.fakes.lesson_watch import LessonWatch
from tests.lesson_generator import WholeLesson, moments, whole_lessons

PLANNED = a_lesson(state=LessonState.PLANNED)
ONE_SECOND = timedelta(seconds=1)
#: These count up with every second: an edit for them alone is not worth a look.
GROWING = frozenset({"seconds"})


def after(facts: LessonFacts, decision: Decision, *, now: datetime) -> LessonFacts:
    """The facts once the decision was kept and all that was wanted was sent."""
    told = dict(facts.told)
    for wanted in decision.wanted:
        standing = (
            Told(sent_at=now, is_wanted=True) if wanted.content is not None else Told(sent_at=None, is_wanted=False)
        )
        told[wanted.kind.value, wanted.recipient] = standing
    written = facts.written
    if decision.to_write is not None:
        sheet = parse(decision.to_write.body)
        version, sha256 = decision.to_write.version, decision.to_write.sha256
        written = WrittenSheet(version=version, state=sheet.state, at=now, sheet=sheet, sha256=sha256)
    return replace(facts, lesson=replace(facts.lesson, state=decision.state), told=told, written=written)


def timeless(content: Any) -> Any:
    """A content without what only counts up."""
    if isinstance(content, Mapping):
        return {key: timeless(value) for key, value in content.items() if key not in GROWING}
    return [timeless(each) for each in content] if isinstance(content, list) else content


def so_far(lesson: WholeLesson) -> LessonFacts:
    """The facts without what people will say only later."""
    return replace(lesson.facts, corrections=tuple(each for each in lesson.facts.corrections if each.at <= lesson.now))


def what_stands(decision: Decision) -> dict[tuple[str, str], Any]:
    return {(each.kind.value, each.recipient): timeless(each.content) for each in decision.wanted}


# Deciding


@settings(deadline=None, max_examples=25)
@given(whole_lessons())
def test_the_same_facts_and_now_give_the_same_decision(lesson: WholeLesson):
    assert decide(lesson.facts, now=lesson.now) == decide(lesson.facts, now=lesson.now)


@settings(deadline=None, max_examples=25)
@given(whole_lessons())
def test_deciding_twice_changes_nothing(lesson: WholeLesson):
    known = so_far(lesson)
    first = decide(known, now=lesson.now)
    kept = after(known, first, now=lesson.now)
    second = decide(kept, now=lesson.now)
    assert (second.state, second.to_write, second.begins) == (first.state, None, False)
    standing = {key: content for key, content in what_stands(first).items() if content is not None}
    assert {key: content for key, content in what_stands(second).items() if content != standing.get(key)} == {}


@settings(deadline=None, max_examples=25)
@given(whole_lessons())
def test_the_next_look_is_never_in_the_past(lesson: WholeLesson):
    due_at = decide(lesson.facts, now=lesson.now).due_at
    assert due_at is None or due_at > lesson.now


@settings(deadline=None, max_examples=25)
@given(whole_lessons())
def test_a_view_in_another_state_is_the_one_that_would_be_computed_anew(lesson: WholeLesson):
    for before in LessonState:
        view = view_of(replace(lesson.facts, lesson=replace(lesson.facts.lesson, state=before)), now=lesson.now)
        for after_it in LessonState:
            facts = replace(lesson.facts, lesson=replace(lesson.facts.lesson, state=after_it))
            assert sheet_from(restated(view, facts), explained=True) == sheet_of(facts, now=lesson.now, explained=True)


# When to look again


def all_that_can_happen() -> LessonFacts:
    """A lesson in which nearly everything happens once."""
    return facts(
        session_started(at=-12),
        joined("iPad (2)", at=-11),
        waiting(GRACE, at=-3),
        admitted(GRACE, at=4),
        joined(GRACE, at=6.5),
        waiting(ADA, at=1),
        admitted(ADA, at=9),
        joined(ADA, at=12.25),
        left(ADA, at=20, lost=True),
        joined(ADA, at=31, device="phone"),
        session_ended(at=33),
        session_started(at=46, session="two"),
        joined(GRACE, at=46.5, session="two"),
        joined(BOB, at=52, session="two"),
        left("iPad (2)", at=53),
        session_ended(at=57.5, session="two"),
        lesson=replace(PLANNED, breaks=(during(22, 26),), coordinator="office"),
        corrections=[
            correction(CorrectionKind.ON_MY_WAY, BOB, at=4, actor=BOB, during=during(4, 14)),
            correction(CorrectionKind.ON_MY_WAY, GRACE, at=3, actor=GRACE, during=during(3, 8)),
            correction(CorrectionKind.IN_ALREADY, BOB, at=16, actor=BOB, note="iPad (2)"),
            correction(CorrectionKind.BREAK, at=48, during=during(48, 51)),
        ],
        admins=("eve",),
    )


def story_of(watch: LessonWatch) -> list[tuple[str, str, str]]:
    """(time, kind, recipient) of all that was posted, edited in more than its counting, or deleted."""
    told: dict[tuple[str, str], Any] = {}
    story = []
    for sent in watch.sent:
        key, content = (sent.kind.value, sent.recipient), timeless(sent.content)
        if key not in told or told[key] != content:
            story.append((f"{sent.at:%H:%M:%S}", *key))
        told[key] = content
    return story


def test_looking_only_when_due_tells_the_same_as_looking_every_ten_seconds():
    when_due = LessonWatch.of(all_that_can_happen()).until(80)
    often = LessonWatch.of(all_that_can_happen())
    for second in range(-15 * 60, 80 * 60, 10):
        often.until(at(0) + timedelta(seconds=second))
    assert story_of(when_due) == story_of(often)


def peek(watch: LessonWatch, moment: datetime) -> None:
    """Nothing would be told at that moment that is not told already."""
    decision = decide(watch.facts, now=moment)
    standing = {key: timeless(content) for key, content in watch.contents.items()}
    news = {key: content for key, content in what_stands(decision).items() if content != standing.get(key)}
    skipped = {key for key in news if (told := watch.facts.told.get(key)) is None or told.sent_at is None}
    too_late = {
        (each.kind.value, each.recipient) for each in decision.wanted if each.not_after and each.not_after < moment
    }
    assert {key: content for key, content in news.items() if key not in skipped & too_late} == {}
    assert decision.state is watch.facts.lesson.state


@st.composite
def stories(draw: st.DrawFn) -> LessonFacts:
    """A whole lesson as it arrives, with what people say while it runs."""
    told = draw(whole_lessons()).facts
    said: list[Correction] = []
    for number in range(draw(st.integers(0, 3))):
        who = draw(st.sampled_from((ADA, BOB, GRACE)))
        kind = draw(
            st.sampled_from(
                (
                    CorrectionKind.ON_MY_WAY,
                    CorrectionKind.JOIN_PRESSED,
                    CorrectionKind.IN_ALREADY,
                    CorrectionKind.CANNOT_COME,
                )
            )
        )
        when = draw(moments(-5, 50))
        promise = during(when, when + timedelta(minutes=5)) if kind is CorrectionKind.ON_MY_WAY else None
        said.append(correction(kind, who, at=when, actor=who, during=promise, id=f"said {number}"))
    lesson = replace(told.lesson, state=LessonState.PLANNED, staff_channel=draw(st.sampled_from(("", "C0STAFF"))))
    return replace(told, lesson=lesson, corrections=(*told.corrections, *said), admins=("eve",))


@settings(deadline=None, max_examples=15)
@given(stories())
def test_between_two_looks_nothing_changes_by_time_alone(told: LessonFacts):
    """Just before each moment at which something arrives or is due, all that should stand already stands."""
    watch = LessonWatch.of(told)
    while (moment := watch.next_moment) is not None and moment <= at(26 * 60):
        if watch.now is not None and moment - watch.now > ONE_SECOND:
            peek(watch, moment - ONE_SECOND)
        watch.until(moment)


@pytest.mark.parametrize("minute", [-300, -31, -20, 0, 5, 59, 74, 80, 2000])
def test_a_lesson_that_is_not_locked_is_always_looked_at_again(minute):
    assert decide(facts(the_trainer(), lesson=PLANNED), now=at(minute)).due_at is not None


def test_nothing_is_said_before_the_window_opens():
    early = decide(facts(stay(ADA, -50, -40), lesson=PLANNED), now=at(-35))
    assert (early.wanted, early.due_at) == ((), at(-30))
