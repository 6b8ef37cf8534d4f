"""VCaaS's callbacks, what each means, and how we know that VCaaS sent it."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.attendance.events import NOBODY, EventKind, Handle, PresenceEvent
from bot.connectors import Delivery, Fact
from bot.errors import UnreadableDelivery, UntrustedDelivery
from bot.payloads import NOTHING, identifier, missing, read_as, text
from bot.text import clean_text
from handlers.platforms.vcaas.fields import happened_at, room_and_session
from handlers.platforms.vcaas.meeting_data import record_of
from handlers.platforms.vcaas.shapes import Callback, Unaddressed

MEETING_DATA = "meeting-data"
MAX_BODY = 1024 * 1024
MAX_MEETING_DATA = 32 * 1024 * 1024

#: `userRole` of the one who teaches; 1 is IT support, 2 a student (of a recording: the system)
TEACHER = "0"
#: `meetingEndType`: the network ended the meeting, not a person
IRREGULAR = "1"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one of the real-time callbacks says: the field that tells the kind, and whose doing it was."""

    kinds: Mapping[str, EventKind]
    #: empty: there is one kind only
    status: str = ""
    place: str = ""
    #: somebody came or went: without a name there is nobody to tell it of
    of_person: bool = False


MEANINGS = {
    "user-join-leave": Meaning(
        {"0": EventKind.JOINED, "1": EventKind.LEFT, "2": EventKind.WAITING},
        status="user_status",
        place="userStatus",
        of_person=True,
    ),
    "meeting-start-end": Meaning(
        {"0": EventKind.SESSION_STARTED, "1": EventKind.SESSION_ENDED}, status="meeting_status", place="meetingStatus"
    ),
    "recording-start-end": Meaning(
        {"0": EventKind.RECORDING_STARTED, "1": EventKind.RECORDING_STOPPED},
        status="recording_status",
        place="recordingStatus",
    ),
    # The teacher's click, told apart by its URL alone. The meeting's own end follows, and the later of the two counts.
    "end-class-for-all": Meaning({"": EventKind.SESSION_ENDED}),
}

_TIMESTAMP = re.compile(rb'"timestamp": ?"?(\d{1,17})')


class VcaasConnector:
    """Translates VCaaS's callbacks; what VCaaS promises about them is in the README beside this file."""

    name = "vcaas"
    max_body = MAX_BODY
    routes: Mapping[str, int] = MappingProxyType({**dict.fromkeys(MEANINGS, MAX_BODY), MEETING_DATA: MAX_MEETING_DATA})
    kept_headers = frozenset({"content-type", "user-agent"})

    def verify(self, delivery: Delivery, *, secrets: Sequence[str]) -> None:
        """The token in the URL is one of ours; each is compared, so that the time tells neither which nor how much."""
        given = delivery.token.encode(errors="backslashreplace")
        if not any([hmac.compare_digest(secret.encode(), given) for secret in secrets if secret]):  # noqa: C419 - all of them
            raise UntrustedDelivery

    def reply_to_handshake(self, delivery: Delivery, *, secrets: Sequence[str]) -> bytes | None:  # noqa: ARG002 - asks none
        return None

    def delivery_key(self, delivery: Delivery) -> str:
        """The body's first time stamp, then a digest of route and body: VCaaS sends no id, and repeats the very bytes.

        The time comes first, so that new keys stand side by side in the index.
        """
        told_at = _TIMESTAMP.search(delivery.body)
        digest = hashlib.blake2b(delivery.route.encode(errors="backslashreplace") + b"\0", digest_size=16)
        digest.update(delivery.body)
        return f"{told_at[1].decode() if told_at else ''}-{digest.hexdigest()}"

    def redact(self, delivery: Delivery) -> bytes:
        """As it came: ids and names of a lesson, its recordings and answers are what the sheet is made of."""
        return delivery.body

    def normalise(self, delivery: Delivery) -> Sequence[Fact]:
        route = delivery.route or _route_of(delivery.body)
        if route == MEETING_DATA:
            record = record_of(delivery.body, received_at=delivery.received_at)
            return () if record is None else (record,)
        meaning = MEANINGS.get(route)
        if meaning is None:
            raise UnreadableDelivery("There is no such callback.")
        return (_event(meaning, read_as(delivery.body, Callback), delivery),)

    def reply(self, delivery: Delivery) -> bytes:  # noqa: ARG002 - the same to all
        """Anything else, and VCaaS sends it again."""
        return b"success"


def _route_of(body: bytes) -> str:
    """Of a recording that does not say where it was sent; the teacher's click has none of the others' fields."""
    told = read_as(body, Unaddressed)
    if told.meeting_data != NOTHING:
        return MEETING_DATA
    for route, meaning in MEANINGS.items():
        if meaning.status and getattr(told, meaning.status) is not None:
            return route
    return "end-class-for-all" if told.user_role is not None else ""


def _event(meaning: Meaning, told: Callback, delivery: Delivery) -> PresenceEvent:
    status = text(getattr(told, meaning.status)) if meaning.status else ""
    if meaning.status and not status:
        raise missing(meaning.place)
    if status not in meaning.kinds:
        raise UnreadableDelivery(f"{meaning.place} is none that we know.")
    room, session = room_and_session(told)
    occurred_at, is_assumed = happened_at(told.timestamp, "timestamp", received_at=delivery.received_at)
    kind = meaning.kinds[status]
    return PresenceEvent(
        kind=kind,
        room=room,
        session=session,
        occurred_at=occurred_at,
        received_at=delivery.received_at,
        handle=_handle(told, of_person=meaning.of_person),
        lost=kind is EventKind.SESSION_ENDED and text(told.meeting_end_type) == IRREGULAR,
        is_time_assumed=is_assumed,
    )


def _handle(told: Callback, *, of_person: bool) -> Handle:
    """Who it was. VCaaS names a person and never a device, so there is no connection."""
    name, external_id = clean_text(text(told.external_name)), identifier(told.external_id, "externalId")
    if not of_person:
        return Handle(name=name, external_id=external_id) if name or external_id else NOBODY
    if not (name or external_id):
        raise missing("externalId")
    return Handle(name=name, external_id=external_id, is_host=text(told.user_role) == TEACHER)
