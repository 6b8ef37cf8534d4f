"""What people said about a lesson that the platforms could not know."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from bot.attendance.lessons import Correction, CorrectionKind, Interval
from storage import tables
from storage.history import History
from storage.statements import any_of
from storage.tables import new_id, table_of
from storage.touch import touch
from storage.transaction import Transaction

CORRECTION = table_of(tables.Correction)

#: The kind of a row that only takes another back.
WITHDRAWN = "withdrawn"

_COLUMNS = (
    "id",
    "lesson_id",
    "kind",
    "at",
    "actor",
    "person_id",
    "during_start",
    "during_end",
    "session_ref",
    "connection_ref",
    "person_ids",
    "note",
    "answers",
    "withdraws",
    "press_key",
)

_OTHER = aliased(CORRECTION)
_STANDING = (
    select(CORRECTION)
    .where(
        any_of(CORRECTION.c.lesson_id, "lessons"),
        CORRECTION.c.kind != WITHDRAWN,
        ~select(_OTHER.c.id).where(_OTHER.c.withdraws == CORRECTION.c.id).exists(),
    )
    .order_by(CORRECTION.c.at, CORRECTION.c.id)
)


class Corrections:
    """What was added by hand: appended, withdrawn by another, never edited."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._history = History(transaction)

    async def add(
        self,
        lesson_id: str,
        correction: Correction,
        *,
        press_key: str | None = None,
        withdraws: str | None = None,
        now: datetime,
    ) -> bool:
        """Write one down and have the lesson looked at again; False for the same press again, and nothing changes.

        `withdraws` is the id of another that this one takes back.
        """
        start, end = (correction.during.start, correction.during.end) if correction.during else (None, None)
        session, connection = correction.connection or (None, None)
        refused = correction.answers.value if correction.answers is not None else ""
        row = (
            correction.id,
            lesson_id,
            correction.kind.value,
            correction.at,
            correction.actor,
            correction.person,
            start,
            end,
            session,
            connection,
            list(correction.person_ids),
            correction.note,
            refused,
            withdraws,
            press_key,
        )
        facts = {
            "correction": correction.id,
            "person": correction.person,
            "during": [start.isoformat(), end.isoformat()] if start and end else None,
            "persons": list(correction.person_ids),
            "answers": refused,
            "withdraws": withdraws,
        }
        # Display names stand in notes, and a connection that the platform does not name is called by its person.
        personal = {"note": correction.note, "connection": list(correction.connection or ())}
        return await self._append(row, facts, personal if any(personal.values()) else None, now=now)

    async def withdraw(self, correction_id: str, *, actor: str, now: datetime) -> bool:
        """Take one back; False if there is none of that id, or it was taken back before."""
        lesson_id = await self._transaction.value(
            select(CORRECTION.c.lesson_id).where(CORRECTION.c.id == correction_id, CORRECTION.c.kind != WITHDRAWN)
        )
        others = select(CORRECTION.c.id).where(CORRECTION.c.withdraws == correction_id)
        if lesson_id is None or await self._transaction.value(others) is not None:
            return False
        key = f"withdraw {correction_id}"
        nothing: tuple[Any, ...] = (None, None, None, None, None, [], "", "")
        row = (new_id(), lesson_id, WITHDRAWN, now, actor, *nothing, correction_id, key)
        return await self._append(row, {"correction": row[0], "withdraws": correction_id}, None, now=now)

    async def of(self, lesson_ids: Collection[str]) -> dict[str, tuple[Correction, ...]]:
        """Lesson id → what stands, in the order in which it was said; lessons without any are left out."""
        found: dict[str, list[Correction]] = defaultdict(list)
        for row in await self._transaction.all(_STANDING, {"lessons": lesson_ids}):
            found[row.lesson_id].append(_read(row))
        return {lesson_id: tuple(corrections) for lesson_id, corrections in found.items()}

    async def _append(
        self, row: tuple[Any, ...], facts: dict[str, Any], personal: dict[str, Any] | None, *, now: datetime
    ) -> bool:
        if not await self._transaction.insert_new(CORRECTION, _COLUMNS, [row], returning=("id",)):
            return False
        written = dict(zip(_COLUMNS, row, strict=True))
        lesson_id, person_ids = written["lesson_id"], written["person_ids"]
        await touch(self._transaction, [lesson_id], now)
        await self._history.append(
            written["actor"],
            f"correction.{written['kind']}",
            lesson_id,
            facts,
            personal=personal,
            person_id=written["person_id"] or (person_ids[0] if person_ids else None),
            now=now,
        )
        return True


def _read(row: Row[Any]) -> Correction:
    return Correction(
        id=row.id,
        kind=CorrectionKind(row.kind),
        at=row.at,
        actor=row.actor,
        person=row.person_id,
        during=Interval(row.during_start, row.during_end) if row.during_start is not None else None,
        connection=(row.session_ref, row.connection_ref) if row.session_ref is not None else None,
        person_ids=tuple(row.person_ids or ()),
        note=row.note,
        answers=CorrectionKind(row.answers) if row.answers else None,
    )
