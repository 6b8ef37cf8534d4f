"""The documents that were made once and are kept: what they are. Their bytes are in files beside the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.errors import StorageExceeded
from storage import tables
from storage.statements import locking
from storage.tables import table_of
from storage.transaction import Transaction

_ASSET, _LESSON, _WORKSPACE = (table_of(model) for model in (tables.Asset, tables.Lesson, tables.Workspace))


@unique
class AssetKind(StrEnum):
    """What a kept document is."""

    PARTICIPATION_REPORT = "participation_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A kept document, without its bytes."""

    #: follows from what it was made from; names, with `sha256`, the file that holds its bytes
    id: str
    lesson_id: str
    #: of which presence check; None: of none
    check_id: str | None
    kind: AssetKind
    file_name: str
    media_type: str
    #: bytes
    size: int
    #: of its bytes
    sha256: str
    version: int
    made_at: datetime


class Assets:
    """The kept documents of the workspace."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, asset: Asset, *, quota: int) -> Asset:
        """Keep a document whose bytes are in their place; one that is kept already stays as it is, and is returned.

        Raises `StorageExceeded` if the workspace's documents would take more than `quota` bytes. Writers take turns
        from here to the end of the transaction, so that two cannot both take the last room.
        """
        workspace = select(_WORKSPACE.c.id).where(_WORKSPACE.c.id == self._transaction.workspace_id)
        await self._transaction.first(locking(workspace, _WORKSPACE))
        kept = await self.find(asset.id)
        if kept is not None:
            return kept
        if await self.used() + asset.size > quota:
            raise StorageExceeded
        columns = ("id", "workspace_id", "lesson_id", "presence_check_id", "kind", "file_name", "media_type")
        values = (asset.id, self._transaction.workspace_id, asset.lesson_id, asset.check_id, asset.kind.value)
        more = ("size", "sha256", "version", "made_at")
        made = (asset.file_name, asset.media_type, asset.size, asset.sha256, asset.version, asset.made_at)
        await self._transaction.insert_new(_ASSET, (*columns, *more), [(*values, *made)])
        return asset

    async def used(self) -> int:
        """Bytes of all documents together."""
        query = select(func.coalesce(func.sum(_ASSET.c.size), 0)).where(self._is_ours())
        return int(await self._transaction.value(query))

    async def find(self, id_: str) -> Asset | None:
        """One document."""
        row = await self._transaction.first(_all().where(self._is_ours(), _ASSET.c.id == id_))
        return None if row is None else _read(row)

    async def of_lesson(self, lesson_id: str) -> list[Asset]:
        """All of one lesson, the first one first."""
        query = _all().where(self._is_ours(), _ASSET.c.lesson_id == lesson_id).order_by(_ASSET.c.made_at, _ASSET.c.id)
        return [_read(row) for row in await self._transaction.all(query)]

    async def course_of(self, id_: str) -> str | None:
        """Id of the course that a document is about."""
        query = select(_LESSON.c.course_id).join(_ASSET, _ASSET.c.lesson_id == _LESSON.c.id)
        found = await self._transaction.value(query.where(self._is_ours(), _ASSET.c.id == id_))
        return None if found is None else str(found)

    def _is_ours(self) -> Any:
        return _ASSET.c.workspace_id == self._transaction.workspace_id


def _all() -> Select[Any]:
    return select(_ASSET)


def _read(row: Row[Any]) -> Asset:
    return Asset(
        id=row.id,
        lesson_id=row.lesson_id,
        check_id=row.presence_check_id,
        kind=AssetKind(row.kind),
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        version=row.version,
        made_at=row.made_at,
    )
