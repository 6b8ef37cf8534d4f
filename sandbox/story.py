"""What a scenario is made of, and whether what people were told is what its story says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.apis.records import AS_IT_WAS, Records

Kind = Literal["posted", "edited", "deleted", "ephemeral"]
"""What happened to a message; a story's words for it are `says`, `becomes`, `removed` and `whispers`."""

MUST_BE_TOLD: frozenset[Kind] = frozenset({"posted", "ephemeral"})
"""New messages: each must be in the story. Edits and removals count only where the story names them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """One of the people: in Slack if `slack` is their id there, on the roster by `role`, on platforms by the rest.

    `external_id` is what the school calls them on platforms to which it gives ids of its own.
    """

    handle: str
    name: str
    email: str = ""
    slack: str = ""
    zone: str = "Europe/Rome"
    role: str = "student"
    is_admin: bool = False
    zoom_name: str = ""
    zoom_email: str = ""
    zoom_id: str = ""
    registrant_id: str = ""
    external_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """Where lessons are held: a room on a platform, in the account of its host."""

    id: str
    platform: str
    host: Face
    topic: str
    zone: ZoneInfo
    duration_minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """One lesson of a course, by the course's name, in the room with that id."""

    course: str
    room: str
    starts_at: datetime
    ends_at: datetime

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that somebody does at a moment; which verbs and options there are stands in `sandbox.verbs`.

    `room` is the id of the room that it happens in; empty for what concerns none, or all.
    """

    at: datetime
    verb: str
    who: tuple[str, ...]
    options: Mapping[str, Any]
    line: int
    room: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """`/…/` is a regular expression; any other text must stand somewhere in the line, in any case of letters."""

    text: str

    def is_in(self, line: str) -> bool:
        if len(self.text) > 1 and self.text.startswith("/") and self.text.endswith("/"):
            return re.search(self.text[1:-1], line) is not None
        return self.text.casefold() in line.casefold()

    def found_in(self, text: str) -> str:
        """What the first group of the expression holds; an empty text where it does not stand there."""
        found = re.search(self.text.strip("/"), text, re.IGNORECASE)
        return found[1] if found is not None else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One line of the written story: by when (± `within`), to whom, and with what in the first line.

    `to` is a person's handle or `#channel`. `shows` must stand anywhere in the message.
    """

    at: datetime
    to: str
    kind: Kind
    says: Pattern
    shows: tuple[Pattern, ...] = ()
    within: timedelta = timedelta(seconds=5)
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Never:
    """What must not happen: `to` is never told anything, or nothing in which `says` stands anywhere."""

    to: str
    says: Pattern = Pattern(text="")
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What must be true of the attendance of one lesson at the end; see `sandbox.sheets`."""

    lesson: Lesson
    sheet: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing that happened to a message: `text` is its first line as people read it, `whole` all of it."""

    at: datetime
    to: str
    kind: Kind
    text: str
    whole: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One lesson or several that play themselves, and the story of what people are told meanwhile.

    `course_file` is a course file (YAML text). `begins_at` is the lesson time to start the clock at, `ends_at` when
    the story is over. `lessons` are in order of time and never empty, `rooms` by their ids; what is asked of the
    scenario itself (`course`, `room`, `starts_at` …) is that of the first lesson. With a `grain` everything of so
    long a time happens at its end: a crowd is not looked at one by one. `records` is what the platforms' APIs tell.
    """

    name: str
    title: str
    zone: ZoneInfo
    begins_at: datetime
    ends_at: datetime
    people: Mapping[str, Face]
    channels: Mapping[str, tuple[str, ...]]
    course_file: str
    lessons: Sequence[Lesson]
    rooms: Mapping[str, Room]
    happens: Sequence[Step]
    told: Sequence[Told]
    never: Sequence[Never]
    sheets: Sequence[Expected]
    grain: timedelta = timedelta()
    records: Records = AS_IT_WAS

    @property
    def registered(self) -> Mapping[str, str]:
        """E-mail → registrant id of who registered on Zoom by themselves."""
        return {face.email: face.registrant_id for face in self.people.values() if face.registrant_id and face.email}

    @property
    def starts_at(self) -> datetime:
        return self.lessons[0].starts_at

    @property
    def course(self) -> str:
        return self.lessons[0].course

    @property
    def duration_minutes(self) -> int:
        return self.lessons[0].duration_minutes

    @property
    def room(self) -> str:
        return next(iter(self.rooms))

    @property
    def platform(self) -> str:
        return self.rooms[self.room].platform

    @property
    def host(self) -> Face:
        return self.rooms[self.room].host

    def called(self, to: str) -> str:
        """The name of a person or channel as people read it."""
        return self.people[to].name if to in self.people else to

    def clock_time(self, at: datetime, *, with_seconds: bool = False) -> str:
        return at.astimezone(self.zone).strftime("%H:%M:%S" if with_seconds else "%H:%M")

    def printed(self, line: Line) -> str:
        """`18:03  zoom  Bob Stone  Python 101 started 3 minutes ago`."""
        return f"{self.clock_time(line.at)}  {self.platform}  {self.called(line.to)}  {line.text}"

    def verdict(self, transcript: Sequence[Line]) -> list[str]:
        """How what was told differs from the story, one sentence each; empty if it came out as written.

        For each recipient the story's lines must be told in their order, each at its time, those of one moment in any
        order; every new message must be one of them.
        """
        differences: list[tuple[datetime, str]] = []
        for to in sorted({told.to for told in self.told} | {line.to for line in transcript}):
            heard = [line for line in transcript if line.to == to]
            differences += self._compared([told for told in self.told if told.to == to], heard)
        differences += self._forbidden(transcript)
        return [sentence for _, sentence in sorted(differences, key=lambda entry: entry[0])]

    def _compared(self, story: list[Told], heard: list[Line]) -> list[tuple[datetime, str]]:
        differences: list[tuple[datetime, str]] = []
        unheard = dict(enumerate(heard))
        first = latest = 0
        for position, told in enumerate(story):
            if position and told.at > story[position - 1].at:
                first = latest
            number = _first_fit(told, unheard, first)
            if number is None:
                differences.append((told.at, self._missing(told, list(unheard.values()))))
            else:
                del unheard[number]
                latest = max(latest, number + 1)
        surplus = (line for line in unheard.values() if line.kind in MUST_BE_TOLD)
        differences += [
            (line.at, f"{self._stamp(line.at, line.to)}: told {line.text!r}: not in the story") for line in surplus
        ]
        return differences

    def _missing(self, told: Told, heard: list[Line]) -> str:
        word = {"posted": "told", "edited": "shown", "deleted": "rid of", "ephemeral": "told in passing"}[told.kind]
        sentence = f"{self._stamp(told.at, told.to)}: never {word} {told.says.text!r} (line {told.line})"
        likely = min(
            (line for line in heard if _fits(told, line)), key=lambda line: abs(line.at - told.at), default=None
        )
        if likely is None:
            return sentence
        return f"{sentence}; but at {self.clock_time(likely.at, with_seconds=True)} {likely.text!r}"

    def _forbidden(self, transcript: Sequence[Line]) -> list[tuple[datetime, str]]:
        return [
            (line.at, f"{self._stamp(line.at, line.to)}: told {line.text!r}: never, says line {never.line}")
            for never in self.never
            for line in transcript
            if line.to == never.to and line.kind != "deleted" and never.says.is_in(line.whole)
        ]

    def _stamp(self, at: datetime, to: str) -> str:
        return f"{self.clock_time(at, with_seconds=True)}  {self.called(to)}"


def _first_fit(told: Told, lines: Mapping[int, Line], first: int) -> int | None:
    """The number, from `first` on, of the line that is told at that time."""
    fitting = (number for number, line in lines.items() if _fits(told, line) and abs(line.at - told.at) <= told.within)
    return next((number for number in fitting if number >= first), None)


def _fits(told: Told, line: Line) -> bool:
    is_same = told.kind == line.kind and told.says.is_in(line.text)
    return is_same and all(pattern.is_in(line.whole) for pattern in told.shows)
