"""What statements are made of that are built once, when the program loads, and given their values at each run.

To build one costs SQLAlchemy more than to run it, and these run for every delivery and every look at a lesson.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, select

from storage.dialects.any_of import AnyOf, ManyOf


def any_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a column holds one of the values that are given under this name: one parameter for any number."""
    return AnyOf(column, bindparam(name, type_=ManyOf(column.type)))


def given(column: ColumnElement[Any], name: str) -> BindParameter[Any]:
    """The value that is given under this name, in the column's type."""
    return bindparam(name, type_=column.type)


def locking(query: Select[Any], of: Table) -> Select[Any]:
    """Lock what is found until the transaction ends, wait for what somebody else holds.

    On SQLite, where one writes at a time, it says nothing. FOR NO KEY UPDATE: rows that point here (an event to its
    session) are written meanwhile, and lock nobody up.
    """
    return query.with_for_update(of=of, key_share=True)


def in_order(table: Table, name: str) -> ColumnElement[bool]:
    """For an UPDATE: the rows of the given ids, locked one by one, so that no two writers lock each other up."""
    return table.c.id.in_(locking(select(table.c.id).where(any_of(table.c.id, name)).order_by(table.c.id), table))
