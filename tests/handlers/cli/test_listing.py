"""An empty list says so, and what would fill it; programs get an empty array."""

import json

import pytest

from tests.handlers.cli.conftest import Type


@pytest.mark.parametrize(
    ("what", "remedy"),
    [
        ("course", "`rollcall course import FILE`"),
        ("lesson", "`rollcall course import FILE`"),
        ("token", "`rollcall token create`"),
        ("account", "`rollcall account add`"),
        ("delivery", ""),
    ],
)
def test_an_empty_list_says_so_beside_the_output(type_: Type, what: str, remedy: str) -> None:
    told = type_(what, "list")
    assert (told.code, told.out) == (0, "")
    assert told.err.startswith(("There is no ", "No "))
    assert remedy in told.err
    assert json.loads(type_(what, "list", "--json").out) == []
