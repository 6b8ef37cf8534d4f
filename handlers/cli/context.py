"""What every command is given: the settings, the store, and the program for those that run it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

import typer
from alembic.util import CommandError

from bot.clock import Clock
from bot.errors import ConfigurationError
from bot.settings import Settings
from handlers.keys import Keys
from handlers.platforms import VARIABLES
from storage import schema
from storage.database import Store
from storage.errors import DATABASE_ERRORS, StorageError
from storage.schema import SchemaState

NEWER = "The database has the schema of a newer version: update this program."


class Program(Protocol):
    """The whole bot, assembled: what `serve` and `demo` run."""

    store: Store

    async def start(self) -> str:
        """Open the doors and start the ticks; the base URL it listens on."""
        ...

    async def stop(self) -> None:
        """Finish what is open and close everything."""
        ...

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way and nothing is due."""
        ...

    def next_due_at(self) -> datetime | None:
        """The next moment of lesson time at which the program has something to do by itself."""
        ...

    def wake(self) -> None:
        """Look at everything now."""
        ...

    def wake_due(self) -> None:
        """Look at what is due by now: somebody moved the clock."""
        ...


@dataclass(frozen=True, kw_only=True)
class Context:
    """`ctx.obj` of every command."""

    environment: Mapping[str, str]
    assemble: Callable[[Settings, Clock], Program]

    @cached_property
    def settings(self) -> Settings:
        """Checked when a command first needs them. Raises `ConfigurationError`."""
        return Settings.from_env(self.environment, platforms=VARIABLES.values())

    @cached_property
    def keys(self) -> Keys:
        """What the secret key is good for. Raises `ConfigurationError` where there is none, or one that is short."""
        problems = [line for line in self.settings.missing_to_serve() if line.startswith("ROLLCALL_SECRET_KEY")]
        if problems:
            raise ConfigurationError("\n".join(problems))
        return Keys([key.get_secret_value() for key in self.settings.secret_key])

    @asynccontextmanager
    async def open_store(self) -> AsyncIterator[Store]:
        """The store with a current schema; an old one is upgraded on SQLite and refused on PostgreSQL."""
        store = await open_current(self.settings.database_url)
        try:
            yield store
        except StorageError as problem:
            raise _unusable(problem, self.settings.database_url) from None
        finally:
            await store.close()


async def open_current(database_url: str) -> Store:
    """Open the store; upgrade an old schema on SQLite, raise `ConfigurationError` for one on PostgreSQL."""
    if database_url.startswith("sqlite"):
        await upgrade_database(database_url)
    try:
        store = await Store.open(database_url)
    except StorageError as problem:
        raise _unusable(problem, database_url) from None
    state = await store.schema_state()
    if state is SchemaState.CURRENT:
        return store
    await store.close()
    if state is SchemaState.NEWER:
        raise ConfigurationError(NEWER)
    raise ConfigurationError("The database has an older schema than this program: run `rollcall db upgrade`.")


async def upgrade_database(database_url: str) -> None:
    """Run the migrations that are missing. Raises `ConfigurationError` for a database that cannot be used."""
    try:
        await schema.upgrade(database_url)
    except CommandError:
        raise ConfigurationError(NEWER) from None
    except DATABASE_ERRORS as problem:
        raise _unusable(StorageError(problem), database_url) from None


def _unusable(problem: StorageError, database_url: str) -> ConfigurationError:
    # The URL may hold a password: it is never repeated.
    return ConfigurationError(f"The database cannot be used ({problem}): {remedy_for(database_url)}")


def remedy_for(database_url: str) -> str:
    """What to look at where the database cannot be used."""
    if database_url.startswith("sqlite"):
        return "is ROLLCALL_DATABASE_URL right, and may this user write to the file and its folder?"
    return "is it running, and is ROLLCALL_DATABASE_URL right?"


def context_of(ctx: typer.Context) -> Context:
    """The typed `ctx.obj`."""
    assert isinstance(ctx.obj, Context)
    return ctx.obj
