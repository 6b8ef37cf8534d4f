"""The schema: which revision a database has, and how it gets to the newest. Alembic is configured here alone."""

from collections.abc import Callable
from enum import StrEnum, unique
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.dialects import dialect_of

_MIGRATIONS = Path(__file__).parent / "migrations"


@unique
class SchemaState(StrEnum):
    """How a database's tables stand to this program."""

    EMPTY = "empty"
    OLD = "old"  # `rollcall db upgrade` brings it up to date
    CURRENT = "current"
    NEWER = "newer"  # a later version of this program was here


async def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations up to a revision, all in one transaction; two at once wait for each other.

    Raises `ConfigurationError` for a URL of no use.
    """
    await _migrated(url, revision, command.upgrade)


async def downgrade(url: str, revision: str) -> None:
    """Run the migrations back to a revision, `base` for an empty database."""
    await _migrated(url, revision, command.downgrade)


async def current_revision(engine: AsyncEngine) -> str | None:
    """The revision that a database has; None where no migration ever ran."""
    async with engine.connect() as connection:
        return await connection.run_sync(_revision_of)


async def state_of(engine: AsyncEngine) -> SchemaState:
    """How a database's tables stand to this program."""
    revision = await current_revision(engine)
    scripts = ScriptDirectory.from_config(_config())
    if revision is None:
        return SchemaState.EMPTY
    if revision == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.OLD if revision in known else SchemaState.NEWER


async def _migrated(url: str, revision: str, migrate: Callable[[Config, str], None]) -> None:
    dialect = dialect_of(url)

    def run(connection: Connection) -> None:
        dialect.begin_migration(connection)
        migrate(_config(connection), revision)

    try:
        async with dialect.writing.connect() as connection, connection.begin():
            await connection.run_sync(run)
    finally:
        await dialect.close()


def _config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; `migrations/env.py` takes the connection from it."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
