"""The lessons whose timelines stand in `docs/attendance.md`: only what happened; what it counts for is computed."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.attendance.lessons import LessonFacts, Person, Role
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    PresenceEvent,
    admitted,
    an_ended_lesson,
    at,
    during,
    facts,
    joined,
    left,
    session_ended,
    session_started,
    stay,
    the_trainer,
    waiting,
    waiting_left,
)

#: well after the lesson, when everything has been told
AFTERWARDS = at(180)

LINA = Person(id="lina", name="Lina Øst", role=Role.STUDENT, email="lina@example.com")
DMITRI = Person(id="dmitri", name="Дмитрий Волков", role=Role.STUDENT, email="dmitri@example.com")
YUKI = Person(id="yuki", name="Yuki Mori", role=Role.STUDENT, email="yuki@example.com")


@dataclass(frozen=True, slots=True)
class ToldLesson:
    """One picture: the file's name, the line above it, and the facts of its lesson."""

    name: str
    title: str
    facts: LessonFacts


def _told(
    name: str,
    title: str,
    *events: PresenceEvent | Iterable[PresenceEvent],
    students: tuple[Person, ...],
    **changes: object,
) -> ToldLesson:
    """A lesson at nine for an hour, whose room was open from 8:45 to 10:05."""
    lesson = an_ended_lesson(**changes)
    room = (session_started(at=-15), session_ended(at=65))
    whole = facts(*room, *events, lesson=lesson, roster=(GRACE, *students))
    return ToldLesson(name, title, whole)


def told_lessons() -> tuple[ToldLesson, ...]:
    """Every picture, in the order of the page."""
    return (
        _told(
            "ordinary",
            "An ordinary lesson",
            the_trainer(-10, 64),
            (*stay(ADA, -4, 62), *stay(ADA, 20, 41, device="phone")),
            stay(BOB, 9, 63),
            stay(LINA, -2, 48),
            (waiting(DMITRI, at=0), admitted(DMITRI, at=8), waiting_left(DMITRI, at=8), *stay(DMITRI, 8, 61)),
            students=(ADA, BOB, LINA, DMITRI, YUKI),
        ),
        _told(
            "late-trainer",
            "The trainer comes 12 minutes late and stops 5 minutes early",
            the_trainer(12, 55),
            stay(ADA, -3, 57),
            stay(BOB, 14, 56),
            stay(LINA, 19, 56),
            students=(ADA, BOB, LINA),
        ),
        _told(
            "gaps",
            "Gaps, and what was never told",
            the_trainer(-10, 65),
            (*stay(ADA, -3, 30), *stay(ADA, 30.75, 62, device="laptop again")),
            (*stay(BOB, -3, 24, lost=True), *stay(BOB, 33, 62, device="laptop again")),
            (joined(LINA, at=-2), left(LINA, at=40, lost=True)),
            (joined(DMITRI, at=1),),
            students=(ADA, BOB, LINA, DMITRI),
        ),
        _told(
            "breaks",
            "A planned break from 9:25 to 9:35",
            the_trainer(-10, 65),
            stay(ADA, -3, 62),
            (*stay(BOB, -3, 25), *stay(BOB, 35, 62, device="laptop again")),
            (*stay(LINA, -3, 25), *stay(LINA, 41, 62, device="laptop again")),
            students=(ADA, BOB, LINA),
            breaks=[during(25, 35)],
        ),
        _told(
            "unconfirmed",
            "The trainer was seen for five minutes only",
            the_trainer(-2, 5),
            stay(ADA, -3, 62),
            stay(BOB, 1, 60),
            students=(ADA, BOB, YUKI),
        ),
    )
