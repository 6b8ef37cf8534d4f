"""Where SQLite and PostgreSQL differ: how a transaction begins, and how rows are written by the thousand.

Everything else in `storage/` reads the same for both.
"""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigurationError
from storage.dialects.dialect import Dialect, Insert, Row
from storage.dialects.postgresql import Postgresql
from storage.dialects.sqlite import Sqlite

__all__ = ["Dialect", "Insert", "Row", "dialect_of"]


def dialect_of(url: str) -> Dialect:
    """The database that a URL names. Raises `ConfigurationError` for any but the two."""
    parsed = _parsed(url)
    if parsed.drivername == "sqlite+aiosqlite":
        return Sqlite(parsed)
    if parsed.drivername == "postgresql+asyncpg":
        return Postgresql(parsed)
    message = (
        f"{parsed.drivername} is no database we know: write sqlite+aiosqlite:///rollcall.db or postgresql+asyncpg://…"
    )
    raise ConfigurationError(message)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # Where the host is missing, the password stands in the place of the port: it is never repeated.
        message = (
            "ROLLCALL_DATABASE_URL cannot be read: write postgresql+asyncpg://USER:PASSWORD@HOST:PORT/NAME, "
            "in the password %40 for @, %3A for : and %2F for /"
        )
        raise ConfigurationError(message) from None
