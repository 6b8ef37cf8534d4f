"""What is to be said, to whom, and what stands in Slack of it.

Ticks write what should stand, the sender (`storage/outgoing.py`) makes Slack equal to it: edits coalesce, and the
latest content wins.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select, update

from bot.attendance.wanted import EDIT_PRIORITY, PRIORITY, MessageKind, Wanted
from storage import tables
from storage.json_text import write_json
from storage.message_rows import Attempted, MessageState, StoredMessage, ToSend, changed
from storage.outgoing import IS_WANTED, MESSAGE, Outgoing
from storage.statements import any_of, given, locking
from storage.tables import new_id, table_of

__all__ = ["Attempted", "MessageState", "Messages", "StoredMessage", "ToSend"]

_ATTEMPT = table_of(tables.Attempt)

#: Recipients; where no more are told something, the thousand others of the same question are not read.
_FEW = 200

#: (lesson id, kind, recipient): which message it is
_Key = tuple[str, str, str]

#: lesson id, what is wanted, and of whom: many are told the same
_New = tuple[str, Wanted, list[str]]

_NEW = (
    "id",
    "workspace_id",
    "kind",
    "subject",
    "recipient",
    "desired",
    "desired_revision",
    "sent_revision",
    "channel",
    "ts",
    "due_at",
    "not_after",
    "edit_gap_seconds",
    "priority",
    "attempts",
    "state",
    "error",
)
_CHANGED = (
    "id",
    "desired",
    "desired_revision",
    "not_after",
    "edit_gap_seconds",
    "state",
    "due_at",
    "error",
    "priority",
)


_STANDING = select(MESSAGE.c.id, MESSAGE.c.subject, MESSAGE.c.kind, MESSAGE.c.recipient, MESSAGE.c.desired).where(
    any_of(MESSAGE.c.subject, "subjects"), MESSAGE.c.workspace_id == given(MESSAGE.c.workspace_id, "workspace")
)
_STANDING_OF_FEW = _STANDING.where(any_of(MESSAGE.c.recipient, "recipients"))


class Messages(Outgoing):
    """The messages of the workspace."""

    async def want(self, wanted: Iterable[tuple[str, Wanted]], *, now: datetime) -> None:
        """This should stand in Slack, each with its lesson's id; what is wanted already is not written again.

        Whoever wants for a lesson holds its row, so that nobody else does at the same time.
        """
        by_key: dict[_Key, Wanted] = {(lesson_id, each.kind, each.recipient): each for lesson_id, each in wanted}
        standing = await self._standing(by_key)
        new: dict[tuple[Any, ...], _New] = {}
        differing: dict[str, Wanted] = {}
        for key, each in by_key.items():
            row = standing.get(key)
            if row is None:
                if each.content is not None:
                    shared = (*key[:2], id(each.content), each.due_at, each.not_after, each.edit_gap_seconds)
                    new.setdefault(shared, (key[0], each, []))[2].append(each.recipient)
            elif each.only_if_new:
                continue
            elif row.desired != each.content and write_json(row.desired) != write_json(each.content):
                differing[row.id] = each
        # Neighbours in the index: a third of the time for tens of thousands of rows.
        batch = new_id()
        rows = [self._new(f"{batch}{place:05}", *each) for place, each in enumerate(new.values())]
        await self._transaction.insert_for_each(MESSAGE, _NEW, rows, each="recipient")
        await self._change(differing, now=now)

    async def again(self, lesson_id: str, kind: MessageKind, recipient: str, *, now: datetime) -> bool:
        """Post what is wanted anew, as a new message; the old one stays where it is. False if nothing is wanted."""
        anew = {"channel": "", "ts": "", "state": MessageState.WAITING, "due_at": now, "not_after": None, "error": ""}
        which = and_(*self._is(lesson_id, kind, recipient), IS_WANTED)
        counted = MESSAGE.c.desired_revision + 1
        return await self._transaction.run(update(MESSAGE).where(which).values(desired_revision=counted, **anew)) > 0

    async def shown(self, id_: str, content: Mapping[str, Any], *, now: datetime) -> None:
        """This stands already: whoever pressed its button was answered in its place, so that no edit has to follow."""
        query = select(MESSAGE).where(MESSAGE.c.id == id_, MESSAGE.c.ts != "")
        row = await self._transaction.first(locking(query, MESSAGE))
        if row is None:
            return
        counted = row.desired_revision + 1
        stands = {"desired": content, "desired_revision": counted, "sent_revision": counted, "called_at": now}
        waits = {"state": MessageState.SENT, "due_at": None, "error": ""}
        await self._transaction.run(update(MESSAGE).where(MESSAGE.c.id == row.id).values(**stands, **waits))

    async def find(self, lesson_id: str, kind: MessageKind, recipient: str) -> StoredMessage | None:
        """The message of a kind about a lesson to somebody."""
        return await self._first(*self._is(lesson_id, kind, recipient))

    async def by_place(self, channel: str, ts: str) -> StoredMessage | None:
        """The message that stands at a place in Slack."""
        return await self._first(MESSAGE.c.channel == channel, MESSAGE.c.ts == ts)

    async def attempts_of(self, id_: str) -> list[Attempted]:
        """Every call that was made for a message, the first one first."""
        query = select(_ATTEMPT).where(_ATTEMPT.c.message_id == id_).order_by(_ATTEMPT.c.id)
        return [Attempted(row.at, row.method, row.outcome) for row in await self._transaction.all(query)]

    def _is(self, lesson_id: str, kind: MessageKind, recipient: str) -> tuple[ColumnElement[bool], ...]:
        return (
            MESSAGE.c.workspace_id == self._transaction.workspace_id,
            MESSAGE.c.kind == kind.value,
            MESSAGE.c.subject == lesson_id,
            MESSAGE.c.recipient == recipient,
        )

    async def _standing(self, keys: Collection[_Key]) -> dict[_Key, Row[Any]]:
        recipients = {recipient for _, _, recipient in keys}
        asked = {
            "workspace": self._transaction.workspace_id,
            "subjects": {subject for subject, _, _ in keys},
            "recipients": recipients,
        }
        rows = await self._transaction.all(_STANDING_OF_FEW if len(recipients) <= _FEW else _STANDING, asked)
        return {(row.subject, row.kind, row.recipient): row for row in rows}

    def _new(self, id_: str, lesson_id: str, wanted: Wanted, recipients: list[str]) -> tuple[Any, ...]:
        """Rows that differ by their recipient alone, in the order of `_NEW`."""
        identity = (id_, self._transaction.workspace_id, wanted.kind.value, lesson_id, recipients)
        fixed = (wanted.due_at, wanted.not_after, wanted.edit_gap_seconds, PRIORITY[wanted.kind])
        return (*identity, wanted.content, 1, 0, "", "", *fixed, 0, MessageState.WAITING.value, "")

    async def _change(self, wanted: Mapping[str, Wanted], *, now: datetime) -> None:
        """Have these rows, by id, hold another content; the sender may be at work on any of them."""
        if not wanted:
            return
        query = select(MESSAGE).where(self._transaction.any_of(MESSAGE.c.id, wanted.keys())).order_by(MESSAGE.c.id)
        rows: list[tuple[Any, ...]] = []
        for row in await self._transaction.all(locking(query, MESSAGE)):
            each = wanted[row.id]
            state, due_at, error = changed(row, each, now=now)
            counted = row.desired_revision + 1
            settings = (each.not_after, each.edit_gap_seconds)
            rows.append(
                (row.id, each.content, counted, *settings, state.value, due_at, error, EDIT_PRIORITY[each.kind])
            )
        await self._transaction.update_each(MESSAGE, _CHANGED, rows)

    async def _first(self, *where: ColumnElement[bool]) -> StoredMessage | None:
        row = await self._transaction.first(select(MESSAGE).where(*where))
        return None if row is None else _read(row)


def _read(row: Row[Any]) -> StoredMessage:
    return StoredMessage(
        id=row.id,
        kind=MessageKind(row.kind),
        lesson_id=row.subject,
        recipient=row.recipient,
        content=row.desired,
        revision=row.desired_revision,
        channel=row.channel,
        ts=row.ts,
        sent_at=row.sent_at,
        state=MessageState(row.state),
        due_at=row.due_at,
        error=row.error,
    )
