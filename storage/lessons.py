"""Lessons: which of them somebody must look at, with all that is known of them, and what was decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, func, select, tuple_, update

from bot.attendance.course import Attended, attended_by
from bot.attendance.decide import Decision
from bot.attendance.lessons import Confirmation, Feed, Lesson, LessonFacts, LessonState
from bot.attendance.sheet import Sheet
from bot.attendance.view import ENDED
from bot.reports.attendance_json import lesson_json
from storage.checks import Checks
from storage.facts import LoadFacts, load_facts, load_facts_ahead
from storage.lesson_rows import lesson_of, stamp_of, target_of
from storage.sheets import NewSheet, Sheets
from storage.statements import any_of, given
from storage.tables import Course, Room, table_of
from storage.tables import Lesson as LessonRow
from storage.touch import touch
from storage.transaction import Transaction, Values

COURSE, LESSON, ROOM = (table_of(model) for model in (Course, LessonRow, Room))

#: Lessons whose facts are read at once.
CHUNK = 100

#: A lesson in a list: its `lesson` object as it was written down, or the facts that it is computed from.
Listed = Mapping[str, Any] | LessonFacts

_LESSONS = (
    select(
        LESSON,
        COURSE.c.name,
        COURSE.c.zone,
        COURSE.c.policy,
        COURSE.c.platform,
        COURSE.c.join_url,
        COURSE.c.channel,
        COURSE.c.staff_channel,
        COURSE.c.coordinator_id,
        ROOM.c.ref,
        ROOM.c.account_id,
    )
    .join(COURSE, COURSE.c.id == LESSON.c.course_id)
    .join(ROOM, ROOM.c.id == LESSON.c.room_id)
)
_ONE = _LESSONS.where(LESSON.c.id == given(LESSON.c.id, "lesson"))
_MANY = _LESSONS.where(any_of(LESSON.c.id, "lessons")).order_by(LESSON.c.id)
_NEXT_DUE = select(func.min(LESSON.c.due_at)).where(LESSON.c.due_at.is_not(None))


def _due(query: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """Of the lessons that are due `most`, the longest due first: from the first one on, and from after a place on."""
    is_after = tuple_(LESSON.c.due_at, LESSON.c.id) > tuple_(
        given(LESSON.c.due_at, "after"), given(LESSON.c.id, "after_id")
    )
    first = (
        query.where(LESSON.c.due_at <= given(LESSON.c.due_at, "now"))
        .order_by(LESSON.c.due_at, LESSON.c.id)
        .limit(bindparam("most", type_=Integer()))
    )
    return first, first.where(is_after)


_DUE, _DUE_AFTER = _due(_LESSONS)
_DUE_IDS, _DUE_IDS_AFTER = _due(select(LESSON.c.due_at, LESSON.c.id, LESSON.c.revision, LESSON.c.failures))

#: where a lesson stands in the order in which they are looked at: when it was due, and its id
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLesson:
    """A lesson with all that the rules may know about it, as it stands at one revision."""

    facts: LessonFacts
    #: a decision from these facts is kept only while the lesson still has this revision
    revision: int
    #: None: nobody has to look at it
    due_at: datetime | None
    workspace_id: str
    course_id: str
    #: as last decided
    confirmation: Confirmation
    feed: Feed
    #: it has begun: its policy, zone and title stand as they were then
    is_stamped: bool
    #: how often it was looked at in vain since the last change
    failures: int


class Lessons:
    """What the timetable says should happen, and what became of it."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def due(self, now: datetime, limit: int, after: Place | None = None) -> list[DueLesson]:
        """Lessons that somebody must look at, the longest due first; while writing they are claimed."""
        query = _DUE if after is None else _DUE_AFTER
        return await self._read(self._transaction.claiming(query, LESSON), _until(now, limit, after))

    async def due_ids(self, now: datetime, limit: int, after: Place | None = None) -> list[tuple[Place, int, int]]:
        """Those of `due` without their facts, which cannot be read together: places, revisions and failures."""
        query = _DUE_IDS if after is None else _DUE_IDS_AFTER
        rows = await self._transaction.all(query, _until(now, limit, after))
        return [((row.due_at, row.id), row.revision, row.failures) for row in rows]

    async def facts(self, lesson_id: str) -> DueLesson | None:
        """One lesson, due or not."""
        found = await self._read(_ONE, {"lesson": lesson_id})
        return found[0] if found else None

    async def of(self, lesson_ids: Collection[str]) -> list[DueLesson]:
        """These lessons, due or not, in the order of their ids."""
        return await self._read(_MANY, {"lessons": lesson_ids})

    async def plain(self, lesson_id: str) -> Lesson | None:
        """One lesson without its facts."""
        row = await self._transaction.first(_ONE, {"lesson": lesson_id})
        return None if row is None else lesson_of(row)

    async def find(
        self, *, course_id: str | None = None, start: datetime | None = None, end: datetime | None = None
    ) -> list[DueLesson]:
        """The lessons planned to start in [start, end), in order; of one course or of all in the workspace."""
        return await self._read(self._chosen(course_id, start, end))

    async def listed(
        self,
        *,
        course_id: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        now: datetime,
    ) -> list[Listed]:
        """Those of `find`, each with no more than a list needs: what was written down is not computed again."""
        rows = await self._transaction.all(self._chosen(course_id, start, end))
        ended = [row.id for row in rows if row.state in ENDED]
        written: dict[str, Listed] = dict(await Sheets(self._transaction).lessons(ended))
        ahead = [row for row in rows if row.state == LessonState.PLANNED and now < row.planned_start]
        written.update(await self._facts_of(ahead, load_facts_ahead))
        rest = [row for row in rows if row.id not in written]
        written.update(await self._facts_of(rest, load_facts))
        return [written[row.id] for row in rows]

    async def next_due_at(self) -> datetime | None:
        """When somebody must look at a lesson next; None: never."""
        found: datetime | None = await self._transaction.value(_NEXT_DUE)
        return found

    async def touch(self, lesson_ids: Collection[str], now: datetime) -> None:
        """Say that something about these lessons has changed: they are due, and decisions made before are void."""
        await touch(self._transaction, lesson_ids, now)

    async def keep_many(self, decided: Sequence[tuple[DueLesson, Decision]], now: datetime) -> set[str]:
        """Keep what was decided of each lesson that nothing has changed about since; the ids of these."""
        await self._transaction.lock(LESSON, [decision.lesson_id for _, decision in decided])
        columns = ("id", "revision", "state", "confirmation", "feed", "due_at", "failures", "error")
        rows = [
            (
                decision.lesson_id,
                lesson.revision,
                decision.state.value,
                decision.sheet.confirmation.value,
                decision.sheet.feed.value,
                decision.due_at,
                0,
                "",
            )
            for lesson, decision in decided
        ]
        key = ("id", "revision")
        kept = {
            id_ for (id_,) in await self._transaction.update_each(LESSON, columns, rows, key=key, returning=("id",))
        }
        stands = [(lesson, decision) for lesson, decision in decided if decision.lesson_id in kept]
        begun = [
            (lesson.facts.lesson.id, stamp_of(lesson.facts.lesson)) for lesson, decision in stands if decision.begins
        ]
        await self._transaction.update_each(LESSON, ("id", "stamp"), begun)
        await self._wake_checks(stands, now=now)
        await Sheets(self._transaction).write_down(
            [
                NewSheet(
                    lesson_id=decision.lesson_id,
                    version=decision.to_write.version,
                    state=decision.state,
                    at=now,
                    body=decision.to_write.body,
                    sha256=decision.to_write.sha256,
                    lesson=lesson_json(
                        decision.sheet, version=decision.to_write.version, sha256=decision.to_write.sha256
                    ),
                    attended=_attended(lesson.facts.lesson, decision.sheet),
                )
                for lesson, decision in stands
                if decision.to_write is not None
            ]
        )
        return kept

    async def fail(self, lesson_id: str, revision: int, error: str, retry_at: datetime) -> None:
        """Say that a look at this revision was in vain, and when to try again; what was touched since is due anyway."""
        values = {"failures": LESSON.c.failures + 1, "error": error, "due_at": retry_at}
        is_it = (LESSON.c.id == lesson_id) & (LESSON.c.revision == revision)
        await self._transaction.run(update(LESSON).where(is_it).values(values))

    async def _wake_checks(self, stands: Sequence[tuple[DueLesson, Decision]], *, now: datetime) -> None:
        """Presence checks go by the lesson's state; those of a course that has it so begin with the lesson."""
        checks = Checks(self._transaction)
        begun = [lesson.facts.lesson for lesson, decision in stands if decision.begins]
        planned = [each for each in begun if not each.is_unplanned and not each.is_silent]
        armed = [each.id for each in planned if each.policy.autostart and each.policy.presence_checks != "off"]
        await checks.arm(armed, now=now)
        others = [decision for lesson, decision in stands if decision.state is not lesson.facts.lesson.state]
        await checks.look_again([decision.lesson_id for decision in others], now=now)

    async def _read(self, query: Select[Any], values: Values = None) -> list[DueLesson]:
        rows = await self._transaction.all(query, values)
        facts = await self._facts_of(rows, load_facts)
        return [_with_facts(row, facts[row.id]) for row in rows]

    async def _facts_of(self, rows: Sequence[Row[Any]], load: LoadFacts) -> dict[str, LessonFacts]:
        found: dict[str, LessonFacts] = {}
        for start in range(0, len(rows), CHUNK):
            targets = [target_of(row) for row in rows[start : start + CHUNK]]
            facts = await load(self._transaction, targets)
            found |= {each.lesson.id: each for each in facts}
        return found

    def _chosen(self, course_id: str | None, start: datetime | None, end: datetime | None) -> Select[Any]:
        query = _LESSONS.where(LESSON.c.workspace_id == self._transaction.workspace_id)
        if course_id is not None:
            query = query.where(LESSON.c.course_id == course_id)
        if start is not None:
            query = query.where(LESSON.c.planned_start >= start)
        if end is not None:
            query = query.where(LESSON.c.planned_start < end)
        return query.order_by(LESSON.c.planned_start, LESSON.c.id)


def _until(now: datetime, limit: int, after: Place | None) -> dict[str, Any]:
    """What the queries for due lessons are given."""
    due_at, id_ = after or (None, None)
    return {"now": now, "most": limit, "after": due_at, "after_id": id_}


def _with_facts(row: Row[Any], facts: LessonFacts) -> DueLesson:
    return DueLesson(
        facts=facts,
        revision=row.revision,
        due_at=row.due_at,
        workspace_id=row.workspace_id,
        course_id=row.course_id,
        confirmation=Confirmation(row.confirmation),
        feed=Feed(row.feed),
        is_stamped=row.stamp is not None,
        failures=row.failures,
    )


def _attended(lesson: Lesson, sheet: Sheet) -> dict[str, Attended]:
    return {line.person_id: attended_by(line, sheet, lesson.policy.basis) for line in sheet.students}
