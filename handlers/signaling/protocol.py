"""The protocol of presence logging, as text and as values: what a client may say, and what it is told.

A client's frame is `{"namespace": …, "payload": {"action": …, …}}`, one of ours
`{"namespace": …, "timestamp": …, "payload": {"message": …, …}}`. What a frame has besides is passed over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from typing import Any

import msgspec

from bot.attendance.checks.joining import JoiningState
from bot.attendance.checks.settings import TimeRange

CONTROL = "control"
REPORT = "training_participation_report"

#: the name under which the protocol is spoken, and what stands before a token among the names that a client offers
SUBPROTOCOL = "opentalk-signaling-json-v1.0"
TICKET = "ticket#"

Payload = dict[str, Any]


@unique
class LeftReason(StrEnum):
    """Why somebody is not there any more."""

    QUIT = "quit"
    TIMEOUT = "timeout"


class Nonsense(Exception):
    """A frame that says nothing we understand: `error` is the word for it, `namespace` where it is answered."""

    def __init__(self, error: str, *, namespace: str = CONTROL) -> None:
        super().__init__(error)
        self.error = error
        self.namespace = namespace


@dataclass(frozen=True, slots=True)
class Join:
    """Let me in. The name that a client gives itself is not used: the roster knows who it is."""


@dataclass(frozen=True, slots=True)
class EnablePresenceLogging:
    """Begin to ask; None: the protocol's own range."""

    initial_checkpoint_delay: TimeRange | None = None
    checkpoint_interval: TimeRange | None = None


@dataclass(frozen=True, slots=True)
class DisablePresenceLogging:
    """Ask no more."""


@dataclass(frozen=True, slots=True)
class ConfirmPresence:
    """I am here."""


Command = Join | EnablePresenceLogging | DisablePresenceLogging | ConfirmPresence


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody in the room, as others see them."""

    id: str
    name: str
    is_owner: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomShown:
    """What who joins is told about the lesson, its course and its trainer."""

    lesson_id: str
    course_id: str
    course: str
    #: who teaches; empty where nobody does
    owner: str
    closes_at: datetime


def read_frame(said: str | bytes) -> Command:
    """What a client says. Raises `Nonsense`, for bytes too: the protocol is text."""
    if isinstance(said, bytes):
        raise Nonsense("invalid_json")
    try:
        frame = msgspec.json.decode(said)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Nonsense("invalid_json") from None
    if not isinstance(frame, dict):
        raise Nonsense("invalid_json")
    namespace, payload = frame.get("namespace"), frame.get("payload")
    if not isinstance(namespace, str) or namespace not in _COMMANDS:
        raise Nonsense("invalid_namespace")
    action = payload.get("action") if isinstance(payload, dict) else None
    read = _COMMANDS[namespace].get(action) if isinstance(action, str) else None
    if read is None or not isinstance(payload, dict):
        raise Nonsense("invalid_action", namespace=namespace)
    return read(payload)


def write_frame(namespace: str, payload: Payload, *, now: datetime) -> str:
    """A frame of ours."""
    return msgspec.json.encode({"namespace": namespace, "timestamp": instant(now), "payload": payload}).decode()


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def error(word: str) -> Payload:
    return {"message": "error", "error": word}


def joined(who: Participant) -> Payload:
    return {"message": "joined", **_shown(who)}


def left(participant_id: str, reason: LeftReason) -> Payload:
    return {"message": "left", "id": participant_id, "reason": reason.value}


def join_success(me: Participant, others: list[Participant], room: RoomShown, state: JoiningState) -> Payload:
    """All that the protocol's documentation shows of it; what Rollcall has not is empty."""
    first, _, last = room.owner.partition(" ")
    return {
        "message": "join_success",
        "id": me.id,
        "display_name": me.name,
        "avatar_url": "",
        "role": _role(me),
        "closes_at": instant(room.closes_at),
        "is_room_owner": me.is_owner,
        "tariff": {
            "id": "00000000-0000-0000-0000-000000000000",
            "name": "Rollcall",
            "quotas": {},
            "modules": {"core": {"features": []}},
        },
        "participants": [_shown(other) for other in others],
        "event_info": {"id": room.course_id, "title": room.course},
        "room_info": {
            "id": room.lesson_id,
            "created_by": {
                "title": "",
                "firstname": first,
                "lastname": last,
                "display_name": room.owner,
                "avatar_url": "",
            },
        },
        REPORT: {"state": state.value},
    }


def _shown(who: Participant) -> Payload:
    joined_at = instant(who.joined_at)
    return {
        "id": who.id,
        "control": {
            "display_name": who.name,
            "hand_is_up": False,
            "hand_updated_at": joined_at,
            "joined_at": joined_at,
            "participation_kind": "user",
            "is_room_owner": who.is_owner,
            "role": _role(who),
        },
    }


def _role(who: Participant) -> str:
    return "moderator" if who.is_owner else "user"


def _read_join(payload: Mapping[str, Any]) -> Join:
    if not isinstance(payload.get("display_name", ""), str):
        raise Nonsense("invalid_parameters")
    return Join()


def _read_enable(payload: Mapping[str, Any]) -> EnablePresenceLogging:
    return EnablePresenceLogging(_range(payload, "initial_checkpoint_delay"), _range(payload, "checkpoint_interval"))


def _range(payload: Mapping[str, Any], name: str) -> TimeRange | None:
    """Whether its numbers lie within bounds is for the presence check to say."""
    if name not in payload:
        return None
    given = payload[name]
    after, within = (given.get("after"), given.get("within")) if isinstance(given, dict) else (None, None)
    if type(after) is not int or type(within) is not int:  # `True` is an int too
        raise Nonsense("invalid_parameters", namespace=REPORT)
    return TimeRange(after, within)


_COMMANDS: Mapping[str, Mapping[str, Callable[[Mapping[str, Any]], Command]]] = {
    CONTROL: {"join": _read_join},
    REPORT: {
        "enable_presence_logging": _read_enable,
        "disable_presence_logging": lambda _: DisablePresenceLogging(),
        "confirm_presence": lambda _: ConfirmPresence(),
    },
}
