"""Where SQLite and PostgreSQL differ: how a transaction begins, how rows are claimed, and written by the thousand.

Everything else in `storage/` reads the same for both.
"""

from sqlalchemy import make_url

from bot.errors import ConfigurationError
from storage.dialects.dialect import Dialect, Insert, Row
from storage.dialects.postgresql import Postgresql
from storage.dialects.sqlite import Sqlite

__all__ = ["Dialect", "Insert", "Row", "dialect_of"]


def dialect_of(url: str) -> Dialect:
    """The database that a URL names. Raises `ConfigurationError` for any but the two."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite+aiosqlite":
        return Sqlite(parsed)
    if parsed.drivername == "postgresql+asyncpg":
        return Postgresql(parsed)
    message = (
        f"{parsed.drivername} is no database we know: write sqlite+aiosqlite:///rollcall.db or postgresql+asyncpg://…"
    )
    raise ConfigurationError(message)
