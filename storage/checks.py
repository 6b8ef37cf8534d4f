"""Presence checks: where each lesson's stands, what was decided of it, and what sockets are told."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, and_, bindparam, delete, func, select, update

from bot.attendance.checks.notes import EventWord
from bot.attendance.checks.run import RunState
from bot.attendance.checks.step import Delivery
from bot.attendance.checks.values import Answer, Checkpoint, PresenceLogging
from bot.attendance.wanted import MessageKind
from storage import tables
from storage.check_keeping import CheckKeeping
from storage.check_rows import (
    read_answer,
    read_check,
    read_checkpoint,
)
from storage.history import History
from storage.message_rows import MessageState
from storage.statements import any_of, given
from storage.tables import table_of

ANSWER, ANSWER_TIME, CHECK, CHECKPOINT, EVENT, LESSON, LOGGING, MESSAGE = (
    table_of(model)
    for model in (
        tables.Answer,
        tables.AnswerTime,
        tables.PresenceCheck,
        tables.Checkpoint,
        tables.CheckEvent,
        tables.Lesson,
        tables.PresenceLogging,
        tables.Message,
    )
)

_GIVEN_UP = frozenset({MessageState.REJECTED.value, MessageState.SKIPPED.value})

_DUE = (
    select(LOGGING.c.lesson_id)
    .where(LOGGING.c.due_at <= given(LOGGING.c.due_at, "now"))
    .order_by(LOGGING.c.due_at, LOGGING.c.lesson_id)
    .limit(bindparam("most", type_=Integer()))
)
_NEXT_DUE = select(func.min(LOGGING.c.due_at)).where(LOGGING.c.due_at.is_not(None))
_LOGGINGS = select(LOGGING).where(any_of(LOGGING.c.lesson_id, "lessons"))
_CHECKS = select(CHECK).where(any_of(CHECK.c.lesson_id, "lessons")).order_by(CHECK.c.created_at, CHECK.c.id)
_CHECKPOINTS = (
    select(CHECKPOINT)
    .where(any_of(CHECKPOINT.c.presence_check_id, "checks"))
    .order_by(CHECKPOINT.c.planned_at, CHECKPOINT.c.draw)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEvent:
    """One message of the protocol, as it was told."""

    id: int
    lesson_id: str
    kind: EventWord
    #: creator, participants, all, or a person's id
    to: str
    #: the other fields of the message
    facts: Mapping[str, str]
    checkpoint_id: str | None
    at: datetime


class Checks(CheckKeeping):
    """The presence checks of the workspace."""

    async def due(self, now: datetime, limit: int) -> list[str]:
        """The lessons whose checks somebody must look at, the longest due first."""
        rows = await self._transaction.all(_DUE, {"now": now, "most": limit})
        return [row.lesson_id for row in rows]

    async def next_due_at(self) -> datetime | None:
        """When somebody must look at one next; None: never."""
        found: datetime | None = await self._transaction.value(_NEXT_DUE)
        return found

    async def of(
        self, lesson_ids: Collection[str], *, person_ids: Collection[str] | None = None
    ) -> dict[str, PresenceLogging]:
        """Lesson id → its checks, with everybody's answers or those of a few; lessons without any are left out."""
        rows = await self._transaction.all(_LOGGINGS, {"lessons": lesson_ids})
        if not rows:
            return {}
        checks = await self._transaction.all(_CHECKS, {"lessons": [row.lesson_id for row in rows]})
        checkpoints = await self._checkpoints([row.id for row in checks])
        answers = await self._answers(checkpoints, person_ids)
        runs = {row.lesson_id: [each for each in checks if each.lesson_id == row.lesson_id] for row in rows}
        return {
            row.lesson_id: PresenceLogging(
                lesson_id=row.lesson_id,
                state=RunState(row.state),
                checks=tuple(read_check(run, checkpoints[run.id]) for run in runs[row.lesson_id]),
                answers=tuple(answer for run in runs[row.lesson_id] for answer in answers[run.id]),
                is_armed=row.is_armed,
                well_at=row.well_at,
                revision=row.revision,
            )
            for row in rows
        }

    async def lesson_of(self, *, check_id: str = "", checkpoint_id: str = "") -> str | None:
        """To which lesson a run or a question belongs; None where there is no such thing."""
        query = select(CHECK.c.lesson_id).where(CHECK.c.id == check_id)
        if checkpoint_id:
            joined = CHECK.join(CHECKPOINT, CHECKPOINT.c.presence_check_id == CHECK.c.id)
            query = select(CHECK.c.lesson_id).select_from(joined).where(CHECKPOINT.c.id == checkpoint_id)
        found: str | None = await self._transaction.value(query)
        return found

    async def deliveries(self, checkpoint_ids: Collection[str]) -> dict[tuple[str, str], Delivery]:
        """(question, person) → what became of the message that asks them."""
        if not checkpoint_ids:
            return {}
        query = select(MESSAGE.c.subject, MESSAGE.c.recipient, MESSAGE.c.sent_at, MESSAGE.c.state).where(
            self._transaction.any_of(MESSAGE.c.subject, checkpoint_ids),
            MESSAGE.c.kind == MessageKind.CHECK_QUESTION.value,
            MESSAGE.c.workspace_id == self._transaction.workspace_id,
        )
        return {
            (row.subject, row.recipient): Delivery(row.sent_at, is_given_up=row.state in _GIVEN_UP)
            for row in await self._transaction.all(query)
        }

    async def extra_time(self, lesson_ids: Collection[str]) -> dict[str, dict[str, timedelta]]:
        """Lesson id → person id → how long they have to answer in its course, where a trainer said so."""
        joined = LESSON.join(ANSWER_TIME, ANSWER_TIME.c.course_id == LESSON.c.course_id)
        query = (
            select(LESSON.c.id, ANSWER_TIME.c.person_id, ANSWER_TIME.c.seconds)
            .select_from(joined)
            .where(self._transaction.any_of(LESSON.c.id, lesson_ids))
        )
        found: dict[str, dict[str, timedelta]] = defaultdict(dict)
        for lesson_id, person_id, seconds in await self._transaction.all(query):
            found[lesson_id][person_id] = timedelta(seconds=seconds)
        return found

    async def give_time(self, course_id: str, person_id: str, window: timedelta, *, by: str, now: datetime) -> None:
        """One student has this long to answer from the next question of the course on."""
        of_person = and_(ANSWER_TIME.c.course_id == course_id, ANSWER_TIME.c.person_id == person_id)
        await self._transaction.run(delete(ANSWER_TIME).where(of_person))
        seconds = int(window.total_seconds())
        row = (course_id, person_id, seconds, by, now)
        columns = ("course_id", "person_id", "seconds", "given_by", "given_at")
        await self._transaction.insert_new(ANSWER_TIME, columns, [row])
        facts = {"course": course_id, "person": person_id, "seconds": seconds}
        await History(self._transaction).append(by, "answer_time.given", course_id, facts, now=now)

    async def arm(self, lesson_ids: Collection[str], *, now: datetime) -> None:
        """These lessons have begun, and their checks start by themselves."""
        columns = ("lesson_id", "state", "is_armed", "revision", "due_at", "failures", "error")
        rows = [(each, RunState.IDLE_WITHOUT_CREATOR.value, True, 1, now, 0, "") for each in lesson_ids]
        await self._transaction.insert_new(LOGGING, columns, rows)

    async def look_again(self, lesson_ids: Collection[str], *, now: datetime) -> None:
        """Have the checks of these lessons looked at: something else than their facts has changed.

        What somebody decides just now from how it was before is not kept.
        """
        if lesson_ids:
            again = update(LOGGING).where(self._transaction.any_of(LOGGING.c.lesson_id, lesson_ids))
            await self._transaction.run(again.values(revision=LOGGING.c.revision + 1, due_at=now))

    async def fail(self, lesson_id: str, *, error: str, retry_at: datetime) -> None:
        """Say that a look was in vain, and when to try again."""
        values = {"failures": LOGGING.c.failures + 1, "error": error, "due_at": retry_at}
        await self._transaction.run(update(LOGGING).where(LOGGING.c.lesson_id == lesson_id).values(values))

    async def failures(self, lesson_ids: Collection[str]) -> dict[str, int]:
        """Lesson id → how often it was looked at in vain since the last change."""
        query = select(LOGGING.c.lesson_id, LOGGING.c.failures)
        rows = await self._transaction.all(query.where(self._transaction.any_of(LOGGING.c.lesson_id, lesson_ids)))
        return {row.lesson_id: row.failures for row in rows}

    async def asked(self, checkpoint_id: str) -> frozenset[str]:
        """Who was asked this question, reached or not."""
        query = select(ANSWER.c.person_id).where(ANSWER.c.checkpoint_id == checkpoint_id)
        return frozenset(row.person_id for row in await self._transaction.all(query))

    async def events_after(self, after_id: int, lesson_ids: Collection[str], *, limit: int = 500) -> list[CheckEvent]:
        """What sockets of these lessons are to be told next, in order."""
        query = (
            select(EVENT)
            .where(self._transaction.any_of(EVENT.c.lesson_id, lesson_ids), EVENT.c.id > after_id)
            .order_by(EVENT.c.id)
            .limit(limit)
        )
        return [
            CheckEvent(
                id=row.id,
                lesson_id=row.lesson_id,
                kind=EventWord(row.kind),
                to=row.recipient,
                facts=row.facts or {},
                checkpoint_id=row.checkpoint_id,
                at=row.at,
            )
            for row in await self._transaction.all(query)
        ]

    async def last_event_id(self) -> int:
        """Up to where everything was told; 0: nothing was."""
        found: int | None = await self._transaction.value(select(func.max(EVENT.c.id)))
        return found or 0

    async def _checkpoints(self, check_ids: Collection[str]) -> dict[str, list[Checkpoint]]:
        found: dict[str, list[Checkpoint]] = defaultdict(list)
        for row in await self._transaction.all(_CHECKPOINTS, {"checks": check_ids}):
            found[row.presence_check_id].append(read_checkpoint(row))
        return found

    async def _answers(
        self, checkpoints: Mapping[str, Sequence[Checkpoint]], person_ids: Collection[str] | None
    ) -> dict[str, list[Answer]]:
        """By run, in the order of questions and persons."""
        runs = {each.id: check_id for check_id, own in checkpoints.items() for each in own}
        query = select(ANSWER).where(self._transaction.any_of(ANSWER.c.checkpoint_id, runs.keys()))
        if person_ids is not None:
            query = query.where(self._transaction.any_of(ANSWER.c.person_id, person_ids))
        rows = await self._transaction.all(query.order_by(ANSWER.c.checkpoint_id, ANSWER.c.person_id)) if runs else ()
        found: dict[str, list[Answer]] = defaultdict(list)
        for row in rows:
            found[runs[row.checkpoint_id]].append(read_answer(row))
        return found
