"""Open sockets: whose seat a token is for, who is in a lesson by a socket, and whose process died."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, delete, exists, insert, or_, select, update

from bot.attendance.lessons import Role
from storage.statements import given, in_order, locking
from storage.tables import ApiToken, Course, Enrolment, Lesson, Person, Room, Socket, table_of
from storage.transaction import Transaction

_COURSE, _ENROLMENT, _LESSON, _PERSON, _ROOM, _SOCKET, _TOKEN = (
    table_of(model) for model in (Course, Enrolment, Lesson, Person, Room, Socket, ApiToken)
)

#: Who stands on a roster in several roles counts as the first of them.
_PRECEDENCE = (Role.TRAINER, Role.STUDENT, Role.OBSERVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Whom a token lets into which lesson."""

    token_id: str
    #: wire time
    expires_at: datetime
    person_id: str
    name: str
    email: str
    role: Role
    lesson_id: str
    planned_start: datetime
    planned_end: datetime
    course_id: str
    course: str
    zone: str
    platform: str
    #: of the room: whose it is, and the platform's own id
    account_id: str
    room: str
    #: the first of its trainers by name; empty: nobody teaches
    trainer: str

    @property
    def is_owner(self) -> bool:
        """They teach."""
        return self.role is Role.TRAINER

    @property
    def is_student(self) -> bool:
        """They are asked."""
        return self.role is Role.STUDENT


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSocket:
    """A socket as others see it; `left_at` and why of one that was closed."""

    id: str
    lesson_id: str
    person_id: str
    name: str
    is_owner: bool
    joined_at: datetime
    left_at: datetime | None
    left_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a socket is in the room: in which run of it, and whether it is alone there."""

    session: str
    is_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """An open socket whose process died, with all that its end has to tell."""

    id: str
    lesson_id: str
    person_id: str
    name: str
    email: str
    is_owner: bool
    seen_at: datetime
    platform: str
    account_id: str
    room: str


_RENEWED = (
    update(_SOCKET)
    .where(in_order(_SOCKET, "sockets"), _SOCKET.c.left_at.is_(None))
    .values(seen_at=given(_SOCKET.c.seen_at, "seen"), lease_until=given(_SOCKET.c.lease_until, "until"))
)


class Sockets:
    """The sockets of the workspace."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def seat(self, token_id: str, *, now: datetime) -> Seat | None:
        """Whom the token of this id (`jti`) lets in; None: it is nobody's, over, taken back, or they are not enrolled.

        `now` is wire time.
        """
        query = (
            _WHERE_IT_IS.add_columns(
                _TOKEN.c.id.label("token_id"), _TOKEN.c.expires_at, _PERSON.c.name, _PERSON.c.email, _PERSON.c.id
            )
            .join(_TOKEN, _TOKEN.c.lesson_id == _LESSON.c.id)
            .join(_PERSON, _PERSON.c.id == _TOKEN.c.person_id)
            .where(_is_good(self._transaction, now), _TOKEN.c.id == token_id)
        )
        row = await self._transaction.first(query)
        if row is None:
            return None
        roles, trainer = await self._enrolled(row)
        role = next((each for each in _PRECEDENCE if each in roles), None)
        if role is None:
            return None
        return Seat(
            token_id=row.token_id,
            expires_at=row.expires_at,
            person_id=row.id,
            name=row.name,
            email=row.email,
            role=role,
            lesson_id=row.lesson_id,
            planned_start=row.planned_start,
            planned_end=row.planned_end,
            course_id=row.course_id,
            course=row.course,
            zone=row.zone,
            platform=row.platform,
            account_id=row.account_id,
            room=row.room,
            trainer=trainer,
        )

    async def _enrolled(self, row: Row[Any]) -> tuple[set[Role], str]:
        """The roles of the token's person on the lesson's day, and the first trainer's name."""
        query = (
            select(_ENROLMENT.c.role, _ENROLMENT.c.from_on, _ENROLMENT.c.until_on, _PERSON.c.id, _PERSON.c.name)
            .join(_PERSON, _PERSON.c.id == _ENROLMENT.c.person_id)
            .where(
                _ENROLMENT.c.course_id == row.course_id,
                or_(_ENROLMENT.c.person_id == row.id, _ENROLMENT.c.role == Role.TRAINER),
            )
        )
        day = row.planned_start.astimezone(ZoneInfo(row.zone)).date()
        enrolled = [
            each
            for each in await self._transaction.all(query)
            if (each.from_on is None or each.from_on <= day) and (each.until_on is None or day <= each.until_on)
        ]
        roles = {Role(each.role) for each in enrolled if each.id == row.id}
        return roles, min((each.name for each in enrolled if each.role == Role.TRAINER), default="")

    async def good(self, token_ids: Collection[str], *, now: datetime) -> set[str]:
        """Which of these tokens are neither over nor taken back; `now` is wire time."""
        query = select(_TOKEN.c.id).where(
            _is_good(self._transaction, now), self._transaction.any_of(_TOKEN.c.id, token_ids)
        )
        return {row.id for row in await self._transaction.all(query)}

    async def take_turns(self, lesson_ids: Collection[str], *, leaving: Collection[str] = ()) -> None:
        """Before anybody enters or leaves these lessons: from here to the end of the transaction nobody else does.

        So of two who leave at once one was the last, and nobody joins a run that has just ended. `leaving` are sockets.
        """
        rooms = select(_LESSON.c.room_id).where(self._transaction.any_of(_LESSON.c.id, lesson_ids))
        # The room's row: who looks at its lesson waits for nobody here. In one order, as all that follows.
        ordered = select(_ROOM.c.id).where(_ROOM.c.id.in_(rooms)).order_by(_ROOM.c.id)
        await self._transaction.all(locking(ordered, _ROOM))
        await self._transaction.lock(_SOCKET, leaving)

    async def enter(self, socket_id: str, seat: Seat, *, now: datetime, lease_until: datetime) -> Placed:
        """A socket is open from now on; into which run of the room, and whether it opened it (`take_turns` first)."""
        open_ones = select(_SOCKET.c.session).where(_SOCKET.c.lesson_id == seat.lesson_id, _SOCKET.c.left_at.is_(None))
        running = await self._transaction.value(open_ones.order_by(_SOCKET.c.joined_at, _SOCKET.c.id).limit(1))
        session: str = running or socket_id
        row = {
            "id": socket_id,
            "lesson_id": seat.lesson_id,
            "person_id": seat.person_id,
            "is_owner": seat.is_owner,
            "session": session,
            "joined_at": now,
            "seen_at": now,
            "lease_until": lease_until,
            "left_at": None,
            "left_reason": "",
        }
        await self._transaction.run(insert(_SOCKET), row)
        return Placed(session=session, is_alone=running is None)

    async def leave(self, socket_id: str, reason: str, *, at: datetime) -> Placed | None:
        """A socket is closed; None: it was before (`take_turns` first)."""
        is_open = and_(_SOCKET.c.id == socket_id, _SOCKET.c.left_at.is_(None))
        session = await self._transaction.value(select(_SOCKET.c.session).where(is_open))
        if session is None:
            return None
        await self._transaction.run(update(_SOCKET).where(is_open).values(left_at=at, left_reason=reason))
        others = exists().where(_SOCKET.c.session == session, _SOCKET.c.left_at.is_(None))
        return Placed(session=session, is_alone=not await self._transaction.value(select(others)))

    async def renew(self, socket_ids: Collection[str], *, seen_at: datetime, lease_until: datetime) -> None:
        """Their process lives, and they are open."""
        await self._transaction.run(_RENEWED, {"sockets": socket_ids, "until": lease_until, "seen": seen_at})

    async def in_lessons(self, lesson_ids: Collection[str]) -> list[OpenSocket]:
        """All of these lessons, closed ones that are still remembered among them, the oldest first."""
        query = (
            select(
                _SOCKET.c.id,
                _SOCKET.c.lesson_id,
                _SOCKET.c.person_id,
                _PERSON.c.name,
                _SOCKET.c.is_owner,
                _SOCKET.c.joined_at,
                _SOCKET.c.left_at,
                _SOCKET.c.left_reason,
            )
            .join(_PERSON, _PERSON.c.id == _SOCKET.c.person_id)
            .where(self._transaction.any_of(_SOCKET.c.lesson_id, lesson_ids))
            .order_by(_SOCKET.c.joined_at, _SOCKET.c.id)
        )
        return [OpenSocket(**row._asdict()) for row in await self._transaction.all(query)]

    async def orphans(self, *, now: datetime, lesson_ids: Collection[str] | None = None) -> list[Orphan]:
        """Those whose lease is over; `now` is wire time. While writing they are claimed until the end of it."""
        is_over = and_(_SOCKET.c.lease_until < now, _SOCKET.c.left_at.is_(None))
        if lesson_ids is not None:
            is_over = and_(is_over, self._transaction.any_of(_SOCKET.c.lesson_id, lesson_ids))
        query = (
            select(
                _SOCKET.c.id,
                _SOCKET.c.lesson_id,
                _SOCKET.c.person_id,
                _PERSON.c.name,
                _PERSON.c.email,
                _SOCKET.c.is_owner,
                _SOCKET.c.seen_at,
                _COURSE.c.platform,
                _ROOM.c.account_id,
                _ROOM.c.ref.label("room"),
            )
            .join(_PERSON, _PERSON.c.id == _SOCKET.c.person_id)
            .join(_LESSON, _LESSON.c.id == _SOCKET.c.lesson_id)
            .join(_COURSE, _COURSE.c.id == _LESSON.c.course_id)
            .join(_ROOM, _ROOM.c.id == _COURSE.c.room_id)
            .where(is_over)
            .order_by(_SOCKET.c.seen_at, _SOCKET.c.id)
        )
        rows: Sequence[Row[Any]] = await self._transaction.all(self._transaction.claiming(query, _SOCKET))
        return [Orphan(**row._asdict()) for row in rows]

    async def forget(self, *, before: datetime) -> None:
        """Those that are closed and that nobody held any more at this moment of wire time."""
        is_over = and_(_SOCKET.c.lease_until < before, _SOCKET.c.left_at.is_not(None))
        # Each process does so: what another one is forgetting is left to it.
        mine = self._transaction.claiming(select(_SOCKET.c.id).where(is_over), _SOCKET)
        await self._transaction.run(delete(_SOCKET).where(_SOCKET.c.id.in_(mine)))


_WHERE_IT_IS: Select[Any] = (
    select(
        _LESSON.c.id.label("lesson_id"),
        _LESSON.c.planned_start,
        _LESSON.c.planned_end,
        _COURSE.c.id.label("course_id"),
        _COURSE.c.name.label("course"),
        _COURSE.c.zone,
        _COURSE.c.platform,
        _ROOM.c.account_id,
        _ROOM.c.ref.label("room"),
    )
    .join(_COURSE, _COURSE.c.id == _LESSON.c.course_id)
    .join(_ROOM, _ROOM.c.id == _LESSON.c.room_id)
)


def _is_good(transaction: Transaction, now: datetime) -> Any:
    return and_(
        _TOKEN.c.workspace_id == transaction.workspace_id,
        _TOKEN.c.revoked_at.is_(None),
        _TOKEN.c.expires_at > now,
    )
