"""Whether a column holds one of many values: one parameter, so that the statement is the same for any number."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class AnyOf(FunctionElement[bool]):
    """`AnyOf(column, values)`; the values are one parameter, in the form that the database reads."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  SQLAlchemy's signature
        """Itself: SQLAlchemy would write `… = 1` for SQLite, which then reads the whole table instead of an index."""
        return self


@compiles(AnyOf, "sqlite")
def _in_json(element: AnyOf, compiler: Any, **options: Any) -> str:
    column, values = _arguments(element, compiler, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  a column's name and a placeholder


@compiles(AnyOf, "postgresql")
def _in_array(element: AnyOf, compiler: Any, **options: Any) -> str:
    column, values = _arguments(element, compiler, **options)
    return f"{column} = ANY ({values})"


def _arguments(element: AnyOf, compiler: Any, **options: Any) -> tuple[str, str]:
    column, values = element.clauses
    return compiler.process(column, **options), compiler.process(values, **options)
