"""What of Zoom's bodies is not kept, because attendance does not need it."""

import re

import msgspec

from bot.errors import UnreadableDelivery
from bot.payloads import read_anything
from bot.text import clean_text

#: undocumented, but in real deliveries
DROPPED_OF_PARTICIPANT = ("public_ip", "private_ip")
#: a registration brings address, telephone, employer and a free questionnaire
KEPT_OF_REGISTRANT = frozenset({"id", "first_name", "last_name", "email", "status"})
#: links and pass codes of the room
DROPPED_OF_MEETING = ("join_url", "start_url", "password", "encrypted_password", "h323_password", "pstn_password")

#: cheap to look for: a body without any of them is kept as it came
_SIGNS = tuple(
    f'"{name}"'.encode()
    for name in (*DROPPED_OF_PARTICIPANT, *DROPPED_OF_MEETING, "phone_number", "registrant", "old_object")
)

_DIGITS = re.compile(r"\d")
_LAST_DIGITS = 4


def redacted(body: bytes) -> bytes:
    """The body without addresses, most of a telephone number, pass codes and questionnaires; unreadable: as it came."""
    if not any(sign in body for sign in _SIGNS):
        return body
    try:
        document = read_anything(body)
    except UnreadableDelivery:
        return body
    payload = document.get("payload") if isinstance(document, dict) else None
    if not isinstance(payload, dict):
        return body
    for part in (payload.get("object"), payload.get("old_object")):
        if isinstance(part, dict):
            _redact_meeting(part)
    return msgspec.json.encode(document)


def shortened(number: str) -> str:
    """The end of a telephone number: enough to tell two apart in one lesson."""
    return "***" + "".join(_DIGITS.findall(number))[-_LAST_DIGITS:]


def is_same_number(name: str, number: str) -> bool:
    """Whether somebody is called by their telephone number, in whatever spelling, whole or shortened."""
    if not number or any(letter.isalpha() for letter in name):
        return False
    ends = "".join(_DIGITS.findall(name))[-_LAST_DIGITS:]
    return bool(ends) and ends == "".join(_DIGITS.findall(number))[-_LAST_DIGITS:]


def _redact_meeting(meeting: dict[str, object]) -> None:
    for name in DROPPED_OF_MEETING:
        meeting.pop(name, None)
    if isinstance(participant := meeting.get("participant"), dict):
        _redact_participant(participant)
    if isinstance(registrant := meeting.get("registrant"), dict):
        meeting["registrant"] = {name: registrant[name] for name in registrant if name in KEPT_OF_REGISTRANT}


def _redact_participant(participant: dict[str, object]) -> None:
    for dropped in DROPPED_OF_PARTICIPANT:
        participant.pop(dropped, None)
    number = participant.get("phone_number")
    if not _is_scalar(number) or number == "":
        return
    name = participant.get("user_name")
    called = clean_text(str(name)) if _is_scalar(name) else ""
    if is_same_number(called, str(number)):
        participant["user_name"] = shortened(called)
    participant["phone_number"] = shortened(str(number))


def _is_scalar(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)
