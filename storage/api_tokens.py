"""API tokens: what each allows. The token itself is nowhere; whoever shows it is known by its digest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.scopes import Grant, Scope
from storage import tables
from storage.tables import new_id, table_of
from storage.transaction import Transaction

_TOKEN, _COURSE = table_of(tables.ApiToken), table_of(tables.Course)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token that was given out; all instants are wire time."""

    id: str
    scopes: tuple[Scope, ...]
    #: the name of the only course it is for; empty: all of the workspace
    course: str
    #: of a JWT: for which lesson, and whose it is; else empty
    lesson_id: str
    person_id: str
    created_at: datetime
    #: None: never
    expires_at: datetime | None
    revoked_at: datetime | None


def digest_of(token: str) -> str:
    """What is kept of a token. Tokens are 256 random bits, so that no salt and no slowness is needed."""
    return sha256(token.encode(errors="backslashreplace")).hexdigest()


class ApiTokens:
    """The tokens of the workspace."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def issue(
        self,
        *,
        scopes: Collection[Scope],
        now: datetime,
        token: str | None = None,
        course_id: str | None = None,
        lesson_id: str | None = None,
        person_id: str | None = None,
        expires_at: datetime | None = None,
    ) -> str:
        """Remember a token, a JWT (`token` None) by its id alone; the id."""
        row = {
            "id": new_id(),
            "workspace_id": self._transaction.workspace_id,
            "token_hash": None if token is None else digest_of(token),
            "scopes": sorted(scope.value for scope in scopes),
            "course_id": course_id,
            "lesson_id": lesson_id,
            "person_id": person_id,
            "created_at": now,
            "expires_at": expires_at,
            "revoked_at": None,
        }
        await self._transaction.run(insert(_TOKEN), row)
        return str(row["id"])

    async def grant(self, token: str, *, now: datetime) -> Grant | None:
        """What a token allows; None for one that nobody gave out, that is over, or that was taken back."""
        query = select(_TOKEN).where(
            _TOKEN.c.token_hash == digest_of(token), _TOKEN.c.workspace_id == self._transaction.workspace_id
        )
        row = await self._transaction.first(query)
        if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
            return None
        return Grant(scopes=frozenset(map(Scope, row.scopes)), course_id=row.course_id)

    async def all(self) -> list[IssuedToken]:
        """Every token, the oldest first."""
        query = select(_TOKEN, _COURSE.c.name.label("course")).outerjoin(_COURSE, _COURSE.c.id == _TOKEN.c.course_id)
        query = query.where(_TOKEN.c.workspace_id == self._transaction.workspace_id)
        rows = await self._transaction.all(query.order_by(_TOKEN.c.created_at, _TOKEN.c.id))
        return [_read(row) for row in rows]

    async def revoke(self, token_id: str, *, now: datetime) -> bool:
        """Take a token back; False if there is none with this id. A second time changes nothing."""
        is_it = (_TOKEN.c.id == token_id, _TOKEN.c.workspace_id == self._transaction.workspace_id)
        await self._transaction.run(update(_TOKEN).where(*is_it, _TOKEN.c.revoked_at.is_(None)).values(revoked_at=now))
        return await self._transaction.value(select(_TOKEN.c.id).where(*is_it)) is not None


def _read(row: Row[Any]) -> IssuedToken:
    return IssuedToken(
        id=row.id,
        scopes=tuple(map(Scope, row.scopes)),
        course=row.course or "",
        lesson_id=row.lesson_id or "",
        person_id=row.person_id or "",
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
