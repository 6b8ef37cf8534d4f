"""What a look at a presence check leaves behind besides the check itself: what is told, and what is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Any, Final


@unique
class EventWord(StrEnum):
    """The protocol's messages."""

    ENABLED = "presence_logging_enabled"
    DISABLED = "presence_logging_disabled"
    STARTED = "presence_logging_started"
    ENDED = "presence_logging_ended"
    REQUESTED = "presence_confirmation_requested"
    LOGGED = "presence_confirmation_logged"
    PDF_ASSET = "pdf_asset"
    ERROR = "error"


#: To whom, where it is no single person.
CREATOR: Final = "creator"
PARTICIPANTS: Final = "participants"
EVERYBODY: Final = "all"

#: Who acts where nobody pressed anything.
ROLLCALL: Final = "rollcall"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One message of the protocol, to be told on sockets."""

    kind: EventWord
    #: `CREATOR`, `PARTICIPANTS`, `EVERYBODY` or a person's id
    to: str
    #: the other fields of the message
    facts: Mapping[str, str] = field(default_factory=dict)
    checkpoint_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One entry of the history, without names."""

    actor: str
    action: str
    #: the id of the run
    subject: str
    facts: Mapping[str, str | int | None]
    #: what is only committed to, and about whom
    personal: Mapping[str, str] = field(default_factory=dict)
    person_id: str | None = None


@dataclass(slots=True)
class Notes:
    """Collects them during one look."""

    events: list[NewEvent] = field(default_factory=list)
    entries: list[NewEntry] = field(default_factory=list)

    def tell(self, kind: EventWord, to: str, *, checkpoint_id: str | None = None, **facts: str) -> None:
        """A message of the protocol."""
        self.events.append(NewEvent(kind=kind, to=to, facts=facts, checkpoint_id=checkpoint_id))

    def write(self, action: str, subject: str, *, actor: str = "", **facts: Any) -> None:
        """An entry of the history."""
        self.entries.append(NewEntry(actor=actor or ROLLCALL, action=action, subject=subject, facts=facts))
