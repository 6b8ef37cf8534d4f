"""How values of `bot/` that have no column of their own are written as JSON, and read again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import msgspec

from bot.attendance.lessons import Interval, Policy

_encoder = msgspec.json.Encoder(order="deterministic")
read_json = msgspec.json.Decoder().decode


def write_json(value: Any) -> str:
    """The value as JSON, always the same text for equal values. Raises `TypeError` for what is no JSON."""
    return _encoder.encode(value).decode()


def canonical_json(value: Any) -> str:
    """The text that hashes are taken over: sorted keys, no spaces, no escapes but the necessary ones."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """Lengths in seconds, shares as fractions in text."""
    return {field.name: _plain(getattr(policy, field.name)) for field in fields(policy)}


def policy_from_json(written: Mapping[str, Any] | None) -> Policy:
    """A policy as it was written; what a later version added has its default."""
    written = written or {}
    defaults = _DEFAULTS
    return Policy(**{name: _like(defaults[name], value) for name, value in written.items() if name in defaults})


def intervals_to_json(intervals: Iterable[Interval]) -> list[list[str]]:
    """[[start, end], …] as RFC 3339."""
    return [[interval.start.isoformat(), interval.end.isoformat()] for interval in intervals]


def intervals_from_json(written: Iterable[Iterable[str]] | None) -> tuple[Interval, ...]:
    """The other way round."""
    return tuple(Interval(*map(datetime.fromisoformat, pair)) for pair in written or ())


def storable(text: str) -> str:
    """An opaque id as every database takes it: PostgreSQL refuses NUL, and neither encodes a lone surrogate."""
    return text if text.isprintable() else text.encode(errors="replace").decode().replace("\0", "\ufffd")


_DEFAULTS: Mapping[str, Any] = {field.name: getattr(Policy(), field.name) for field in fields(Policy)}


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _like(default: Any, value: Any) -> Any:
    """The written value in the type of the default."""
    if value is None:
        return None
    if isinstance(default, timedelta):
        # `lock_after` may be a word as well.
        return value if isinstance(value, str) else timedelta(seconds=value)
    if isinstance(default, Fraction):
        return Fraction(value)
    if isinstance(default, tuple):
        return tuple(item if isinstance(item, str) else timedelta(seconds=item) for item in value)
    return value
