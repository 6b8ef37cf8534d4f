"""What students answer to presence checks, on whichever face they look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.attendance.checks.answers import delivered, pressed
from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.notes import EventWord, NewEntry, NewEvent
from bot.attendance.checks.refused import CheckRefused, RefusalCode, not_for_you
from bot.attendance.checks.run import Happening, RunState, after
from bot.attendance.checks.telling import tell
from bot.attendance.checks.values import Answer, AnswerState, PresenceLogging, Via
from bot.attendance.lessons import Lesson, LessonState, Role
from bot.attendance.view import ENDED
from bot.errors import NotFound
from handlers.check_looks import AT_ONCE
from storage.database import Store
from storage.memory import Memory

#: Others may change the same lesson between reading and writing; after so many tries something else is wrong.
TRIES: Final = 8

_OPEN = frozenset({AnswerState.AWAITED, AnswerState.UNDELIVERED})


@dataclass(frozen=True, kw_only=True)
class Own:
    """One person's part in the checks of a lesson."""

    lesson: Lesson
    logging: PresenceLogging
    person_id: str

    @property
    def is_locked(self) -> bool:
        return self.lesson.state is LessonState.LOCKED


class Answering:
    """Presses, code words and open pages of students."""

    def __init__(self, store: Store, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake

    async def confirm(
        self,
        lesson_id: str,
        person_id: str,
        *,
        via: Via,
        now: datetime,
        word: str | None = None,
        checkpoint_id: str | None = None,
    ) -> Answer:
        """A student says that they are there; the newest of the answers as they stand then.

        Without `checkpoint_id` it answers every question that is open to them; with `word`, those whose code word it
        is. After the deadline it is *I was there*.
        """
        for _ in range(TRIES):
            own = await self._own(lesson_id, person_id)
            meant = self._meant(own, word=word, checkpoint_id=checkpoint_id)
            if not meant and via is Via.WEB and own.lesson.platform in AT_ONCE:
                meant = await self._just_joined(own, now=now)
            if not meant:
                raise not_for_you("You were not asked.")
            said = [(each, pressed(each, via=via, now=now)) for each in meant]
            if await self._say(own, said, now=now):
                return said[-1][1]
        raise overrun()

    async def was_there(self, checkpoint_id: str, person_id: str, *, now: datetime) -> Answer:
        """A student says that they were there: late within twice the window, a dispute after that."""
        lesson_id = await self._lesson_of(checkpoint_id)
        return await self.confirm(lesson_id, person_id, via=Via.BUTTON, now=now, checkpoint_id=checkpoint_id)

    async def reached(self, lesson_id: str, person_id: str, *, now: datetime) -> None:
        """The open questions stand before somebody in a browser: from now on they can answer."""
        own = await self._own(lesson_id, person_id)
        opened = {each.id for each in own.logging.open_checkpoints}
        asked = [each for each in own.logging.answers if each.checkpoint_id in opened and each.state in _OPEN]
        said = [(each, delivered(each, at=now)) for each in asked]
        changed = [(old, new) for old, new in said if old != new]
        if changed:
            await self._keep(own, changed, now=now)

    async def _own(self, lesson_id: str, person_id: str) -> Own:
        async with self._store.read() as memory:
            lesson = await memory.lessons.plain(lesson_id)
            logging = (await memory.checks.of([lesson_id], person_id=person_id)).get(lesson_id)
        if lesson is None:
            raise NotFound
        if logging is None:
            after(RunState.IDLE_WITHOUT_CREATOR, Happening.CONFIRMED)  # refuses
        assert logging is not None
        own = Own(lesson=lesson, logging=logging, person_id=person_id)
        if own.is_locked:
            raise CheckRefused(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED, "The lesson is locked: its sheet is signed.")
        return own

    def _meant(self, own: Own, *, word: str | None, checkpoint_id: str | None) -> list[Answer]:
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

    async def _just_joined(self, own: Own, *, now: datetime) -> list[Answer]:
        """In a classroom of our own whichever student confirms is in, even before their coming in was applied."""
        async with self._store.read() as memory:
            found = await memory.lessons.facts(own.lesson.id)
        roster = found.facts.roster if found is not None else ()
        students = {person.id for person in roster if person.role is Role.STUDENT}
        opened = own.logging.open_checkpoints
        if own.person_id not in students or not opened:
            return []
        asked = Answer(
            checkpoint_id=opened[-1].id,
            person_id=own.person_id,
            state=AnswerState.AWAITED,
            is_optional=True,
            window=opened[-1].window,
        )
        return [delivered(asked, at=now)]

    async def _say(self, own: Own, said: Sequence[tuple[Answer, Answer]], *, now: datetime) -> bool:
        """Keep a press, and have it told on whichever face they look at; a repeated one is told again."""
        events = [
            NewEvent(kind=EventWord.LOGGED, to=own.person_id, checkpoint_id=answer.checkpoint_id)
            for _, answer in said[-1:]
        ]
        return await self._keep(own, said, events=events, now=now)

    async def _keep(
        self,
        own: Own,
        said: Sequence[tuple[Answer, Answer]],
        *,
        events: Sequence[NewEvent] = (),
        entries: Sequence[NewEntry] = (),
        now: datetime,
    ) -> bool:
        """Keep what somebody said or decided of these answers; False if one of them has changed since."""
        is_news = own.lesson.state in ENDED
        known = own.logging.by_key
        async with self._store.write() as memory:
            changes = [(known.get(new.key), new) for _, new in said]
            is_kept = await memory.checks.keep_answers(
                own.lesson.id, changes, events=events, entries=entries, is_news=is_news, now=now
            )
            if is_kept:
                await self._tell(memory, own, [new for _, new in said], now=now)
        if is_kept:
            self._wake()
        return is_kept

    async def _tell(self, memory: Memory, own: Own, answers: Sequence[Answer], *, now: datetime) -> None:
        """What stands before the student in Slack; the trainers' card follows with the tick."""
        ids = {own.person_id, *(each.decided_by for each in answers)} - {""}
        people = {each: await memory.people.person(each) for each in sorted(ids)}
        for check in own.logging.checks:
            about = tuple(each for each in answers if own.logging.checkpoints[each.checkpoint_id].check_id == check.id)
            look = CheckLook(
                lesson=own.lesson,
                check=check,
                state=own.logging.state,
                answers=about,
                people={id_: person for id_, person in people.items() if person is not None},
                trainers=(),
                now=now,
            )
            await memory.messages.want(tell(look), now=now)

    async def _lesson_of(self, checkpoint_id: str) -> str:
        async with self._store.read() as memory:
            lesson_id = await memory.checks.lesson_of(checkpoint_id=checkpoint_id)
        if lesson_id is None:
            raise NotFound
        return lesson_id


def answer_of(own: Own, checkpoint_id: str) -> Answer:
    answer = own.logging.by_key.get((checkpoint_id, own.person_id))
    if answer is None:
        raise not_for_you("You were not asked.")
    return answer


def overrun() -> CheckRefused:
    return CheckRefused(RefusalCode.STORAGE, "The lesson changes faster than this could be written down. Try again.")
