"""How 100ms writes down what happened: one JSON object per event, with the fields and the gaps of the documented ones.

Times in `data` have up to nine digits, without zeros at the end; the message's own `timestamp` has whole seconds.
Events about sessions and roles name the app, those about peers and rooms do not. What did not happen has the zero time.
"""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import datetime

from sandbox.classroom.participant import Fields, Participant

ZERO_TIME = "0001-01-01T00:00:00Z"
NAMES_THE_APP = ("session.", "role.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Whose room it is, and the ids that every event of it repeats."""

    account_id: str
    app_id: str
    template_id: str
    room_id: str
    room_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One run of the room; `started` is the moment as 100ms writes it in each event."""

    session_id: str
    started_at: datetime
    started: str


@dataclass(kw_only=True, slots=True)
class Peer:
    """One device of a participant, from join to leave; `joined` is the moment as 100ms writes it in each event.

    `since`: when it came to where it is; it is never sent, nor is `device`.
    """

    participant: Participant
    device: str
    peer_id: str
    name: str
    role: str
    joined: str
    since: datetime

    @property
    def joined_at(self) -> datetime:
        return datetime.fromisoformat(self.joined)


def event(account: Account, event_id: str, kind: str, data: Fields, *, at: datetime) -> bytes:
    head: Fields = {"version": "2.0", "id": event_id, "account_id": account.account_id}
    if kind.startswith(NAMES_THE_APP):
        head["app_id"] = account.app_id
    whole = {**head, "timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "type": kind, "data": data}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()


def of_session(account: Account, session: Session, **more: object) -> Fields:
    return {
        "room_id": account.room_id,
        "room_name": account.room_name,
        "session_id": session.session_id,
        "template_id": account.template_id,
        **more,
        "session_started_at": session.started,
    }


def of_peer(account: Account, session: Session, peer: Peer, **more: object) -> Fields:
    return {
        "joined_at": peer.joined,
        "peer_id": peer.peer_id,
        "role": peer.role,
        **of_session(account, session),
        "type": "regular",
        "user_id": peer.participant.external_id,
        "user_name": peer.name,
        "user_data": "",
        **more,
    }


def left(account: Account, session: Session, peer: Peer, *, at: datetime, left: str, reason: str) -> Fields:
    seconds = int((at - peer.joined_at).total_seconds())
    told = of_peer(account, session, peer, left_at=left, reason=reason, message="")
    return {"duration": seconds, **told}


def role_changed(account: Account, session: Session, peer: Peer, *, previous: str, changed: str) -> Fields:
    told = of_peer(account, session, peer, previous_role=previous, role_changed_at=changed)
    del told["type"]
    return told


def room_ended(account: Account, session: Session, *, by: Peer | None) -> Fields:
    """`by`: whose page asked for it; None: the school's own server."""
    who: Fields = {}
    if by is not None:
        called = {"user_id": by.participant.external_id, "user_name": by.name}
        who = {"peer_id": by.peer_id, "role": by.role, **called}
    more = {"lock_room": False, "reason": "Class has ended", "source": "peer" if by else "api"}
    return {**who, **of_session(account, session, **more)}


def session_closed(account: Account, session: Session, *, at: datetime, stopped: str) -> Fields:
    seconds = int((at - session.started_at).total_seconds())
    return {**of_session(account, session, session_duration=seconds), "session_stopped_at": stopped}


def left_in_vain(account: Account, peer: Peer) -> Fields:
    """A leave of somebody who is not in: no session, and no time."""
    return {
        "duration": 0,
        "left_at": ZERO_TIME,
        "joined_at": peer.joined,
        "peer_id": peer.peer_id,
        "role": peer.role,
        "room_id": account.room_id,
        "room_name": account.room_name,
        "user_id": peer.participant.external_id,
        "template_id": account.template_id,
        "type": "regular",
        "user_name": peer.name,
        "user_data": "",
        "error_message": "Peer not joined",
    }


def nanoseconds(at: datetime, rng: random.Random) -> str:
    """The moment to the microsecond, and some nanoseconds more; Go leaves out zeros at the end."""
    digits = f"{at:%f}{rng.randrange(1000):03}".rstrip("0")
    return f"{at:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{digits}Z"


def object_id(rng: random.Random) -> str:
    """An account's, a session's: 24 hexadecimal digits."""
    return rng.randbytes(12).hex()


def new_uuid(rng: random.Random) -> str:
    """An event's, a peer's."""
    return str(uuid.UUID(bytes=rng.randbytes(16), version=4))
