"""What platforms send us as JSON, read carefully: shapes, ids and instants. For the connectors.

Every field of a shape is optional and every scalar may be text or a number: null, "" and nothing at all are the same.
What cannot be read is named by its place and never quoted.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from bot.errors import UnreadableDelivery

Scalar = str | int | None
Shape = TypeVar("Shape")

NOTHING = msgspec.Raw(b"null")

#: far above any that was seen, and fit for an index of every database
LONGEST_ID = 255

#: a retry comes hours after the first try, a replay by hand days later; beyond this it is not a time
OLDEST = timedelta(days=31)
#: a platform's clock and ours may differ by seconds, never by this
NEWEST = timedelta(minutes=10)

_NOT_IN_IDS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r"`\$\.?([^`]*)`")


def read_as(body: bytes, shape: type[Shape], *, inside: str = "") -> Shape:
    """The JSON in this shape; `inside` is the place of the part that `body` is. Raises `UnreadableDelivery`."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as problem:
        raise _misshapen(problem, inside=inside) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _read_mended(body, shape, inside=inside)


def read_anything(body: bytes) -> object:
    """The body as plain values. Raises `UnreadableDelivery`."""
    return read_as(body, object)


def text(value: Scalar) -> str:
    return "" if value is None else str(value)


def identifier(value: Scalar, place: str) -> str:
    """An opaque id as text. Raises `UnreadableDelivery` for what can be none: ids are compared, never mended."""
    found = text(value)
    if len(found) > LONGEST_ID or _NOT_IN_IDS.search(found):
        raise UnreadableDelivery(f"{place} is no id.")
    return found


def required(value: Scalar, place: str) -> str:
    """The same, where the event says nothing without it."""
    found = identifier(value, place)
    if not found:
        raise missing(place)
    return found


def missing(place: str) -> UnreadableDelivery:
    return UnreadableDelivery(f"{place} is missing.")


def instant(value: Scalar, place: str) -> datetime | None:
    """RFC 3339 with its offset, in UTC; what is finer than a microsecond is cut off. Raises `UnreadableDelivery`."""
    found = text(value)
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found)
        if moment.utcoffset() is None:
            raise UnreadableDelivery(f"{place} has no time zone.")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableDelivery(f"{place} is no time.") from None


def from_milliseconds(value: Scalar, place: str) -> datetime | None:
    """Whole milliseconds since 1970, in UTC. Raises `UnreadableDelivery`."""
    found = text(value)
    if not found:
        return None
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(found))
    except (ValueError, OverflowError):
        raise UnreadableDelivery(f"{place} is no time.") from None


def believed(moment: datetime | None, place: str, *, received_at: datetime) -> datetime:
    """The instant, if it is there and can be one. Raises `UnreadableDelivery`."""
    if moment is None:
        raise missing(place)
    if not is_believable(moment, received_at):
        raise UnreadableDelivery(f"{place} is too far from the time of receipt.")
    return moment


def is_believable(moment: datetime, received_at: datetime) -> bool:
    return received_at - OLDEST <= moment <= received_at + NEWEST


def _read_mended(body: bytes, shape: type[Shape], *, inside: str) -> Shape:
    try:
        return msgspec.json.decode(_mended(body), type=shape)
    except msgspec.ValidationError as problem:
        raise _misshapen(problem, inside=inside) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise UnreadableDelivery("The body is not JSON.") from None  # the cause would quote the body


def _mended(body: bytes) -> bytes:
    """The same JSON with NUL in the place of lone surrogates.

    msgspec refuses a lone surrogate anywhere. A name may have one (cut off in the middle of an emoji) and is then
    cleaned like any other; an id may not, and NUL in an id is refused.
    """
    try:
        text_of_it = json.dumps(json.loads(body.decode()), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise UnreadableDelivery("The body is not JSON.") from None  # the cause would quote the body
    return _LONE_SURROGATE.sub(r"\\u0000", text_of_it).encode()


def _misshapen(problem: msgspec.ValidationError, *, inside: str) -> UnreadableDelivery:
    found = _PLACE.search(str(problem))
    place = ".".join(part for part in (inside, found.group(1) if found else "") if part)
    return UnreadableDelivery(f"{place or 'The body'} is not of the kind that the platform sends.")
