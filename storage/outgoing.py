"""The sender's side of messages: claim what may go, and tell what came of it.

A call to Slack is made outside any transaction. `claim` gives a row away for a while; `sent`, `deleted`, `busy`,
`rejected` or `lost` ends that and says what stands now. A row that nobody ends is free again when its lease runs out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select, update

from bot.attendance.wanted import FILES, MessageKind
from storage import tables
from storage.message_rows import MessageState, ToSend, called
from storage.pacing import DELETE, EDIT, POST, Pacing, conversation
from storage.statements import given, locking
from storage.tables import table_of
from storage.transaction import Transaction

MESSAGE, _ATTEMPT, _PERSON, _LESSON, _COURSE = (
    table_of(model) for model in (tables.Message, tables.Attempt, tables.Person, tables.Lesson, tables.Course)
)

_STANDS = MESSAGE.c.ts != ""
IS_WANTED = MESSAGE.c.desired.is_not(None)
#: which rows are sent by which of Slack's methods
_BY_METHOD: Mapping[str, ColumnElement[bool]] = {
    POST: and_(~_STANDS, IS_WANTED),
    EDIT: and_(_STANDS, IS_WANTED),
    DELETE: and_(_STANDS, ~IS_WANTED),
}
#: So many that are too late are skipped by one claim; after an outage the next claims take the rest.
_LATE_AT_ONCE = 1_000

_FILES = sorted(kind.value for kind in FILES)
NOT_IN_SLACK = "not in Slack"
TOO_LATE = "too late"
#: the method of an attempt that was none: the message was given up before
NO_CALL = ""


def _is_waiting(*, files: bool) -> ColumnElement[bool]:
    is_ours = MESSAGE.c.workspace_id == given(MESSAGE.c.workspace_id, "workspace")
    is_of_lane = MESSAGE.c.kind.in_(_FILES) if files else MESSAGE.c.kind.not_in(_FILES)
    return and_(is_ours, MESSAGE.c.state == MessageState.WAITING, is_of_lane)


def _is_due(*, files: bool) -> ColumnElement[bool]:
    is_free = or_(MESSAGE.c.lease_until.is_(None), MESSAGE.c.lease_until <= given(MESSAGE.c.lease_until, "wire_now"))
    return and_(_is_waiting(files=files), MESSAGE.c.due_at <= given(MESSAGE.c.due_at, "now"), is_free)


#: with what is to be known of their readers; `person_id` is None where the recipient is a channel
_WITH_READERS = (
    select(
        MESSAGE.c.id,
        MESSAGE.c.kind,
        MESSAGE.c.subject,
        MESSAGE.c.recipient,
        MESSAGE.c.desired,
        MESSAGE.c.desired_revision,
        MESSAGE.c.channel,
        MESSAGE.c.ts,
        MESSAGE.c.sent_at,
        MESSAGE.c.attempts,
        _PERSON.c.id.label("person_id"),
        _PERSON.c.slack_user_id,
        _PERSON.c.is_gone,
        _PERSON.c.zone,
        _PERSON.c.language,
        _COURSE.c.zone.label("course_zone"),
    )
    .outerjoin_from(MESSAGE, _PERSON, _PERSON.c.id == MESSAGE.c.recipient)
    .outerjoin(_LESSON, _LESSON.c.id == MESSAGE.c.subject)
    .outerjoin(_COURSE, _COURSE.c.id == _LESSON.c.course_id)
)
_METHOD = case(*((rows, name) for name, rows in _BY_METHOD.items()))
_IS_LATE = and_(MESSAGE.c.sent_at.is_(None), ~_STANDS, MESSAGE.c.not_after < given(MESSAGE.c.not_after, "now"))

# By whether they are for files.
_ANY_DUE = {files: select(MESSAGE.c.id).where(_is_due(files=files)).limit(1) for files in (False, True)}
_LATE = {
    files: select(MESSAGE.c.id).where(_is_due(files=files), _IS_LATE).limit(_LATE_AT_ONCE) for files in (False, True)
}
_TO_SEND = {
    files: _WITH_READERS.where(_is_due(files=files)).order_by(MESSAGE.c.priority, MESSAGE.c.due_at, MESSAGE.c.id)
    for files in (False, True)
}
_NEXT_DUE = {
    files: select(_METHOD, func.min(MESSAGE.c.due_at))
    .where(_is_waiting(files=files), MESSAGE.c.lease_until.is_(None), _METHOD.is_not(None))
    .group_by(_METHOD)
    for files in (False, True)
}
_LOCKED = locking(select(MESSAGE).where(MESSAGE.c.id == given(MESSAGE.c.id, "message")), MESSAGE)


class Outgoing:
    """Messages on their way to Slack."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._pacing = Pacing(transaction)

    async def is_any_due(self, *, now: datetime, wire_now: datetime, files: bool = False) -> bool:
        """Whether there is anything to claim; unlike claiming, to ask keeps nobody from writing."""
        return await self._transaction.first(_ANY_DUE[files], self._at(now, wire_now)) is not None

    async def claim(
        self, *, now: datetime, wire_now: datetime, limit: int, lease: timedelta, files: bool = False
    ) -> list[ToSend]:
        """Messages that are due and may go, the most urgent first; the caller's alone for the time of the lease.

        With `files` those that are files, else all others.

        What is too late to be posted is skipped, who is not in Slack is not written to, and what a busy conversation
        does not take yet is due when it does. What the workspace does not take yet stays due, so that of all that
        waits the most urgent goes first.
        """
        at = self._at(now, wire_now)
        # Locks the buckets, so claimers take turns from here.
        closed = await self._closed(now, is_locked=True)
        await self._skip_late(at, files=files)
        claimed: list[ToSend] = []
        while len(claimed) < limit and len(closed) < len(_BY_METHOD):
            missing = limit - len(claimed)
            going = or_(*(rows for method, rows in _BY_METHOD.items() if method not in closed))
            query = self._transaction.claiming(_TO_SEND[files].where(going).limit(missing), MESSAGE)
            rows = await self._transaction.all(query, at)
            messages = [_read(row) for row in await self._reachable(rows)]
            moments = await self._pacing.take_many([_buckets(message) for message in messages], now=now)
            closed = await self._closed(now)
            taken = [message for message, moment in zip(messages, moments, strict=True) if moment == now]
            await self._put_off(messages, moments, closed, now)
            await self._lease(taken, wire_now + lease)
            claimed += taken
            if len(rows) < missing:
                break
        return claimed

    async def sent(self, id_: str, *, revision: int, channel: str, ts: str, now: datetime, method: str) -> None:
        """Slack took this revision; `channel` and `ts` are where it stands."""
        row = await self._ended(id_, method=method, outcome="ok", now=now)
        if row is None:
            return
        posted = {"channel": channel, "ts": ts, "sent_at": now} if method == POST else {}
        # An edit may come back to a row whose message was given up meanwhile, for a new one (`again`).
        stands = bool(posted or row.ts)
        state, due_at = called(row, revision=revision, stands=stands, ends_as=MessageState.SENT, now=now)
        await self._set(id_, **_taken(revision, now), state=state, due_at=due_at, **posted)

    async def placed(self, id_: str, *, channel: str, ts: str) -> None:
        """It stands here already, but there is more to do for it: whoever holds it goes on."""
        await self._transaction.run(update(MESSAGE).where(MESSAGE.c.id == id_).values(channel=channel, ts=ts))

    async def deleted(self, id_: str, *, revision: int, now: datetime) -> None:
        """Nothing stands any more."""
        row = await self._ended(id_, method=DELETE, outcome="ok", now=now)
        if row is None:
            return
        state, due_at = called(row, revision=revision, stands=False, ends_as=MessageState.SENT, now=now)
        nowhere = {"channel": "", "ts": "", "sent_at": None}
        await self._set(id_, **_taken(revision, now), state=state, due_at=due_at, **nowhere)

    async def rejected(self, id_: str, *, revision: int, error: str, now: datetime, method: str) -> None:
        """Slack will never take this revision; what is wanted later is tried again."""
        row = await self._ended(id_, method=method, outcome=error, now=now)
        if row is None:
            return
        state, due_at = called(row, revision=revision, stands=bool(row.ts), ends_as=MessageState.REJECTED, now=now)
        await self._set(id_, called_at=now, attempts=0, error=error, state=state, due_at=due_at)

    async def unwritable(self, id_: str, *, revision: int, error: str, now: datetime) -> None:
        """Nothing could be made of this revision, and Slack was not called; what is wanted later is tried again."""
        row = await self._locked(id_)
        if row is not None:
            state, due_at = called(row, revision=revision, stands=bool(row.ts), ends_as=MessageState.REJECTED, now=now)
            await self._set(id_, attempts=0, error=error, state=state, due_at=due_at)

    async def put_off(self, message: ToSend, *, until: datetime, now: datetime) -> None:
        """Slack was not called, because what is to be said is not known yet: again then; others may call now."""
        # The buckets first, as when claiming, so that two who wait for each other's rows cannot be.
        await self._pacing.give_back(_buckets(message), now=now)
        row = await self._locked(message.id)
        if row is not None:
            is_over = row.desired is None and not row.ts
            state, due_at = (MessageState.SKIPPED, None) if is_over else (MessageState.WAITING, until)
            await self._set(message.id, state=state, due_at=due_at)

    async def attempted(self, id_: str, *, method: str, outcome: str, now: datetime) -> None:
        """A call that another one follows at once."""
        await self._ended(id_, method=method, outcome=outcome, now=now)

    async def busy(self, id_: str, *, retry_at: datetime, error: str, now: datetime, method: str) -> None:
        """Slack asks to wait, or gave no answer: again then, with whatever is wanted by then."""
        row = await self._ended(id_, method=method, outcome=error, now=now)
        if row is None:
            return
        is_over = row.desired is None and not row.ts
        state, due_at = (MessageState.SKIPPED, None) if is_over else (MessageState.WAITING, retry_at)
        await self._set(id_, attempts=row.attempts + 1, error=error, state=state, due_at=due_at)

    async def lost(self, id_: str, *, now: datetime) -> None:
        """What stood is gone from Slack: what is wanted is posted anew."""
        row = await self._ended(id_, method=EDIT, outcome="gone", now=now)
        if row is None:
            return
        state, due_at = (MessageState.SKIPPED, None) if row.desired is None else (MessageState.WAITING, now)
        await self._set(id_, channel="", ts="", error="", state=state, due_at=due_at)

    async def next_due_at(self, *, files: bool = False) -> datetime | None:
        """When the next message may go, of files or of all others. Those that are under way are left out."""
        ours = {"workspace": self._transaction.workspace_id}
        first: dict[str, datetime] = {row[0]: row[1] for row in await self._transaction.all(_NEXT_DUE[files], ours)}
        free_at = await self._pacing.free_at(first)
        return min((max(due_at, free_at[name]) for name, due_at in first.items()), default=None)

    def _at(self, now: datetime, wire_now: datetime) -> dict[str, Any]:
        """What the queries for due messages are given."""
        return {"workspace": self._transaction.workspace_id, "now": now, "wire_now": wire_now}

    async def _closed(self, now: datetime, *, is_locked: bool = False) -> set[str]:
        """The methods that the workspace may not call now."""
        free_at = await self._pacing.free_at(_BY_METHOD, is_locked=is_locked)
        return {method for method, moment in free_at.items() if moment > now}

    async def _skip_late(self, at: Mapping[str, Any], *, files: bool) -> None:
        rows = await self._transaction.all(self._transaction.claiming(_LATE[files], MESSAGE), at)
        skipped = [(row.id, MessageState.SKIPPED.value, None, TOO_LATE) for row in rows]
        await self._transaction.update_each(MESSAGE, ("id", "state", "due_at", "error"), skipped)
        told = [(row.id, at["now"], NO_CALL, TOO_LATE) for row in rows]
        await self._transaction.insert_new(_ATTEMPT, ("message_id", "at", "method", "outcome"), told)

    async def _reachable(self, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Those that can be sent; who has no account in Slack is not posted to."""
        refused = {row.id for row in rows if row.person_id and not row.ts and (row.is_gone or not row.slack_user_id)}
        rejected = [(id_, MessageState.REJECTED.value, None, NOT_IN_SLACK) for id_ in sorted(refused)]
        await self._transaction.update_each(MESSAGE, ("id", "state", "due_at", "error"), rejected)
        return [row for row in rows if row.id not in refused]

    async def _put_off(
        self, messages: Sequence[ToSend], moments: Sequence[datetime], closed: set[str], now: datetime
    ) -> None:
        """What only its conversation does not take yet is due when it does."""
        late = [
            (message.id, moment)
            for message, moment in zip(messages, moments, strict=True)
            if moment > now and message.method not in closed
        ]
        await self._transaction.update_each(MESSAGE, ("id", "due_at"), late)

    async def _lease(self, messages: Sequence[ToSend], until: datetime) -> None:
        rows = [(message.id, until) for message in messages]
        await self._transaction.update_each(MESSAGE, ("id", "lease_until"), rows)

    async def _ended(self, id_: str, *, method: str, outcome: str, now: datetime) -> Row[Any] | None:
        """The row of a call that has ended, written down as an attempt; None if the row was erased meanwhile."""
        row = await self._locked(id_)
        if row is not None:
            attempt = {"message_id": id_, "at": now, "method": method, "outcome": outcome}
            await self._transaction.run(insert(_ATTEMPT), attempt)
        return row

    async def _locked(self, id_: str) -> Row[Any] | None:
        return await self._transaction.first(_LOCKED, {"message": id_})

    async def _set(self, id_: str, **values: Any) -> None:
        await self._transaction.run(update(MESSAGE).where(MESSAGE.c.id == id_).values(lease_until=None, **values))


def _taken(revision: int, now: datetime) -> dict[str, Any]:
    return {"sent_revision": revision, "called_at": now, "attempts": 0, "error": ""}


def _buckets(message: ToSend) -> tuple[str, ...]:
    return (POST, conversation(message.address)) if message.method == POST else (message.method,)


def _read(row: Row[Any]) -> ToSend:
    return ToSend(
        id=row.id,
        kind=MessageKind(row.kind),
        subject=row.subject,
        recipient=row.recipient,
        address=row.slack_user_id or row.recipient,
        content=row.desired,
        revision=row.desired_revision,
        channel=row.channel,
        ts=row.ts,
        sent_at=row.sent_at,
        attempts=row.attempts,
        zone=row.zone or row.course_zone or "",
        language=row.language or "",
    )
