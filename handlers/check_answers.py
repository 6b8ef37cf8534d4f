"""What students answer to presence checks, on whichever face they look at."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.notes import EventWord, NewEntry, NewEvent
from bot.attendance.checks.refused import CheckRefused, RefusalCode, not_for_you
from bot.attendance.checks.telling import tell
from bot.attendance.checks.values import Answer, PresenceLogging, Via
from bot.attendance.lessons import Lesson, Role
from bot.attendance.view import ENDED
from bot.attendance.wanted import Wanted
from bot.errors import BotError, NotFound
from handlers.batches import Together
from handlers.check_looks import AT_ONCE
from handlers.check_saying import Changes, Own, Said, changes_of, just_joined, own_of
from storage.database import Store
from storage.memory import Memory

#: Others may change the same lesson between reading and writing; after so many tries something else is wrong.
TRIES: Final = 8

#: What came of it: the answers as they stand then, why it is refused, or None where they were changed meanwhile.
Outcome = tuple[Answer, ...] | BotError | None


class Answering:
    """Presses, code words and open pages of students. What many say at once is read and kept in one go."""

    def __init__(self, store: Store, wake: Callable[[], None], *, pressed: Callable[[], None] | None = None) -> None:
        """`wake` is called where something is to be done at once, `pressed` where only the card is to follow."""
        self._store = store
        self._wake = wake
        self._pressed = pressed or wake
        self._together: Together[Said, Outcome] = Together(self._keep_all)

    async def close(self) -> None:
        """Finish what is being kept."""
        await self._together.close()

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
        """A student says that they are there; the newest of the answers as they stand then, once that is on disk.

        Without `checkpoint_id` it answers every question that is open to them; with `word`, those whose code word it
        is. After the deadline it is *I was there*.
        """
        said = Said(lesson_id=lesson_id, person_id=person_id, now=now, via=via, word=word, checkpoint_id=checkpoint_id)
        return (await self._say(said))[-1]

    async def was_there(self, checkpoint_id: str, person_id: str, *, now: datetime) -> Answer:
        """A student says that they were there: late within twice the window, a dispute after that."""
        lesson_id = await self._lesson_of(checkpoint_id)
        return await self.confirm(lesson_id, person_id, via=Via.BUTTON, now=now, checkpoint_id=checkpoint_id)

    async def reached(self, lesson_id: str, person_id: str, *, now: datetime) -> None:
        """The open questions stand before somebody in a browser: from now on they can answer."""
        await self._say(Said(lesson_id=lesson_id, person_id=person_id, now=now, via=None))

    async def _say(self, said: Said) -> tuple[Answer, ...]:
        for _ in range(TRIES):
            outcome = await self._together.add(said)
            if isinstance(outcome, BotError):
                raise outcome
            if outcome is not None:
                return outcome
        raise overrun()

    async def _keep_all(self, batch: Sequence[Said]) -> list[Outcome]:
        """Lesson by lesson; what somebody says twice at once is kept one after the other."""
        outcomes: list[Outcome] = [None] * len(batch)
        places: dict[str, dict[str, int]] = defaultdict(dict)
        for place, said in enumerate(batch):
            places[said.lesson_id].setdefault(said.person_id, place)
        for lesson_id, of_lesson in places.items():
            found = await self._keep_of(lesson_id, [batch[place] for place in of_lesson.values()])
            for person_id, outcome in found.items():
                outcomes[of_lesson[person_id]] = outcome
        return outcomes

    async def _keep_of(self, lesson_id: str, batch: Sequence[Said]) -> dict[str, Outcome]:
        """Person id → what came of what they said of one lesson."""
        async with self._store.read() as memory:
            lesson = await memory.lessons.plain(lesson_id)
            logging = (await memory.checks.of([lesson_id], person_ids=[said.person_id for said in batch])).get(
                lesson_id
            )
        outcomes: dict[str, Outcome] = {}
        changes: dict[str, Changes] = {}
        for said in batch:
            try:
                changes[said.person_id] = changes_of(own_of(lesson, logging, said.person_id), said)
            except BotError as refused:
                outcomes[said.person_id] = refused
        if lesson is None or logging is None:
            return outcomes
        await self._admit(lesson, logging, [said for said in batch if said.person_id in changes], changes)
        events = [
            NewEvent(
                kind=EventWord.LOGGED, to=said.person_id, checkpoint_id=changes[said.person_id][-1][1].checkpoint_id
            )
            for said in batch
            if said.via is not None and changes.get(said.person_id)
        ]
        now = max(said.now for said in batch)
        lost = await self._keep(lesson, logging, [*chain(*changes.values())], events=events, now=now)
        for said in batch:
            if said.person_id not in outcomes:
                outcomes[said.person_id] = _outcome(said, changes[said.person_id], is_lost=said.person_id in lost)
        return outcomes

    async def _admit(
        self, lesson: Lesson, logging: PresenceLogging, batch: Sequence[Said], changes: dict[str, Changes]
    ) -> None:
        """In a classroom of our own whichever student confirms is in, even before their coming in was applied."""
        unasked = [said for said in batch if said.via is Via.WEB and not changes[said.person_id]]
        if not unasked or not logging.open_checkpoints or lesson.platform not in AT_ONCE:
            return
        async with self._store.read() as memory:
            found = await memory.lessons.facts(lesson.id)
        roster = found.facts.roster if found is not None else ()
        students = {person.id for person in roster if person.role is Role.STUDENT}
        for said in unasked:
            if said.person_id in students:
                changes[said.person_id] = [just_joined(logging, said)]

    async def _own(self, lesson_id: str, person_id: str) -> Own:
        async with self._store.read() as memory:
            lesson = await memory.lessons.plain(lesson_id)
            logging = (await memory.checks.of([lesson_id], person_ids=[person_id])).get(lesson_id)
        return own_of(lesson, logging, person_id)

    async def _keep(
        self,
        lesson: Lesson,
        logging: PresenceLogging,
        changes: Sequence[tuple[Answer, Answer]],
        *,
        events: Sequence[NewEvent] = (),
        entries: Sequence[NewEntry] = (),
        now: datetime,
    ) -> frozenset[str]:
        """Keep what people said, or was decided of their answers; the ids of those of whom one has changed since."""
        if not changes:
            return frozenset()
        is_news = lesson.state in ENDED
        known = logging.by_key
        async with self._store.write() as memory:
            lost = await memory.checks.keep_answers(
                lesson.id,
                [(known.get(new.key), new) for _, new in changes],
                events=events,
                entries=entries,
                is_news=is_news,
                now=now,
            )
            kept = [new for _, new in changes if new.person_id not in lost]
            wanted = await self._wanted(memory, lesson, logging, kept, now=now)
            await memory.messages.want(wanted, now=now)
        is_to_do = is_news or any(each.due_at <= now for _, each in wanted)
        (self._wake if is_to_do else self._pressed)()
        return lost

    async def _wanted(
        self, memory: Memory, lesson: Lesson, logging: PresenceLogging, answers: Sequence[Answer], *, now: datetime
    ) -> list[tuple[str, Wanted]]:
        """What stands before the students in Slack; the trainers' card follows with the tick."""
        ids = {each.person_id for each in answers} | {each.decided_by for each in answers}
        people = await memory.people.persons(ids - {""})
        wanted: list[tuple[str, Wanted]] = []
        for check in logging.checks:
            own = tuple(each for each in answers if logging.checkpoints[each.checkpoint_id].check_id == check.id)
            look = CheckLook(
                lesson=lesson, check=check, state=logging.state, answers=own, people=people, trainers=(), now=now
            )
            wanted += tell(look)
        return wanted

    async def _lesson_of(self, checkpoint_id: str) -> str:
        async with self._store.read() as memory:
            lesson_id = await memory.checks.lesson_of(checkpoint_id=checkpoint_id)
        if lesson_id is None:
            raise NotFound
        return lesson_id


def overrun() -> CheckRefused:
    return CheckRefused(RefusalCode.STORAGE, "The lesson changes faster than this could be written down. Try again.")


def _outcome(said: Said, changes: Changes, *, is_lost: bool) -> Outcome:
    if said.via is not None and not changes:
        return not_for_you("You were not asked.")
    return None if is_lost else tuple(new for _, new in changes)
