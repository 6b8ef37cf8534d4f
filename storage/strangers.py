"""Strangers: e-mails in the rooms that are nobody's whom we know, until Slack was asked whose they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, update

from bot.attendance.events import Handle, PresenceEvent
from bot.attendance.lessons import LinkKind
from storage.json_text import storable
from storage.pacing import LOOK_UP, Pacing
from storage.slack_accounts import SlackAccount, SlackAccounts
from storage.statements import any_of, given
from storage.tables import Enrolment, Identity, Lesson, Person, Session, Stranger, table_of
from storage.touch import touch
from storage.transaction import Transaction

#: Who is seen again is asked about again, but not before this.
AGAIN_AFTER = timedelta(days=1)

_ENROLMENT, _IDENTITY, _LESSON, _PERSON, _SESSION, _STRANGER = (
    table_of(model) for model in (Enrolment, Identity, Lesson, Person, Session, Stranger)
)
_COLUMNS = ("workspace_id", "email", "session_id", "due_at", "asked_at")

#: (`LinkKind`, value): what points to a person
_Pointer = tuple[str, str]

_ASKED = (
    select(_STRANGER.c.email, func.max(_STRANGER.c.asked_at, type_=_STRANGER.c.asked_at.type))
    .where(
        _STRANGER.c.workspace_id == given(_STRANGER.c.workspace_id, "workspace"), any_of(_STRANGER.c.email, "emails")
    )
    .group_by(_STRANGER.c.email)
)
_NEXT_DUE = select(func.min(_STRANGER.c.due_at, type_=_STRANGER.c.due_at.type)).where(
    _STRANGER.c.workspace_id == given(_STRANGER.c.workspace_id, "workspace"), _STRANGER.c.due_at.is_not(None)
)
_EMAILS = select(_PERSON.c.email).where(
    _PERSON.c.workspace_id == given(_PERSON.c.workspace_id, "workspace"), any_of(_PERSON.c.email, "emails")
)
_CONFIRMED = select(_IDENTITY.c.kind, _IDENTITY.c.value).where(
    _IDENTITY.c.workspace_id == given(_IDENTITY.c.workspace_id, "workspace"),
    any_of(_IDENTITY.c.kind, "kinds"),
    any_of(_IDENTITY.c.value, "values"),
    _IDENTITY.c.withdrawn_at.is_(None),
)
_REGISTRANTS = select(_ENROLMENT.c.registrant_id).where(any_of(_ENROLMENT.c.registrant_id, "registrants"))
_NUMBERS = select(_PERSON.c.external_id).where(
    _PERSON.c.workspace_id == given(_PERSON.c.workspace_id, "workspace"), any_of(_PERSON.c.external_id, "numbers")
)


async def meet_strangers(
    transaction: Transaction,
    events: Iterable[tuple[str, int | None, PresenceEvent]],
    sessions: Mapping[tuple[str, str], str],
    *,
    now: datetime,
) -> None:
    """Note in which session somebody is by whose handle we know nobody; `sessions` are ids by (account, ref)."""
    pointers: dict[str, set[_Pointer]] = defaultdict(set)
    seen_in: set[tuple[str, str]] = set()
    for account_id, _, event in events:
        if event.handle.email:
            pointers[storable(event.handle.email)] |= _pointers(event.handle)
            seen_in.add((storable(event.handle.email), sessions[account_id, storable(event.session)]))
    emails = await _of_nobody(transaction, pointers)
    if not emails:
        return
    before = await transaction.all(_ASKED, {"workspace": transaction.workspace_id, "emails": emails})
    asked = {email: at for email, at in before if at}
    due = {email: max(now, asked[email] + AGAIN_AFTER) if email in asked else now for email in emails}
    rows = [
        (transaction.workspace_id, email, session_id, due[email], None)
        for email, session_id in sorted(seen_in)
        if email in due
    ]
    await transaction.insert_new(_STRANGER, _COLUMNS, rows)


class Strangers:
    """Whom Slack has to be asked about, and in which lessons they were."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next_due_at(self) -> datetime | None:
        """When Slack may be asked next; None where there is nobody to ask about."""
        workspace = {"workspace": self._transaction.workspace_id}
        due_at: datetime | None = await self._transaction.value(_NEXT_DUE, workspace)
        return None if due_at is None else max(due_at, (await self._pacing.free_at([LOOK_UP]))[LOOK_UP])

    async def take(self, *, now: datetime, lease: timedelta, limit: int = 20) -> list[str]:
        """E-mails to ask about now, as many as Slack's rate lets through; nobody else gets them while the lease lasts.

        Those who became known meanwhile are not asked about any more.
        """
        await self._pacing.free_at([LOOK_UP], is_locked=True)  # one taker after the other
        query = (
            select(_STRANGER.c.email)
            .where(self._ours(), _STRANGER.c.due_at <= now)
            .group_by(_STRANGER.c.email)
            .order_by(func.min(_STRANGER.c.due_at), _STRANGER.c.email)
            .limit(limit)
        )
        due = [row.email for row in await self._transaction.all(query)]
        unknown = await _of_nobody(self._transaction, {email: {(LinkKind.EMAIL.value, email)} for email in due})
        await self._set(set(due) - unknown, due_at=None)
        waiting = [email for email in due if email in unknown]
        moments = await self._pacing.take_many([[LOOK_UP]] * len(waiting), now=now)
        taken = [email for email, moment in zip(waiting, moments, strict=True) if moment == now]
        await self._set(taken, due_at=now + lease)
        return taken

    async def answered(self, email: str, account: SlackAccount | None, *, now: datetime) -> None:
        """Slack said whose it is, or that it is nobody's.

        Somebody becomes known, enrolled or not, and the lessons that saw them are looked at again.
        """
        await self._set([email], due_at=None, asked_at=now)
        if account is not None:
            await SlackAccounts(self._transaction).add(account, now=now)
            await touch(self._transaction, await self._lessons(email, now=now), now)

    async def _lessons(self, email: str, *, now: datetime) -> Sequence[str]:
        """Those whose window is open, or was, and sees a session in which this e-mail was."""
        is_seen = and_(
            _LESSON.c.room_id == _SESSION.c.room_id,
            _LESSON.c.window_end > _SESSION.c.first_at,
            _LESSON.c.window_start < _SESSION.c.open_until,
            _LESSON.c.window_start <= now,
        )
        query = (
            select(_LESSON.c.id)
            .distinct()
            .select_from(_STRANGER)
            .join(_SESSION, _SESSION.c.id == _STRANGER.c.session_id)
            .join(_LESSON, is_seen)
            .where(self._ours(), _STRANGER.c.email == email)
        )
        return [row.id for row in await self._transaction.all(query)]

    async def _set(self, emails: Collection[str], **values: datetime | None) -> None:
        if emails:
            chosen = and_(self._ours(), self._transaction.any_of(_STRANGER.c.email, emails))
            await self._transaction.run(
                update(_STRANGER).where(chosen, _STRANGER.c.due_at.is_not(None)).values(**values)
            )

    def _ours(self) -> ColumnElement[bool]:
        return _STRANGER.c.workspace_id == self._transaction.workspace_id

    @property
    def _pacing(self) -> Pacing:
        return Pacing(self._transaction)


def _pointers(handle: Handle) -> set[_Pointer]:
    named = (
        (LinkKind.EMAIL.value, handle.email),
        (LinkKind.USER_ID.value, handle.user_id),
        (LinkKind.REGISTRANT_ID.value, handle.registrant_id),
        (LinkKind.EXTERNAL_ID.value, handle.external_id),
    )
    return {(kind, storable(value)) for kind, value in named if value}


async def _of_nobody(transaction: Transaction, pointers: Mapping[str, set[_Pointer]]) -> set[str]:
    """The e-mails of those to whom nobody belongs by any of their pointers, nor was confirmed to."""
    known = {(LinkKind.EMAIL.value, email) for email in await _emails_of_people(transaction, pointers)}
    rest = {email: of_one for email, of_one in pointers.items() if not of_one & known}
    if not rest:
        return set()
    known = await _pointing(transaction, set().union(*rest.values()))
    return {email for email, of_one in rest.items() if not of_one & known}


async def _emails_of_people(transaction: Transaction, emails: Collection[str]) -> set[str]:
    if not emails:
        return set()
    asked = {"workspace": transaction.workspace_id, "emails": emails}
    return {row.email for row in await transaction.all(_EMAILS, asked)}


async def _pointing(transaction: Transaction, pointers: Collection[_Pointer]) -> set[_Pointer]:
    """Those that a person confirmed, a course's registrants have, or somebody's own number is."""
    values: dict[str, set[str]] = defaultdict(set)
    for kind, value in pointers:
        values[kind].add(value)
    mine = {"workspace": transaction.workspace_id}
    pointing = mine | {"kinds": set(values), "values": {value for _, value in pointers}}
    found = {(row.kind, row.value) for row in await transaction.all(_CONFIRMED, pointing)}
    if registrants := values[LinkKind.REGISTRANT_ID.value]:
        named = await transaction.all(_REGISTRANTS, {"registrants": registrants})
        found |= {(LinkKind.REGISTRANT_ID.value, value) for (value,) in named}
    if numbers := values[LinkKind.EXTERNAL_ID.value]:
        named = await transaction.all(_NUMBERS, mine | {"numbers": numbers})
        found |= {(LinkKind.EXTERNAL_ID.value, value) for (value,) in named}
    return found
