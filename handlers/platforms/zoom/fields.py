"""Single fields of Zoom's JSON as our values. Null, empty and missing are the same to all of them."""

from datetime import datetime, timedelta

from bot.attendance.events import Handle
from bot.payloads import Scalar, from_milliseconds, identifier, instant, text
from bot.text import clean_text
from handlers.platforms.zoom.redaction import is_same_number, shortened
from handlers.platforms.zoom.shapes import Participant

#: of any address that mail can reach (RFC 5321)
LONGEST_EMAIL = 254
#: Zoom's own limit for one session is 30 hours
LONGEST_MINUTES = 30 * 60


def moment(value: Scalar, place: str) -> datetime | None:
    """RFC 3339 (everywhere) or milliseconds since 1970 (`event_ts`). Raises `UnreadableDelivery`."""
    found = text(value)
    is_number = found.isascii() and found.isdigit()
    return from_milliseconds(found, place) if is_number else instant(found, place)


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
        email=email_of(participant.email),
        user_id=account or in_meeting,
        registrant_id=identifier(participant.registrant_id, f"{place}.registrant_id"),
        external_id=identifier(participant.customer_key, f"{place}.customer_key"),
        is_host=(host != "" and host in {account, in_meeting}) or text(participant.new_role).lower() == "host",
    )


def _name(participant: Participant) -> str:
    """Who dials in is called by their number, of which we keep the end."""
    name = clean_text(text(participant.user_name))
    return shortened(name) if is_same_number(name, text(participant.phone_number)) else name


def email_of(value: Scalar) -> str:
    """One that would have to be cleaned is none: it would be somebody else's."""
    found = text(value).strip().lower()
    return found if clean_text(found, longest=LONGEST_EMAIL) == found else ""
