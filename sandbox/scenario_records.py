"""The part of a scenario that says how the platforms' own records differ from what happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.apis.records import ANSWERS, Records
from sandbox.places import Fields, Items, Problems
from sandbox.scenario_people import Cast, handles_of

KNOWN = {"after", "empty", "off_by", "without", "answers", "page", "a_second", "tokens_last", "dashboard"}
NO = {"no", "false"}
YES = {"yes", "true"}


def read_records(fields: Fields, cast: Cast, *, length: Callable[[Any, str], timedelta], problems: Problems) -> Records:
    """`length` reads one, given its place; what is wrong goes to `problems` and gets a harmless stand-in."""
    problems.no_others(fields, KNOWN, "records")

    def long(name: str) -> timedelta:
        return length(fields[name], f"records.{name}") if name in fields else timedelta()

    def number(name: str) -> int:
        written = str(fields.get(name, 0))
        if not written.isdecimal():
            problems.at(fields[name], f"records.{name}", f"{written!r} is no whole number")
            return 0
        return int(written)

    answers = problems.of_kind(fields.get("answers", Items()), Items, "records.answers")
    for answer in answers:
        if answer not in ANSWERS:
            problems.at(answer, "records.answers", f"{answer!r} is no answer; known are {', '.join(ANSWERS)}")
    without = fields.get("without", Items())
    is_never = fields.get("after") == "never"
    return Records(
        after=timedelta() if is_never else long("after"),
        are_never=is_never,
        are_empty=fields.get("empty") in YES,
        off_by=long("off_by"),
        without=frozenset(handles_of(cast, without, "records.without", problems)) if without else frozenset(),
        answers=tuple(str(answer) for answer in answers),
        a_page=number("page"),
        a_second=number("a_second"),
        tokens_last=long("tokens_last"),
        has_no_dashboard=fields.get("dashboard") in NO,
    )
