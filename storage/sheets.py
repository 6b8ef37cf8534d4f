"""The attendance sheets that were written down, version by version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.attendance.course import Attended
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import WrittenSheet
from bot.attendance.written import RULES_VERSION, parse
from storage import tables
from storage.attended import AttendedLessons
from storage.history import History
from storage.json_text import read_json, write_json
from storage.statements import any_of
from storage.tables import table_of
from storage.transaction import Transaction

SHEET = table_of(tables.Sheet)

_WRITTEN = select(SHEET.c.lesson_id, SHEET.c.version, SHEET.c.state, SHEET.c.at, SHEET.c.body, SHEET.c.sha256)


def _of_newest(query: Select[Any]) -> Select[Any]:
    """Of the newest versions alone."""
    newest = (
        select(SHEET.c.lesson_id, func.max(SHEET.c.version).label("version"))
        .where(any_of(SHEET.c.lesson_id, "lessons"))
        .group_by(SHEET.c.lesson_id)
        .subquery()
    )
    return query.join(newest, (SHEET.c.lesson_id == newest.c.lesson_id) & (SHEET.c.version == newest.c.version))


_NEWEST = _of_newest(_WRITTEN)
_NEWEST_LESSONS = _of_newest(select(SHEET.c.lesson_id, SHEET.c.lesson))

#: Who acts in the history when nobody pressed anything.
ROLLCALL = "rollcall"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSheet:
    """A sheet to be written down whole."""

    lesson_id: str
    version: int
    state: LessonState
    at: datetime
    #: canonical JSON, and its SHA-256
    body: str
    sha256: str
    #: the `lesson` object of the HTTP API
    lesson: Mapping[str, Any]
    #: person id → what it came to, of each student
    attended: Mapping[str, Attended]
    rules_version: int = RULES_VERSION


class Sheets:
    """What people have read: kept whole, read from here, never recomputed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def write_down(self, sheets: Sequence[NewSheet]) -> None:
        """Keep these, and their hashes in the history; a version that stands already stays as it is."""
        columns = ("lesson_id", "version", "state", "at", "rules_version", "body", "sha256", "lesson")
        rows = [
            (
                sheet.lesson_id,
                sheet.version,
                sheet.state.value,
                sheet.at,
                sheet.rules_version,
                sheet.body,
                sheet.sha256,
                write_json(sheet.lesson),
            )
            for sheet in sheets
        ]
        new = set(await self._transaction.insert_new(SHEET, columns, rows, returning=("lesson_id", "version")))
        newest = {sheet.lesson_id: sheet.attended for sheet in sheets if (sheet.lesson_id, sheet.version) in new}
        await AttendedLessons(self._transaction).keep(newest)
        history = History(self._transaction)
        for sheet in sheets:
            if (sheet.lesson_id, sheet.version) in new:
                facts = {"version": sheet.version, "sha256": sheet.sha256, "rules": sheet.rules_version}
                await history.append(ROLLCALL, f"lesson.{sheet.state.value}", sheet.lesson_id, facts, now=sheet.at)

    async def newest(self, lesson_ids: Collection[str]) -> dict[str, WrittenSheet]:
        """Lesson id → the newest version; lessons of which nothing was written down are left out."""
        rows = await self._transaction.all(_NEWEST, {"lessons": lesson_ids})
        return {row.lesson_id: _read(row) for row in rows}

    async def lessons(self, lesson_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """Lesson id → its `lesson` object in the newest version; lessons without any are left out."""
        rows = await self._transaction.all(_NEWEST_LESSONS, {"lessons": lesson_ids})
        return {row.lesson_id: read_json(row.lesson) for row in rows}

    async def get(self, lesson_id: str, version: int) -> WrittenSheet | None:
        """One version, as it was read then."""
        row = await self._transaction.first(_WRITTEN.where(SHEET.c.lesson_id == lesson_id, SHEET.c.version == version))
        return None if row is None else _read(row)


def _read(row: Row[Any]) -> WrittenSheet:
    return WrittenSheet(
        version=row.version, state=LessonState(row.state), at=row.at, sheet=parse(row.body), sha256=row.sha256
    )
