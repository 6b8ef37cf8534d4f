"""What was decided of presence checks, and what people answered: kept only where nothing has changed since."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, delete, literal, or_, select, update

from bot.attendance.checks.notes import EventWord, NewEntry, NewEvent
from bot.attendance.checks.step import Step
from bot.attendance.checks.values import Answer
from storage import tables
from storage.check_rows import (
    ANSWER_COLUMNS,
    CHECK_COLUMNS,
    CHECKPOINT_COLUMNS,
    answer_row,
    check_row,
    checkpoint_row,
)
from storage.history import History
from storage.statements import locking
from storage.tables import UtcDateTime, table_of
from storage.touch import touch
from storage.transaction import Transaction

ANSWER, CHECK, CHECKPOINT, EVENT, LESSON, LOGGING = (
    table_of(model)
    for model in (
        tables.Answer,
        tables.PresenceCheck,
        tables.Checkpoint,
        tables.CheckEvent,
        tables.Lesson,
        tables.PresenceLogging,
    )
)

#: What sockets were told is kept for this long: a page that was away for longer is told how things stand, not went.
EVENTS_FOR: Final = timedelta(days=1)
#: Trainers' cards follow a press within this.
CARD_WITHIN: Final = timedelta(seconds=10)


#: How an answer stands: its state as text, and what somebody may say of it without changing that.
_Stand = tuple[str, datetime | None, datetime | None, datetime | None]


class CheckKeeping:
    """Writes checks down. A look is guarded by the revision of its lesson's checks, an answer by its own state."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, step: Step, *, now: datetime) -> frozenset[tuple[str, str]] | None:
        """Keep what one look came to; None if something has changed since, and nothing is kept.

        Else the (checkpoint, person) of those answers of it that somebody gave meanwhile: these stand as given.
        """
        lesson_id = step.after.lesson_id
        await self._transaction.lock(LESSON, [lesson_id])
        if not await self._keep_logging(step, now=now):
            return None
        await self._keep_runs(step)
        lost = await self._keep_answers(step.before.by_key, [step.after.by_key[key] for key in sorted(step.changed)])
        await self._leave_behind(lesson_id, step.events, step.entries, now=now)
        if step.is_news_for_sheet:
            await touch(self._transaction, [lesson_id], now)
        return lost

    async def keep_answers(
        self,
        lesson_id: str,
        changes: Sequence[tuple[Answer | None, Answer]],
        *,
        events: Sequence[NewEvent] = (),
        entries: Sequence[NewEntry] = (),
        is_news: bool,
        now: datetime,
    ) -> frozenset[str]:
        """Keep what people said, each answer with how it was.

        The ids of those of whom an answer has changed since: nothing of theirs is kept, their events and entries
        neither. `is_news`: the lesson's sheet is to be looked at again.
        """
        if is_news:
            await touch(self._transaction, [lesson_id], now)
        soon = now + CARD_WITHIN
        is_later = and_(LOGGING.c.lesson_id == lesson_id, or_(LOGGING.c.due_at.is_(None), LOGGING.c.due_at > soon))
        await self._transaction.run(update(LOGGING).where(is_later).values(due_at=soon))
        known = {old.key: old for old, _ in changes if old is not None}
        changed = [new for old, new in changes if old != new]
        lost = {person_id for _, person_id in await self._lost(known, changed)}
        kept = [answer for answer in changed if answer.person_id not in lost]
        lost |= {person_id for _, person_id in await self._write_answers(known, kept)}
        of_kept = [each for each in events if each.to not in lost]
        await self._leave_behind(lesson_id, of_kept, [each for each in entries if each.person_id not in lost], now=now)
        return frozenset(lost)

    async def _keep_logging(self, step: Step, *, now: datetime) -> bool:
        """Whether it still stands as it was read."""
        before, after = step.before, step.after
        values = {
            "state": after.state.value,
            "is_armed": after.is_armed,
            "well_at": after.well_at,
            "failures": 0,
            "error": "",
        }
        if not before.revision:
            row = {"lesson_id": after.lesson_id, "revision": 1, "due_at": step.due_at, **values}
            columns = tuple(row)
            new = await self._transaction.insert_new(LOGGING, columns, [tuple(row.values())], returning=("lesson_id",))
            return bool(new)
        is_it = and_(LOGGING.c.lesson_id == after.lesson_id, LOGGING.c.revision == before.revision)
        due_at = _earlier(step.due_at, now=now)
        changed = update(LOGGING).where(is_it).values(revision=before.revision + 1, due_at=due_at, **values)
        return await self._transaction.run(changed) > 0

    async def _keep_runs(self, step: Step) -> None:
        known = {check.id: check_row(check) for check in step.before.checks}
        rows = {check.id: check_row(check) for check in step.after.checks}
        await self._keep_rows(CHECK, CHECK_COLUMNS, known, rows)
        asked = {each.id: checkpoint_row(each) for each in step.before.checkpoints.values()}
        asks = {each.id: checkpoint_row(each) for each in step.after.checkpoints.values()}
        await self._keep_rows(CHECKPOINT, CHECKPOINT_COLUMNS, asked, asks)
        dropped = asked.keys() - asks.keys()
        if dropped:
            await self._transaction.run(delete(CHECKPOINT).where(self._transaction.any_of(CHECKPOINT.c.id, dropped)))

    async def _keep_rows(
        self,
        table: Any,
        columns: Sequence[str],
        known: Mapping[str, tuple[Any, ...]],
        rows: Mapping[str, tuple[Any, ...]],
    ) -> None:
        await self._transaction.insert_new(table, columns, [row for id_, row in rows.items() if id_ not in known])
        changed = [row for id_, row in rows.items() if id_ in known and known[id_] != row]
        await self._transaction.update_each(table, columns, changed)

    async def _keep_answers(
        self, known: Mapping[tuple[str, str], Answer], answers: Iterable[Answer]
    ) -> frozenset[tuple[str, str]]:
        """The keys of those that somebody changed meanwhile; these stay as they are."""
        answers = list(answers)
        lost = await self._lost(known, answers)
        return lost | await self._write_answers(known, [answer for answer in answers if answer.key not in lost])

    async def _write_answers(
        self, known: Mapping[tuple[str, str], Answer], answers: Sequence[Answer]
    ) -> frozenset[tuple[str, str]]:
        """The keys of those that were to be new, and are there already."""
        key = ("checkpoint_id", "person_id")
        new = [answer for answer in answers if answer.key not in known]
        rows = [answer_row(answer) for answer in new]
        written = await self._transaction.insert_new(ANSWER, ANSWER_COLUMNS, rows, returning=key)
        changed = [answer_row(answer) for answer in answers if answer.key in known]
        await self._transaction.update_each(ANSWER, ANSWER_COLUMNS, changed, key=key)
        return frozenset({answer.key for answer in new} - {(row[0], row[1]) for row in written})

    async def _lost(
        self, known: Mapping[tuple[str, str], Answer], answers: Iterable[Answer]
    ) -> frozenset[tuple[str, str]]:
        """The keys of those that do not stand any more as they were known."""
        keys = {answer.key for answer in answers}
        standing = await self._standing(keys)
        return frozenset(key for key in keys if standing.get(key) != (_stand(known[key]) if key in known else None))

    async def _standing(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], _Stand]:
        """How these answers stand now; they are locked, so that they go on standing so."""
        if not keys:
            return {}
        query = (
            select(
                ANSWER.c.checkpoint_id,
                ANSWER.c.person_id,
                ANSWER.c.state,
                ANSWER.c.asked_at,
                ANSWER.c.disputed_at,
                ANSWER.c.decided_at,
            )
            .where(
                self._transaction.any_of(ANSWER.c.checkpoint_id, {checkpoint_id for checkpoint_id, _ in keys}),
                self._transaction.any_of(ANSWER.c.person_id, {person_id for _, person_id in keys}),
            )
            .order_by(ANSWER.c.checkpoint_id, ANSWER.c.person_id)
        )
        rows = await self._transaction.all(locking(query, ANSWER))
        return {(row.checkpoint_id, row.person_id): _stand(row) for row in rows}

    async def _leave_behind(
        self, lesson_id: str, events: Sequence[NewEvent], entries: Sequence[NewEntry], *, now: datetime
    ) -> None:
        columns = ("lesson_id", "kind", "recipient", "facts", "checkpoint_id", "at")
        rows = [(lesson_id, each.kind.value, each.to, dict(each.facts), each.checkpoint_id, now) for each in events]
        await self._transaction.insert_new(EVENT, columns, rows)
        if any(each.kind is EventWord.ENDED for each in events):
            await self._transaction.run(delete(EVENT).where(EVENT.c.at < now - EVENTS_FOR))
        history = History(self._transaction)
        for each in entries:
            personal = dict(each.personal) or None
            await history.append(
                each.actor, each.action, each.subject, each.facts, personal=personal, person_id=each.person_id, now=now
            )


def _stand(answer: Answer | Row[Any]) -> _Stand:
    return (answer.state, answer.asked_at, answer.disputed_at, answer.decided_at)


def _earlier(due_at: datetime | None, *, now: datetime) -> ColumnElement[Any] | datetime | None:
    """The next look, unless somebody asked meanwhile for one before that."""
    asked = LOGGING.c.due_at
    is_earlier = asked > now if due_at is None else and_(asked > now, asked < due_at)
    return case((is_earlier, asked), else_=literal(due_at, UtcDateTime))
