"""What a workspace is made of; values that do not change are replaced, so that a snapshot stays one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sandbox.slack.people import Person

Json = dict[str, Any]
MessageKind = Literal["posted", "edited", "deleted", "ephemeral"]


class CannotDo(Exception):
    """A person tried what Slack's own client would not let them do; says what and why."""


@dataclass(slots=True)
class Channel:
    """A conversation: public or private channel, direct message (`im`), group message (`mpim`)."""

    id: str
    name: str
    kind: Literal["public", "private", "im", "mpim"]
    created: datetime
    members: list[str] = field(default_factory=list)
    archived: bool = False

    @property
    def is_direct(self) -> bool:
        """Say whether this is a conversation between people rather than a named channel."""
        return self.kind in {"im", "mpim"}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stood at one moment; `ts` is its identity within the channel and survives edits."""

    ts: str
    channel: str
    author: str
    text: str
    at: datetime
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    thread_ts: str | None = None
    edited_at: datetime | None = None
    seen_by: str | None = None  # the only person who sees it, if it is ephemeral
    files: tuple[str, ...] = ()
    metadata: Json | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_ephemeral(self) -> bool:
        """Say whether only one person sees it."""
        return self.seen_by is not None

    def elements(self) -> Iterator[tuple[Json, Json]]:
        """Yield (block, element) for everything a person can press or choose in it, in order."""
        yield from interactive_elements(self.blocks)

    def action_ids(self) -> list[str]:
        """List the action ids that stand in it now, in order."""
        return [element["action_id"] for _, element in self.elements()]


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """Something happened to a message; `recipient` is set for direct messages and ephemeral ones."""

    at: datetime
    kind: MessageKind
    channel: Channel
    recipient: "Person | None"
    message: Message


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home tab as it stands in front of one person."""

    id: str
    person: str
    hash: str
    root: str
    source: Json  # the view as the app sent it, block ids and action ids filled in
    previous: str | None = None
    state: Mapping[str, Json] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)  # block id → what the app found wrong with it

    @property
    def kind(self) -> str:
        """Return `modal` or `home`."""
        return str(self.source["type"])

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks as rendered."""
        return list(self.source["blocks"])

    @property
    def title(self) -> str:
        """Return the title's text, empty for a Home tab."""
        return str(self.source.get("title", {}).get("text", ""))

    def elements(self) -> Iterator[tuple[Json, Json]]:
        """Yield (block, element) for everything a person can press, choose or fill in, in order."""
        yield from interactive_elements(self.source["blocks"])


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file; without `content` only its address was asked for."""

    id: str
    name: str
    length: int
    alt_text: str = ""
    title: str = ""
    content: bytes | None = None
    shared_in: tuple[str, ...] = ()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A user group."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API, an upload or a post to a response URL, and how it ended.

    `outcome` is `ok`, Slack's error code, or `no_answer` / `answer_dropped` for faults; `status` is the HTTP
    status, 0 when none was sent.
    """

    at: datetime
    method: str
    arguments: Mapping[str, Any]
    outcome: str
    status: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a person's command, click or submission, as the person sees it.

    `acknowledged` says that the app answered 200 within three seconds; `error` is what Slack tells the person
    otherwise. `message` is the reply to a command that was part of the acknowledgement, `errors` the texts at
    the inputs (block id → text), `view` the view that stands in front of the person after a submission, `opened` the
    address at which their browser arrived.
    """

    acknowledged: bool
    status: int | None = None
    body: Any = None
    error: str | None = None
    message: Message | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    view: View | None = None
    opened: str = ""


def interactive_elements(blocks: "tuple[Json, ...] | list[Json]") -> Iterator[tuple[Json, Json]]:
    """Yield (block, element) for each element with an action id, looking into containers and cards."""
    for block in blocks:
        held = [*block.get("elements", ()), block.get("accessory"), block.get("element"), *block.get("actions", ())]
        for element in held:
            if isinstance(element, dict) and element.get("type") == "card":
                yield from interactive_elements([element])
            elif isinstance(element, dict) and "action_id" in element:
                yield block, element
        yield from interactive_elements(block.get("child_blocks", []))
