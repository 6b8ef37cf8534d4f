"""What somebody says to the questions of a lesson, and what becomes of their answers by it. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.attendance.checks.answers import delivered, pressed
from bot.attendance.checks.refused import CheckRefused, RefusalCode, not_for_you
from bot.attendance.checks.run import Happening, RunState, after
from bot.attendance.checks.values import Answer, AnswerState, PresenceLogging, Via
from bot.attendance.lessons import Lesson, LessonState
from bot.errors import NotFound

_OPEN: Final = frozenset({AnswerState.AWAITED, AnswerState.UNDELIVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What comes from somebody: a press, a code word, or a sign that they see the question."""

    lesson_id: str
    person_id: str
    now: datetime
    #: None: they see what is open, and have not answered
    via: Via | None
    word: str | None = None
    checkpoint_id: str | None = None


#: Answers as they were and as they shall be.
Changes = list[tuple[Answer, Answer]]


@dataclass(frozen=True, kw_only=True)
class Own:
    """One person's part in the checks of a lesson."""

    lesson: Lesson
    logging: PresenceLogging
    person_id: str


def answer_of(own: Own, checkpoint_id: str) -> Answer:
    """Theirs to one question. Raises `CheckRefused` for who was not asked it."""
    answer = own.logging.by_key.get((checkpoint_id, own.person_id))
    if answer is None:
        raise not_for_you("You were not asked.")
    return answer


def own_of(lesson: Lesson | None, logging: PresenceLogging | None, person_id: str) -> Own:
    """One person's part, of what was read of several. Raises `NotFound`, and `CheckRefused` where nothing is asked."""
    if lesson is None:
        raise NotFound
    if logging is None:
        after(RunState.IDLE_WITHOUT_CREATOR, Happening.CONFIRMED)  # refuses
    assert logging is not None
    if lesson.state is LessonState.LOCKED:
        raise CheckRefused(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED, "The lesson is locked: its sheet is signed.")
    answers = tuple(logging.by_person.get(person_id, ()))
    return Own(lesson=lesson, logging=replace(logging, answers=answers), person_id=person_id)


def changes_of(own: Own, said: Said) -> Changes:
    """What becomes of whose answers they are; empty for who was not asked, and where nothing changes by seeing it."""
    if said.via is None:
        opened = {each.id for each in own.logging.open_checkpoints}
        seen = [each for each in own.logging.answers if each.checkpoint_id in opened and each.state in _OPEN]
        changes = [(each, delivered(each, at=said.now)) for each in seen]
        return [(old, new) for old, new in changes if old != new]
    meant = _meant(own, word=said.word, checkpoint_id=said.checkpoint_id)
    return [(each, pressed(each, via=said.via, now=said.now)) for each in meant]


def _meant(own: Own, *, word: str | None, checkpoint_id: str | None) -> list[Answer]:
    """The answers that a press is about; none for who was not asked."""
    if checkpoint_id is not None:
        return [answer_of(own, checkpoint_id)]
    logging = own.logging
    after(logging.state, Happening.CONFIRMED)
    opened = logging.open_checkpoints
    if word is not None:
        opened = tuple(each for each in opened if each.word == word.strip().casefold())
        if not opened:
            raise not_for_you("That is not the word of the question that is open now.")
    own_open = [logging.by_key.get((each.id, own.person_id)) for each in opened]
    awaited = [each for each in own_open if each is not None and each.state in _OPEN]
    if awaited:
        return awaited
    current = logging.current
    answered = logging.answers_in(current) if current is not None else ()
    newest = max(answered, key=lambda each: logging.checkpoints[each.checkpoint_id].number, default=None)
    return [newest] if newest is not None else []


def just_joined(logging: PresenceLogging, said: Said) -> tuple[Answer, Answer]:
    """The answer of somebody whom nobody asked yet, because nobody saw them come in."""
    opened = logging.open_checkpoints[-1]
    asked = Answer(
        checkpoint_id=opened.id,
        person_id=said.person_id,
        state=AnswerState.AWAITED,
        is_optional=True,
        window=opened.window,
    )
    seen = delivered(asked, at=said.now)
    return seen, pressed(seen, via=Via.WEB, now=said.now)
