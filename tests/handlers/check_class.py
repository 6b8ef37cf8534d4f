"""A class on disk with presence checks: its database, the ticks that look at it, and a Slack that takes every question.

Moments are minutes from nine, as in `builders`. The class has three hours.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.attendance.checks.settings import CheckSettings, Template, TimeRange
from bot.attendance.checks.values import Answer, Checkpoint, PresenceCheck, PresenceLogging, Via
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import LessonFacts, Person
from bot.clock import wire_now
from handlers.checks import Checks
from handlers.keys import Keys
from handlers.ticks import run_presence_checks, watch_lessons
from storage.checks import CheckEvent
from storage.database import Store
from storage.memory import Memory
from tests.builders import GRACE, NINE, ROSTER, Moment, at, joined
from tests.storage.world import add_course, add_lesson, add_person, add_room, tell

KEYS = Keys(["a secret key of more than thirty-two letters"])
BY_THE_CLOCK = CheckSettings(
    template=Template.CUSTOM, initial=TimeRange(600, 0), interval=TimeRange(1200, 0), window=timedelta(minutes=5)
)


@dataclass(frozen=True)
class Document:
    """A report that was made."""

    id: str
    file_name: str


class CheckClass:
    """One lesson, and everything that may happen to its presence checks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lesson_id = ""
        #: makes the report of a run
        self.reports: Callable[[str], Awaitable[Document]] = self._report
        self.reported: list[str] = []
        self.is_slack_well = True
        self.takes_questions = True
        self.wakes = 0
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        assert self._store is not None
        return self._store

    @property
    def checks(self) -> Checks:
        return Checks(self.store, KEYS, self._wake)

    async def open(self, people: Iterable[Person] = ROSTER, *, platform: str = "zoom", **policy: Any) -> None:
        """Lay out the course and its lesson."""
        await self.start()
        async with self.store.write() as memory:
            people = tuple(people)
            for person in people:
                await add_person(memory, person)
            room_id = await add_room(memory)
            course_id = await add_course(memory, room_id=room_id, people=people, platform=platform, policy=policy)
            length = timedelta(hours=3)
            self.lesson_id = await add_lesson(memory, course_id=course_id, room_id=room_id, length=length)

    async def restart(self) -> None:
        """Close the database, and open it again."""
        await self.close()
        await self.start()

    async def start(self) -> None:
        """Open the database as it is."""
        self._store = await Store.open(self.url)

    async def close(self) -> None:
        await self.store.close()

    # What happens

    async def hear(self, *events: PresenceEvent) -> None:
        """Deliveries that tell these; who looks is woken, as it would be."""
        now = max(event.received_at for event in events)
        async with self.store.write() as memory:
            await tell(memory, *events, now=now)
        await self.look(now)

    async def class_is_in(self, moment: Moment = -5) -> None:
        """Grace, Ada and Bob come in."""
        await self.hear(*(joined(person, at=moment) for person in (GRACE, *ROSTER[:2])))

    async def look(self, moment: Moment) -> None:
        """Everything that is due is looked at, and Slack takes what it is told."""
        await watch_lessons.tick(self.store, now=at(moment))
        await self.look_at_checks(moment)
        if self.takes_questions:
            await self.deliver(moment)

    async def look_at_checks(self, moment: Moment, *, store: Any = None) -> None:
        """`store`: another way into the same database."""
        await run_presence_checks.tick(
            store or self.store,
            KEYS,
            now=at(moment),
            make_report=self._make_report,
            is_slack_well=self._does_slack_answer,
        )

    async def until(self, moment: Moment) -> None:
        """Go on to a moment, from one thing that is due to the next."""
        while True:
            async with self.store.read() as memory:
                moments = [await memory.checks.next_due_at(), await memory.lessons.next_due_at()]
            due_at = min((each for each in moments if each is not None), default=None)
            if due_at is None or due_at > at(moment):
                break
            await self.look(max(due_at, NINE - timedelta(minutes=30)))
        await self.look(moment)

    async def deliver(self, moment: Moment) -> None:
        """Slack takes every message that waits."""
        async with self.store.write() as memory:
            claimed = await memory.messages.claim(
                now=at(moment), wire_now=wire_now(), limit=100, lease=timedelta(seconds=1)
            )
            for row in claimed:
                await memory.messages.sent(
                    row.id,
                    revision=row.revision,
                    channel=row.channel or "D1",
                    ts=row.ts or row.id,
                    now=at(moment),
                    method=row.method,
                )

    async def enable(self, moment: Moment, settings: CheckSettings = BY_THE_CLOCK) -> PresenceCheck:
        return await self.checks.enable(self.lesson_id, GRACE.id, settings, now=at(moment))

    async def press(self, person: Person, moment: Moment, **how: Any) -> Answer:
        """The button of whatever is open."""
        return await self.checks.confirm(self.lesson_id, person.id, **{"via": Via.BUTTON, "now": at(moment), **how})

    # How it stands

    async def logging(self) -> PresenceLogging:
        async with self.store.read() as memory:
            return (await memory.checks.of([self.lesson_id]))[self.lesson_id]

    async def facts(self) -> LessonFacts:
        async with self.store.read() as memory:
            found = await memory.lessons.facts(self.lesson_id)
        assert found is not None
        return found.facts

    async def question(self, number: int = 1) -> Checkpoint:
        """The n-th question of the newest run."""
        check = (await self.logging()).checks[-1]
        (found,) = [each for each in check.checkpoints if each.number == number]
        return found

    async def answer(self, person: Person, number: int = 1) -> Answer:
        return (await self.logging()).by_key[(await self.question(number)).id, person.id]

    async def told(self) -> list[CheckEvent]:
        """Everything that sockets are told."""
        async with self.store.read() as memory:
            return await memory.checks.events_after(0, [self.lesson_id])

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that a check has, to compare before and after."""
        tables = ("presence_logging", "presence_check", "checkpoint", "answer", "check_event", "message", "history")
        async with self.store.read() as memory:
            return {table: await _rows(memory, table) for table in tables}

    async def _report(self, check_id: str) -> Document:
        return Document(f"asset of {check_id}", "participation.pdf")

    async def _make_report(self, check_id: str, *, now: object) -> Document:
        self.reported.append(check_id)
        return await self.reports(check_id)

    async def _does_slack_answer(self) -> bool:
        return self.is_slack_well

    def _wake(self) -> None:
        self.wakes += 1


async def _rows(memory: Memory, table: str) -> list[tuple[Any, ...]]:
    found = await memory._transaction.all(text(f"SELECT * FROM {table}"))
    return sorted((tuple(row) for row in found), key=str)
