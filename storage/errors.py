"""What the doors may catch: the database's own errors do not leave this folder."""

import sqlite3

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import exc

from bot.errors import in_words

#: what SQLAlchemy and the two drivers raise when the database refuses or cannot be reached
DATABASE_ERRORS = (
    exc.DBAPIError,
    exc.TimeoutError,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)


#: those of them that pass by themselves: locked, out of reach, restarted, full, given up for another transaction
PASSING_ERRORS = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
    sqlite3.OperationalError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    OSError,
)


class StorageError(Exception):
    """The database could not be reached, or refused; the transaction changed nothing.

    The message never holds a value, only what kind of refusal it was. `is_passing`: the same may well succeed later,
    and says nothing against what was to be written.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(_kind_of(error))
        driver_error = getattr(error, "orig", None)
        causes = (error, driver_error, getattr(driver_error, "__cause__", None))
        self.is_passing = any(isinstance(cause, PASSING_ERRORS) for cause in causes)


def _kind_of(error: BaseException) -> str:
    """SQLite's messages name columns at most; PostgreSQL's quote what was to be written."""
    driver_error = getattr(error, "orig", None) or error
    if isinstance(driver_error.__cause__, asyncpg.PostgresError):
        driver_error = driver_error.__cause__
    if isinstance(driver_error, sqlite3.Error):
        return str(driver_error)
    if isinstance(driver_error, OSError):
        return in_words(driver_error)
    place = getattr(driver_error, "constraint_name", None) or getattr(driver_error, "table_name", None)
    return f"{type(driver_error).__name__} ({place})" if place else type(driver_error).__name__
