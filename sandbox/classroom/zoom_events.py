"""How Zoom writes down what happened: one JSON object per event, with the field order and the gaps of the real ones.

Taken from field captures: started and ended begin with `event`, all others with `payload`; times have a resolution of
one second, `event_ts` of a millisecond; what is unknown of a guest is an empty text in one event and no field at all
in another; letters outside the basic plane are escaped as two surrogates, everything else is raw UTF-8.
"""

import base64
import json
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.classroom.participant import Fields, Participant

ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(kw_only=True, slots=True)
class Connection:
    """One device of a participant, from join to leave.

    `participant_uuid` stays for the whole connection; `user_id` is issued anew at each hop between rooms. `since`:
    when it came to where it is; `breakout`: that room's name, if it is one. Neither is ever sent.
    """

    participant: Participant
    device: str
    participant_uuid: str
    user_id: str
    name: str
    public_ip: str
    private_ip: str
    since: datetime
    breakout: str = ""
    breakout_uuid: str = ""
    breakout_user_id: str = ""
    phone_number: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One run of the room, as every event about it describes it."""

    account_id: str
    room_id: str
    uuid: str
    host_id: str
    topic: str
    zone: str
    duration_minutes: int
    start_time: datetime


def encode(document: Fields) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return ASTRAL.sub(_surrogates, text).encode()


def _surrogates(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be").hex().upper()
    return f"\\u{units[:4]}\\u{units[4:]}"


def seconds(moment: datetime) -> str:
    """2026-11-23T17:00:00Z: whole seconds are all that Zoom tells."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def session_event(event: str, session: Session, *, at: datetime, end_time: datetime | None = None) -> bytes:
    """`meeting.started`, or `meeting.ended` with its `end_time`."""
    facts: Fields = {
        "duration": session.duration_minutes,
        "start_time": seconds(session.start_time),
        "timezone": session.zone,
    }
    if end_time is not None:
        facts["end_time"] = seconds(end_time)
    facts |= {
        "topic": session.topic,
        "id": session.room_id,
        "type": 2,
        "uuid": session.uuid,
        "host_id": session.host_id,
    }
    payload = {"account_id": session.account_id, "object": facts}
    return encode({"event": event, "payload": payload, "event_ts": milliseconds(at)})


def participant_event(
    event: str,
    session: Session,
    participant: Fields,
    *,
    at: datetime,
    breakout_uuid: str = "",
    is_id_a_number: bool = False,
) -> bytes:
    facts: Fields = {"uuid": session.uuid}
    if breakout_uuid:
        facts["breakout_room_uuid"] = breakout_uuid
    facts |= {
        "participant": participant,
        "id": int(session.room_id) if is_id_a_number else session.room_id,
        "type": 2,
        "topic": session.topic,
        "host_id": session.host_id,
        "duration": session.duration_minutes,
        "start_time": seconds(session.start_time),
        "timezone": session.zone,
    }
    payload = {"account_id": session.account_id, "object": facts}
    return encode({"payload": payload, "event_ts": milliseconds(at), "event": event})


def joined(connection: Connection, at: datetime) -> Fields:
    """A registrant's id is here when there is one, and the field is missing when there is none."""
    who = connection.participant
    fields: Fields = {
        "public_ip": connection.public_ip,
        "user_id": connection.user_id,
        "user_name": connection.name,
        "participant_user_id": who.zoom_id,
        "id": who.zoom_id,
        "join_time": seconds(at),
        "email": who.email,
        "participant_uuid": connection.participant_uuid,
    }
    return fields | _known(registrant_id=who.registrant_id, customer_key=who.customer_key) | _phone(connection)


def left(connection: Connection, at: datetime, reason: str) -> Fields:
    """Here the registrant's id is an empty text when there is none."""
    who = connection.participant
    fields: Fields = {
        "public_ip": connection.public_ip,
        "leave_time": seconds(at),
        "user_id": connection.user_id,
        "user_name": connection.name,
        "registrant_id": who.registrant_id,
        "participant_user_id": who.zoom_id,
        "id": who.zoom_id,
        "leave_reason": reason,
        "email": who.email,
        "private_ip": connection.private_ip,
        "participant_uuid": connection.participant_uuid,
    }
    return fields | _known(customer_key=who.customer_key) | _phone(connection)


def in_queue(connection: Connection, at: datetime) -> Fields:
    """The waiting room's events, all four."""
    who = connection.participant
    fields: Fields = {
        "user_id": connection.user_id,
        "user_name": connection.name,
        "participant_user_id": who.zoom_id,
        "id": who.zoom_id,
        "date_time": seconds(at),
        "email": who.email,
        "participant_uuid": connection.participant_uuid,
    }
    return fields | _known(registrant_id=who.registrant_id, customer_key=who.customer_key)


def before_host(participant: Participant, name: str) -> Fields:
    """The before-host events know neither a time nor a connection."""
    fields: Fields = {"id": participant.zoom_id, "user_name": name}
    return fields | _known(registrant_id=participant.registrant_id, customer_key=participant.customer_key)


def in_breakout(connection: Connection, at: datetime, time_field: str, reason: str = "") -> Fields:
    who = connection.participant
    fields: Fields = {
        "public_ip": connection.public_ip,
        "user_id": connection.breakout_user_id,
        "parent_user_id": connection.user_id,
        "user_name": connection.name,
        "participant_user_id": who.zoom_id,
        "id": who.zoom_id,
        time_field: seconds(at),
        "email": who.email,
        "participant_uuid": connection.participant_uuid,
    }
    return fields | _known(leave_reason=reason, registrant_id=who.registrant_id)


def role_changed(connection: Connection, at: datetime, old: str, new: str) -> Fields:
    """Seen in the field without `id` and without `registrant_id`, whoever it was about."""
    return {
        "user_id": connection.user_id,
        "participant_uuid": connection.participant_uuid,
        "user_name": connection.name,
        "email": connection.participant.email,
        "participant_user_id": "",
        "date_time": seconds(at),
        "old_role": old,
        "new_role": new,
    }


def bound(phone: Connection, computer: Connection, at: datetime) -> Fields:
    return {
        "user_id": computer.user_id,
        "bind_user_id": phone.user_id,
        "user_name": computer.name,
        "id": computer.participant.zoom_id,
        "participant_user_id": computer.participant.zoom_id,
        "participant_uuid": computer.participant_uuid,
        "bind_participant_uuid": phone.participant_uuid,
        "date_time": seconds(at),
        "email": computer.participant.email,
        "phone_number": phone.phone_number,
    }


def new_uuid(rng: random.Random) -> str:
    """A participant's: 4-4-4-4-12 in capitals."""
    text = rng.randbytes(16).hex().upper()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def urlsafe_id(rng: random.Random) -> str:
    """An account's or a user's: 22 letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(rng.randbytes(16)).decode().rstrip("=")


def _known(**fields: str) -> Fields:
    return {name: value for name, value in fields.items() if value}


def _phone(connection: Connection) -> Fields:
    return _known(phone_number=connection.phone_number)
