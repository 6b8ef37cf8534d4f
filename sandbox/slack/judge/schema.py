"""Small checks out of which the tables of Block Kit are made; each yields what is wrong and where."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Flaw:
    """One mistake: a JSON pointer to it, a code, and a sentence."""

    pointer: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer or '/'}]"


def listed(value: Any) -> list[Any]:
    """Return a list as it is and anything else as an empty one, for rules that look past what is wrong already."""
    return value if isinstance(value, list) else []


Check = Callable[[Any, str], Iterator[Flaw]]


def string(most: int | None = None, *, least: int = 1, pattern: str | None = None) -> Check:
    """Check a string of so many characters."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if not isinstance(value, str):
            yield Flaw(at, "wrong_type", "must be a string")
        elif len(value) < least:
            yield Flaw(at, "too_short", f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            yield Flaw(at, "too_long", f"must be less than {most + 1} characters")
        elif compiled is not None and not compiled.fullmatch(value):
            yield Flaw(at, "wrong_format", "must match the expected format")

    return check


def one_of(*values: str) -> Check:
    """Check a string out of a few."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if value not in values:
            yield Flaw(at, "not_allowed", f"must be one of {', '.join(values)}")

    return check


def boolean() -> Check:
    """Check a truth value."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if not isinstance(value, bool):
            yield Flaw(at, "wrong_type", "must be a boolean")

    return check


def number(low: float | None = None, high: float | None = None, *, whole: bool = False, above: bool = False) -> Check:
    """Check a number between `low` and `high`, both included unless `above` takes `low` out."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield Flaw(at, "wrong_type", "must be an integer" if whole else "must be a number")
        elif isinstance(value, float) and not math.isfinite(
            value
        ):  # Python reads and writes NaN and Infinity, which are no JSON
            yield Flaw(at, "wrong_type", "must be a finite number")
        elif low is not None and (value < low or (above and value == low)):
            yield Flaw(at, "too_small", f"must be greater than {low}" if above else f"must be at least {low}")
        elif high is not None and value > high:
            yield Flaw(at, "too_large", f"must be at most {high}")

    return check


def array(item: Check, least: int = 0, most: int | None = None) -> Check:
    """Check a list of so many items."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if not isinstance(value, list):
            yield Flaw(at, "wrong_type", "must be an array")
            return
        if len(value) < least:
            yield Flaw(at, "too_few", f"no fewer than {least} items allowed")
        if most is not None and len(value) > most:
            yield Flaw(at, "too_many", f"no more than {most} items allowed")
            return
        for place, entry in enumerate(value):
            yield from item(entry, f"{at}/{place}")

    return check


def nullable(inner: Check) -> Check:
    """Check a value that may be null."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if value is not None:
            yield from inner(value, at)

    return check


def record(fields: Mapping[str, Check], *, required: tuple[str, ...] = (), rules: tuple[Check, ...] = ()) -> Check:
    """Check an object: known fields only, the required ones there, then the rules between fields."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if not isinstance(value, dict):
            yield Flaw(at, "wrong_type", "must be an object")
            return
        for name in required:
            if name not in value:
                yield Flaw(at, "missing", f"missing required field: {name}")
        for name, entry in value.items():
            if name not in fields:
                yield Flaw(at, "unknown_field", f"invalid additional property: {name}")
            else:
                yield from fields[name](entry, f"{at}/{name}")
        for rule in rules:
            yield from rule(value, at)

    return check


def typed(table: Callable[[], Mapping[str, Check]], allowed: frozenset[str] | None = None) -> Check:
    """Check an object by what its `type` says; the table is asked for late, because the tables refer to each other."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if not isinstance(value, dict):
            yield Flaw(at, "wrong_type", "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            yield Flaw(at, "missing", "missing required field: type")
        elif kind not in table() or (allowed is not None and kind not in allowed):
            yield Flaw(f"{at}/type", "unsupported_type", f"unsupported type: {kind}")
        else:
            yield from table()[kind](value, at)

    return check


def some_of(*names: str) -> Check:
    """Check that at least one of these fields is there and not empty."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if not any(value.get(name) for name in names):
            yield Flaw(at, "missing", f"one of {', '.join(names)} is required")

    return check


def exactly_one_of(*names: str) -> Check:
    """Check that one of these fields is there and no second."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if sum(name in value for name in names) != 1:
            yield Flaw(at, "exclusive", f"exactly one of {', '.join(names)} is required")

    return check


def at_most_one_of(*names: str) -> Check:
    """Check that not two of these fields are there."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        if sum(name in value for name in names) > 1:
            yield Flaw(at, "exclusive", f"only one of {', '.join(names)} is allowed")

    return check


def ordered(low: str, high: str) -> Check:
    """Check that one number is not above another."""

    def check(value: Any, at: str) -> Iterator[Flaw]:
        try:
            if float(value[low]) > float(value[high]):
                yield Flaw(at, "wrong_order", f"{low} must not be above {high}")
        except (KeyError, TypeError, ValueError, OverflowError):
            return  # not both there, or wrong in another way that is told already

    return check
