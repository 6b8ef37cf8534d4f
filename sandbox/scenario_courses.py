"""The courses of a scenario: their lessons, their rooms, and the course file that the bot is given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from sandbox import moments
from sandbox.moments import HALF_A_DAY
from sandbox.places import Fields, Items, Problems, Text, plain
from sandbox.platforms import PLATFORMS
from sandbox.scenario_people import Cast, ReadZone, handles_of, roster_entry
from sandbox.story import Face, Lesson, Room

# libyaml, where PyYAML was built with it.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

ROSTER: Mapping[str, str] = {"trainers": "trainer", "students": "student", "observers": "observer"}
"""A part of a course, and the role of those who stand in it where the course does not say."""

ITS_OWN = ("name", "channel", "room", "join_url")
"""What a course of `courses` does not have from `course`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """One course: who is in it, what of it is played, and its entry of the course file."""

    key: str
    channel: str
    people: frozenset[str]
    room: Room
    lessons: tuple[Lesson, ...]
    entry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Courses:
    """All courses of a scenario, in the order of the file."""

    all: Sequence[Course]

    def lessons(self) -> list[Lesson]:
        """In order of time, those of one moment in the order of the file."""
        return sorted((lesson for course in self.all for lesson in course.lessons), key=lambda lesson: lesson.starts_at)

    def rooms(self) -> dict[str, Room]:
        """By their ids; courses that share one are there for one after the other."""
        rooms: dict[str, Room] = {}
        for course in self.all:
            rooms.setdefault(course.room.id, course.room)
        return rooms

    def room_of(self, key: str) -> str | None:
        """The id of the room of a course; None: there is no such course."""
        return next((course.room.id for course in self.all if course.key == key), None)

    def rooms_of(self, handle: str) -> list[str]:
        """Where somebody may be expected: the rooms of their courses, or the only room there is."""
        rooms = list(self.rooms())
        if len(rooms) == 1:
            return rooms
        return list(dict.fromkeys(course.room.id for course in self.all if handle in course.people))

    def keys(self) -> str:
        return ", ".join(course.key for course in self.all if course.key)

    def file(self) -> str:
        """The course file, as YAML text."""
        entries = [course.entry for course in self.all]
        return str(yaml.dump({"courses": entries}, Dumper=_DUMPER, allow_unicode=True, sort_keys=False))


def read_courses(course: Fields, courses: Fields, cast: Cast, *, read_zone: ReadZone, problems: Problems) -> Courses:
    """Each of `courses` with what `course` says of all, or the one `course`; raises ScenarioError without a lesson."""
    read = _Reader(cast, read_zone, problems)
    if not courses:
        return Courses([read.course("", course, "course")])
    shared = {name: value for name, value in course.items() if name not in ITS_OWN}
    return Courses(
        [read.course(key, read.own(key, fields, shared), f"courses.{key}") for key, fields in courses.items()]
    )


class _Reader:
    def __init__(self, cast: Cast, read_zone: ReadZone, problems: Problems) -> None:
        self._cast = cast
        self._read_zone = read_zone
        self._problems = problems

    def own(self, key: str, value: Any, shared: Mapping[str, Any]) -> Fields:
        """The course with what it shares with the others, and what its key says of it."""
        given = self._problems.of_kind(value, Fields, f"courses.{key}")
        for name in ("name", "room"):
            if name not in given:
                self._problems.at(given, f"courses.{key}.{name}", "is missing")
        by_its_key = {
            "channel": Text(f"#{key}"),
            "join_url": Text(f"https://classroom.example.com/j/{given.get('room')}"),
        }
        fields = Fields({**shared, **by_its_key, **given})
        fields.line = given.line
        return fields

    def course(self, key: str, fields: Fields, where: str) -> Course:
        zone = ZoneInfo(self._read_zone(fields.get("timezone", "UTC"), f"{where}.timezone"))
        roster = {part: list(self._roster(fields, part, f"{where}.{part}")) for part in ROSTER}
        offices = list(self._offices(fields, f"{where}.coordinator"))
        entry = {name: plain(value) for name, value in fields.items() if name != "host"}
        entry |= {part: [self._entry(who) for who in named] for part, named in roster.items() if named}
        if offices:
            entry["coordinator"] = self._entry(offices[0])
        lessons = tuple(self._lessons(fields, zone, where))
        name, room_id = str(fields.get("name", "")), str(fields.get("room", ""))
        platform = self._platform(fields, where)
        room = Room(
            id=room_id,
            platform=platform,
            host=self._host(fields, platform, roster["trainers"], where),
            topic=name,
            zone=zone,
            duration_minutes=lessons[0].duration_minutes,
        )
        people = frozenset(str(who) for named in (*roster.values(), offices) for who in named if isinstance(who, str))
        return Course(
            key=key, channel=str(fields.get("channel", "")), people=people, room=room, lessons=lessons, entry=entry
        )

    def _platform(self, fields: Fields, where: str) -> str:
        platform = str(fields.get("platform", ""))
        if platform not in PLATFORMS:
            known = ", ".join(PLATFORMS)
            self._problems.at(fields, f"{where}.platform", f"{platform!r} is unknown; known are {known}")
        return platform

    def _roster(self, fields: Fields, part: str, where: str) -> Iterator[Any]:
        """Handles, and what the course says itself of people who are not in the scenario."""
        if part not in fields:
            yield from (face.handle for face in self._cast.people.values() if face.role == ROSTER[part])
            return
        for named in self._problems.of_kind(fields[part], Items, where):
            if isinstance(named, Text):
                yield from handles_of(self._cast, named, where, self._problems)
            else:
                yield named

    def _offices(self, fields: Fields, where: str) -> Iterator[Any]:
        if "coordinator" not in fields:
            yield from (face.handle for face in self._cast.people.values() if face.role == "coordinator")
        elif isinstance(fields["coordinator"], Text):
            yield from handles_of(self._cast, fields["coordinator"], where, self._problems)
        else:
            yield fields["coordinator"]

    def _entry(self, who: Any) -> Any:
        return roster_entry(self._cast.people[who]) if isinstance(who, str) else plain(who)

    def _host(self, fields: Fields, platform: str, trainers: Sequence[Any], where: str) -> Face:
        """Whose room it is: the `host`, else the first trainer, else anybody; on Zoom it needs a Zoom id."""
        people = self._cast.people
        named = handles_of(self._cast, fields.get("host", Items()), f"{where}.host", self._problems)
        trained = [who for who in trainers if isinstance(who, str)]
        found = [people[handle] for handle in (*named, *trained, *people)]
        hosts = [face for face in found if face.zoom_id or platform != "zoom"]
        if not hosts:
            self._problems.stop(fields, f"{where}.host", "somebody needs a zoom.id: the host of the room")
        return hosts[0]

    def _lessons(self, fields: Fields, zone: ZoneInfo, where: str) -> Iterator[Lesson]:
        """Those of the timetable that begin on the day of its first one: these are played."""
        items = self._problems.of_kind(fields.get("schedule", Items()), Items, f"{where}.schedule")
        first = None
        for position, item in enumerate(items or [Fields()]):
            try:
                starts_at, ends_at = _from_to(item if isinstance(item, Fields) else Fields(), zone)
            except ValueError as error:
                problem = f"needs start, and end or duration: {error}"
                self._problems.stop(items, f"{where}.schedule[{position}]", problem)
            first = first or starts_at
            if abs(starts_at - first) < HALF_A_DAY:
                yield Lesson(
                    course=str(fields.get("name", "")),
                    room=str(fields.get("room", "")),
                    starts_at=starts_at,
                    ends_at=ends_at,
                )


def _from_to(item: Fields, zone: ZoneInfo) -> tuple[datetime, datetime]:
    starts_at = moments.instant(item.get("start", ""), zone)
    if "end" in item:
        return starts_at, moments.instant(item["end"], zone)
    return starts_at, starts_at + moments.length(item.get("duration", ""))
