"""Single fields of Zoom's JSON as our values. Null, empty and missing are the same to all of them."""

import re
from datetime import UTC, datetime, timedelta

from bot.attendance.events import Handle
from bot.errors import UnreadableDelivery
from bot.text import clean_text
from handlers.platforms.zoom.redaction import is_same_number, shortened
from handlers.platforms.zoom.shapes import Participant, Scalar

#: far above any of Zoom's, and fit for an index of every database
LONGEST_ID = 255
#: of any address that mail can reach (RFC 5321)
LONGEST_EMAIL = 254
#: Zoom's own limit for one session is 30 hours
LONGEST_MINUTES = 30 * 60

_NOT_IN_IDS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


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
    """RFC 3339 with its offset (everywhere) or milliseconds since 1970 (`event_ts`), in UTC."""
    found = text(value)
    if not found:
        return None
    try:
        if found.isascii() and found.isdigit():
            return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(found))
        moment = datetime.fromisoformat(found)
        if moment.utcoffset() is None:
            raise UnreadableDelivery(f"{place} has no time zone.")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableDelivery(f"{place} is no time.") from None


def length(value: Scalar) -> timedelta | None:
    """Minutes; None for what no session can last."""
    found = text(value)
    is_number = found.isascii() and found.isdigit() and len(found) <= 4
    return timedelta(minutes=int(found)) if is_number and 0 < int(found) <= LONGEST_MINUTES else None


def handle_of(participant: Participant, *, host_id: Scalar) -> Handle:
    """Who Zoom says that a participant is. The host is who has the host's account, or was just made host."""
    place = "payload.object.participant"
    account = identifier(participant.id, f"{place}.id")
    in_meeting = identifier(participant.participant_user_id, f"{place}.participant_user_id")
    host = identifier(host_id, "payload.object.host_id")
    return Handle(
        name=_name(participant),
        email=_email(participant.email),
        user_id=account or in_meeting,
        registrant_id=identifier(participant.registrant_id, f"{place}.registrant_id"),
        external_id=identifier(participant.customer_key, f"{place}.customer_key"),
        is_host=(host != "" and host in {account, in_meeting}) or text(participant.new_role).lower() == "host",
    )


def _name(participant: Participant) -> str:
    """Who dials in is called by their number, of which we keep the end."""
    name = clean_text(text(participant.user_name))
    return shortened(name) if is_same_number(name, text(participant.phone_number)) else name


def _email(value: Scalar) -> str:
    """One that would have to be cleaned is none: it would be somebody else's."""
    found = text(value).strip().lower()
    return found if clean_text(found, longest=LONGEST_EMAIL) == found else ""
