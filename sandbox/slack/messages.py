"""The messages of a workspace: their timestamps, their edits, and who is told about them."""

import copy
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from sandbox.observing import Observers
from sandbox.slack.model import Channel, Json, Message, MessageEvent, MessageKind

PER_CHANNEL = 2_000  # messages kept; the oldest go first
EPHEMERALS_PER_PERSON = 200


class Announcer(Protocol):
    """Makes the event that listeners get."""

    def __call__(self, kind: MessageKind, message: Message) -> MessageEvent:
        """Return the event for what has just happened to a message."""


class Messages:
    """All messages by channel and `ts`; timestamps are unique and rise with lesson time."""

    def __init__(self, *, now: Callable[[], datetime], announce: Announcer, observers: Observers) -> None:
        self._now = now
        self._announce = announce
        self._observers = observers
        self._by_channel: dict[str, dict[str, Message]] = {}
        self._ephemerals: dict[str, deque[Message]] = {}
        self._last_ts = 0
        self._blocks_seen = 0
        self.listeners: list[Callable[[MessageEvent], None]] = []

    def mint_ts(self) -> str:
        """Return the next timestamp: seconds of lesson time, six digits, never the same twice."""
        moment = self._now().astimezone(UTC)
        wanted = int(moment.timestamp()) * 1_000_000 + moment.microsecond
        self._last_ts = max(wanted, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def with_ids(self, blocks: Iterable[Json]) -> tuple[Json, ...]:
        """Copy blocks and give an id to every block and interactive element that came without one."""
        return tuple(self._with_id(copy.deepcopy(block)) for block in blocks)

    def post(self, channel: Channel, author: str, text: str, **more: Any) -> Message:
        """Put a message into a channel, or before one person if `seen_by` is given; tells the listeners."""
        message = Message(ts=self.mint_ts(), channel=channel.id, author=author, text=text, at=self._now(), **more)
        message = replace(message, blocks=self.with_ids(message.blocks))
        if message.seen_by is not None:
            kept = self._ephemerals.setdefault(message.seen_by, deque(maxlen=EPHEMERALS_PER_PERSON))
            if len(kept) == kept.maxlen:
                self._observers.tell("message", kept[0])  # it makes room
            kept.append(message)
            self._tell("ephemeral", message)
            return message
        messages = self._by_channel.setdefault(channel.id, {})
        messages[message.ts] = message
        if len(messages) > PER_CHANNEL:
            self._observers.tell("message", messages.pop(next(iter(messages))))
        self._tell("posted", message)
        return message

    def edit(self, message: Message, **changes: Any) -> Message:
        """Replace what a message says; it keeps its `ts` and its place."""
        if "blocks" in changes:
            changes["blocks"] = self.with_ids(changes["blocks"])
        edited = replace(message, edited_at=self._now(), **changes)
        self._put(edited)
        self._tell("edited", edited)
        return edited

    def annotate(self, message: Message, **changes: Any) -> Message:
        """Change what stands around a message (reactions), which is no edit and tells nobody."""
        changed = replace(message, **changes)
        self._put(changed)
        self._observers.tell("message", changed)
        return changed

    def delete(self, message: Message) -> None:
        """Take a message away."""
        if message.seen_by is not None:
            kept = self._ephemerals[message.seen_by]
            self._ephemerals[message.seen_by] = deque((m for m in kept if m.ts != message.ts), maxlen=kept.maxlen)
        else:
            del self._by_channel[message.channel][message.ts]
        self._tell("deleted", message)

    def find(self, channel: str, ts: str) -> Message | None:
        """Return the message as it stands now; ephemeral ones are not found here."""
        return self._by_channel.get(channel, {}).get(ts)

    def find_ephemeral(self, person: str, ts: str) -> Message | None:
        """Return an ephemeral message that the person still sees."""
        return next((message for message in self.ephemerals(person) if message.ts == ts), None)

    def is_ephemeral(self, channel: str, ts: str) -> bool:
        """Say whether this timestamp belongs to an ephemeral message, whoever sees it."""
        return any(m.ts == ts and m.channel == channel for kept in self._ephemerals.values() for m in kept)

    def in_channel(self, channel: str) -> list[Message]:
        """Return the messages that stand in a channel, oldest first."""
        return list(self._by_channel.get(channel, {}).values())

    def ephemerals(self, person: str) -> list[Message]:
        """Return the ephemeral messages that one person sees, oldest first."""
        return list(self._ephemerals.get(person, ()))

    def _put(self, message: Message) -> None:
        if message.seen_by is None:
            self._by_channel[message.channel][message.ts] = message
            return
        kept = self._ephemerals[message.seen_by]
        for place, held in enumerate(kept):
            if held.ts == message.ts:
                kept[place] = message

    def _tell(self, kind: MessageKind, message: Message) -> None:
        self._observers.tell("message", message)
        event = self._announce(kind, message)
        for listener in list(self.listeners):
            listener(event)

    def _with_id(self, block: Json) -> Json:
        self._blocks_seen += 1
        block.setdefault("block_id", f"b{self._blocks_seen:05d}")
        places = [*block.get("elements", ()), block.get("accessory"), block.get("element"), *block.get("actions", ())]
        for place, element in enumerate(places):
            if not isinstance(element, dict):
                continue
            if element.get("type") == "card":
                self._with_id(element)
            elif element.get("type") in INTERACTIVE:
                element.setdefault("action_id", f"{block['block_id']}.{place}")
        for child in block.get("child_blocks", ()):
            self._with_id(child)
        return block


INTERACTIVE = frozenset(
    {"button", "workflow_button", "icon_button", "feedback_buttons", "overflow", "checkboxes", "radio_buttons"}
    | {"datepicker", "timepicker", "datetimepicker", "file_input", "rich_text_input"}
    | {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
    | {f"{many}{kind}_select" for many in ("", "multi_") for kind in ("static", "external", "users")}
    | {f"{many}{kind}_select" for many in ("", "multi_") for kind in ("conversations", "channels")}
)
