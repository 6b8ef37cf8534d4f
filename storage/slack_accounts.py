"""What Slack tells of its accounts, and when it was last asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from bot.attendance.lessons import LessonState
from storage.json_text import storable
from storage.tables import Enrolment, Lesson, Person, new_id, table_of
from storage.touch import touch
from storage.transaction import Transaction

_ENROLMENT, _LESSON, _PERSON = table_of(Enrolment), table_of(Lesson), table_of(Person)

_TOLD = ("id", "slack_user_id", "email", "zone", "language", "is_admin", "is_gone", "looked_up_at")
_NEW = (*_TOLD, "workspace_id", "name", "external_id")

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAccount:
    """One account, as Slack describes it; e-mails in lower case, what is not known is empty."""

    user_id: str
    name: str
    email: str = ""
    #: IANA
    zone: str = ""
    #: for example en-GB
    language: str = ""
    is_admin: bool = False
    is_gone: bool = False


class SlackAccounts:
    """The accounts of the people we know."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next_look_up_at(self, *, every: timedelta) -> datetime | None:
        """When somebody has to be looked up next: long ago for who never was, None where nobody is known."""
        people = self._people()
        never = select(_PERSON.c.id).where(people, _PERSON.c.looked_up_at.is_(None)).limit(1)
        if await self._transaction.value(never) is not None:
            return _LONG_AGO
        oldest: datetime | None = await self._transaction.value(
            select(func.min(_PERSON.c.looked_up_at, type_=_PERSON.c.looked_up_at.type)).where(people)
        )
        return None if oldest is None else oldest + every

    async def looked_up(self, *, now: datetime) -> None:
        """Everybody was looked up, found or not."""
        await self._transaction.run(update(_PERSON).where(self._people()).values(looked_up_at=now))

    async def remember(self, accounts: Iterable[SlackAccount], *, now: datetime) -> int:
        """Keep what is told of people whom we know by account or by e-mail; how many they are.

        An account that the course file names stays theirs, whatever its e-mail. An admin whom no course knows becomes a
        person, because admins are told when a platform is silent. Lessons that run are looked at again where somebody
        can be reached now, or no longer.
        """
        told = sorted(accounts, key=lambda account: not account.is_gone)  # an active one replaces one that is gone
        known = _Known(await self._known(told))
        rows: dict[str, tuple[Any, ...]] = {}
        new: list[tuple[Any, ...]] = []
        moved: set[str] = set()
        for account in told:
            person = known.person_of(account)
            if person is not None:
                email = person.email or storable(account.email)
                rows[person.id] = (person.id, *_values(account, email, now))
                if (person.slack_user_id, person.is_gone) != (account.user_id, account.is_gone):
                    moved.add(person.id)
            elif account.is_admin and not account.is_gone:
                values = (new_id(), *_values(account, storable(account.email), now))
                new.append((*values, self._transaction.workspace_id, storable(account.name), ""))
        await self._transaction.update_each(_PERSON, _TOLD, sorted(rows.values()))
        await self._transaction.insert_new(_PERSON, _NEW, new)
        await self._look_again(moved, now=now)
        return len(rows)

    async def add(self, account: SlackAccount, *, now: datetime) -> str:
        """Somebody becomes known by their account, or by their e-mail whom we know by that; the person's id."""
        person = _Known(await self._known([account])).person_of(account)
        if person is not None:
            await self.remember([account], now=now)
            return str(person.id)
        id_ = new_id()
        values = (id_, *_values(account, storable(account.email), now))
        await self._transaction.insert_new(
            _PERSON, _NEW, [(*values, self._transaction.workspace_id, storable(account.name), "")]
        )
        return id_

    async def _known(self, told: Sequence[SlackAccount]) -> Sequence[Row[Any]]:
        ids = {account.user_id for account in told}
        emails = {account.email for account in told if account.email}
        columns = (_PERSON.c.id, _PERSON.c.slack_user_id, _PERSON.c.email, _PERSON.c.is_gone)
        by_id = self._transaction.any_of(_PERSON.c.slack_user_id, ids)
        by_email = self._transaction.any_of(_PERSON.c.email, emails)
        query = select(*columns).where(self._people(), or_(by_id, by_email)).order_by(_PERSON.c.id)
        return await self._transaction.all(query)

    async def _look_again(self, person_ids: set[str], *, now: datetime) -> None:
        if not person_ids:
            return
        theirs = self._transaction.any_of(_ENROLMENT.c.person_id, person_ids)
        courses = select(_ENROLMENT.c.course_id).where(theirs)
        is_live = and_(_LESSON.c.state == LessonState.LIVE.value, _LESSON.c.course_id.in_(courses))
        lessons = await self._transaction.all(select(_LESSON.c.id).where(is_live))
        await touch(self._transaction, [row.id for row in lessons], now)

    def _people(self) -> ColumnElement[bool]:
        return and_(_PERSON.c.workspace_id == self._transaction.workspace_id, _PERSON.c.merged_into.is_(None))


class _Known:
    """People by account and by e-mail."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._by_account = {row.slack_user_id: row for row in rows if row.slack_user_id}
        self._by_email = {row.email: row for row in rows if row.email and (not row.slack_user_id or row.is_gone)}

    def person_of(self, account: SlackAccount) -> Row[Any] | None:
        """By account; by e-mail who has no account yet, or one that is gone."""
        found = self._by_account.get(account.user_id)
        if found is None and account.email and not account.is_gone:
            found = self._by_email.pop(account.email, None)
        return found


def _values(account: SlackAccount, email: str, now: datetime) -> tuple[Any, ...]:
    return (
        account.user_id,
        email,
        storable(account.zone),
        storable(account.language),
        account.is_admin,
        account.is_gone,
        now,
    )
