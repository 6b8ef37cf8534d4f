"""What has changed since the page was last told, each thing only in its newest state."""

import json
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any

from sandbox.page import drawn, drawn_room
from sandbox.page.scene import Json, Room, Scene
from sandbox.page.world import CALLS, PROBLEMS
from sandbox.slack.model import Message

MOST = 3_000
"""If more things than that have changed at once, they are not told one by one: the page gets the world anew."""

Draw = Callable[[], Json | None]


class Ledger:
    """Notes what changes in one scene, and draws it when asked; `changed` is called at each note.

    Holds one note per thing and `MOST` in all; calls and problems as many as the page keeps.
    """

    def __init__(self, scene: Scene, changed: Callable[[], None]) -> None:
        self._scene = scene
        self._changed = changed
        self._noted: dict[tuple[str, Hashable], Draw] = {}
        self._calls: deque[Json] = deque(maxlen=CALLS)
        self._problems: deque[str] = deque(maxlen=PROBLEMS)
        self._told: dict[str, str] = {}
        self._watched = ExitStack()
        self._watched.callback(scene.workspace.observe(self._note_slack))
        for held in scene.rooms.values():
            self._watched.callback(held.classroom.observe(partial(self._note_room, held)))

    def close(self) -> None:
        """Look no longer."""
        self._watched.close()

    def forget(self) -> None:
        """Throw the notes away: nobody wants to know."""
        self._noted.clear()
        self._calls.clear()
        self._problems.clear()

    def take(self) -> list[Json] | None:
        """The changes since the last time; None if they are too many to be told one by one."""
        if len(self._noted) > MOST:
            self.forget()
            return None
        drawings = [draw() for draw in self._noted.values()]
        changes = [drawing for drawing in drawings if drawing is not None]
        changes += [{"is": "call", "call": call} for call in self._calls]
        changes += [{"is": "problem", "text": text} for text in self._problems]
        self.forget()
        return [*changes, *self._standing()]

    def note_clock(self) -> None:
        """The clock is to be told, because somebody steered it or it has not been for a while."""
        self._note("clock", None, lambda: {"is": "clock", "clock": drawn.clock(self._scene)})

    def _note(self, kind: str, key: Hashable, draw: Draw) -> None:
        if len(self._noted) <= MOST:
            self._noted[kind, key] = draw
        self._changed()

    def _note_slack(self, kind: str, thing: Any) -> None:
        if kind == "call":
            self._calls.append(drawn.call(thing))
            self._changed()
        elif kind == "problem":
            self._problems.append(thing)
            self._changed()
        else:
            key = (thing.channel, thing.ts, thing.seen_by) if kind == "message" else thing
            self._note(kind, key, partial(NEWEST[kind], self._scene, thing))

    def _note_room(self, held: Room, kind: str, thing: Any) -> None:
        if kind == "room":
            self._note("room", thing, lambda: {"is": "room", "room": drawn_room.room(held)})
        else:
            key = (held.classroom.room_id, thing.number)
            self._note("delivery", key, lambda: {"is": "delivery", "delivery": drawn_room.delivery(held, thing)})

    def _standing(self) -> Iterator[Json]:
        """What is small and tells nobody when it changes, compared with what was told last."""
        now = {
            "faults": drawn.faults(self._scene.workspace.faults),
            "handling": drawn_room.handling(self._scene.rooms),
            "scenario": drawn.scenario(self._scene),
        }
        for kind, value in now.items():
            written = json.dumps(value)
            if self._told.get(kind) != written:
                self._told[kind] = written
                yield {"is": kind, kind: value}


def _message(scene: Scene, noted: Message) -> Json:
    messages = scene.workspace.messages
    if noted.seen_by is not None:
        now = messages.find_ephemeral(noted.seen_by, noted.ts)
    else:
        now = messages.find(noted.channel, noted.ts)
    if now is None:
        return {"is": "message_gone", "channel": noted.channel, "ts": noted.ts, "seen_by": noted.seen_by}
    return {"is": "message", "message": drawn.message(now)}


def _person(scene: Scene, person: str) -> Json:
    return {"is": "person", "person": drawn.person(scene, scene.workspace.persons[person])}


def _channel(scene: Scene, channel: str) -> Json:
    return {"is": "channel", "channel": drawn.channel(scene.workspace.channels[channel])}


def _views(scene: Scene, person: str) -> Json:
    return {
        "is": "views",
        "person": person,
        "views": [drawn.view(each) for each in scene.workspace.views.stack(person)],
    }


def _home(scene: Scene, person: str) -> Json | None:
    home = scene.workspace.views.home(person)
    return {"is": "home", "person": person, "view": drawn.view(home)} if home else None


def _file(scene: Scene, file: str) -> Json:
    held = scene.workspace.files.get(file)
    return {"is": "file", "file": drawn.file(held)} if held else {"is": "file_gone", "id": file}


NEWEST: Mapping[str, Callable[[Scene, Any], Json | None]] = {
    "message": _message,
    "person": _person,
    "channel": _channel,
    "views": _views,
    "home": _home,
    "file": _file,
}
"""By the kind of what the workspace says has changed: how it stands now."""
