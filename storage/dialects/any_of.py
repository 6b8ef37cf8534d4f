"""Whether a column holds one of many values: one parameter, so that the statement is the same for any number."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, Dialect, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class ManyOf(TypeDecorator[Collection[Any]]):
    """Values of one type as one parameter: an array for PostgreSQL, a JSON text for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item))

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class AnyOf(FunctionElement[bool]):
    """`AnyOf(column, values)`; the values are one parameter of the type `ManyOf`."""

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
