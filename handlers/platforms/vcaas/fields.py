"""Single fields of VCaaS's JSON as our values. Null, empty and missing are the same to all of them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.errors import UnreadableDelivery
from bot.payloads import identifier, instant, is_believable, missing, required, text
from handlers.platforms.vcaas.shapes import Callback, Meeting, Number

#: from here on a time is in milliseconds, below it in seconds: nobody says which, and both are sent
MILLISECONDS_FROM = 10**11

_EPOCH = datetime.fromtimestamp(0, UTC)
_NUMBER = re.compile(r"\d{1,17}(?:\.\d{1,9})?", re.ASCII)


def room_and_session(meeting: Callback | Meeting, inside: str = "") -> tuple[str, str]:
    """The school's own id of the meeting, where it gave one, and VCaaS's. Raises `UnreadableDelivery`."""
    session = required(meeting.meeting_uid, f"{inside}meetingUid")
    return identifier(meeting.meeting_external_id, f"{inside}meetingExternalId") or session, session


def happened_at(value: Number, place: str, *, received_at: datetime) -> tuple[datetime, bool]:
    """When something happened, and whether that is assumed: for a time that cannot be, that of receipt stands in.

    Raises `UnreadableDelivery` for what is missing or no time at all.
    """
    found = _written(value)
    if not found:
        raise missing(place)
    moment = _from_number(found) if _NUMBER.fullmatch(found) else instant(found, place)
    if moment is None or not is_believable(moment, received_at):
        return received_at, True
    return moment, False


def believable(value: Number, *, received_at: datetime) -> datetime | None:
    """The time, if it is one and can be; a text without a zone is none, because nobody says which zone it is in."""
    found = _written(value)
    try:
        moment = _from_number(found) if _NUMBER.fullmatch(found) else instant(found, "")
    except UnreadableDelivery:
        return None
    return moment if moment is not None and is_believable(moment, received_at) else None


def _written(value: Number) -> str:
    """A number as digits: JSON may have it as 1.7e9."""
    return f"{Decimal(value):f}" if isinstance(value, float) else text(value).strip()


def _from_number(digits: str) -> datetime | None:
    """None for what is beyond every calendar."""
    number = Decimal(digits)
    unit = timedelta(milliseconds=1) if number >= MILLISECONDS_FROM else timedelta(seconds=1)
    try:
        return _EPOCH + int(number * (unit // timedelta.resolution)) * timedelta.resolution
    except OverflowError:
        return None
