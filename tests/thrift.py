"""What a run of many thousand tests need not do anew for each of them."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.dialects import postgresql, sqlite


class CompiledStatements(dict[tuple[Any, ...], Any]):
    """Statements as SQLAlchemy compiled them, for every engine of one database.

    Its own cache asks for the same engine as well. A bot's engine lives for months; a test's lives for a second, and a
    sixth of that second went into statements that the test before it had compiled already.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def _of_any_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return key[1:]


@pytest.fixture(autouse=True, scope="session")
def statements_are_compiled_once() -> Iterator[None]:
    """As in a bot that lives, though each test opens databases of its own."""
    compiled: dict[str, CompiledStatements] = {}

    def engine(url: URL, **how: Any) -> AsyncEngine:
        created = create_async_engine(url, **how)
        of_this_database = compiled.setdefault(url.drivername, CompiledStatements())
        created.sync_engine.update_execution_options(compiled_cache=of_this_database)
        return created

    with pytest.MonkeyPatch.context() as patch:
        for module in (sqlite, postgresql):
            patch.setattr(module, "create_async_engine", engine)
        yield


@pytest.fixture(autouse=True)
def tracebacks_are_plain() -> None:
    """As the bot writes them: structlog's own way draws a box with all values around each line, for half a second."""
    *before, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, plain])


def collect_garbage_seldom() -> None:
    """The collector's walks were a sixth of the work: there is memory enough for garbage to wait."""
    gc.set_threshold(50_000, 10, 10)


def keep_what_stands() -> None:
    """All tests stand to the end: the collector need not look at them each time."""
    gc.collect()
    gc.freeze()
