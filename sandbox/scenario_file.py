"""Reads scenarios: a lesson, what happens in it, and the story of what people are told meanwhile."""

import random
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from sandbox import moments
from sandbox.errors import ScenarioError
from sandbox.places import Fields, Items, Problems, parse, plain
from sandbox.scenario_script import Script
from sandbox.story import Face, Scenario

FOLDER = Path(__file__).parent / "scenarios"
SCHOOL = "school.yaml"
"""People, channels and a course that all scenarios share; a scenario adds to them or says otherwise."""

TOP = {"title", "begins", "ends", "people", "channels", "course", "happens", "told", "never", "sheet"}
PERSON = {"name", "email", "slack", "zone", "role", "admin", "zoom"}
ZOOM = {"name", "email", "id", "registrant_id"}
ROLES = ("student", "trainer", "coordinator", "observer", "stranger")
BEGINS = "-35m"
ENDS_AFTER_THE_LESSON = timedelta(minutes=10)


def names() -> list[str]:
    """The scenarios that come with the sandbox."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path.name != SCHOOL)


def load(name: str) -> Scenario:
    """One of `names()`, or a path to a file of one's own; raises ScenarioError with every mistake in it."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise ScenarioError([f"there is no scenario {name}; there are {', '.join(names())}"])
    return read(path.read_text(encoding="utf-8"), file=path.name)


def read(text: str, *, file: str) -> Scenario:
    """A scenario from its text; `file` is what mistakes are reported under."""
    school = parse((FOLDER / SCHOOL).read_text(encoding="utf-8"), Problems(SCHOOL))
    problems = Problems(file)
    fields = parse(text, problems)
    problems.no_others(fields, TOP, "")
    for part in ("people", "channels", "course"):
        fields[part] = _merged(school[part], fields.get(part), problems, part)
    scenario = _Reader(fields, problems).scenario(Path(file).stem)
    problems.raise_if_any()
    return scenario


def dice(scenario: Scenario) -> random.Random:
    """The dice of a scenario: the same ones each time."""
    return random.Random(scenario.name)  # noqa: S311  # the dice of a play, not of a secret


def _merged(school: Fields, own: Any, problems: Problems, part: str) -> Fields:
    """The school's part with what the scenario adds or says otherwise; `none` takes something out."""
    merged = Fields(school)
    if own is None:
        return merged
    own = problems.of_kind(own, Fields, part)
    merged.line = own.line
    for name, value in own.items():
        known = merged.get(name)
        if value == "none":
            merged.pop(name, None)
        elif isinstance(known, Fields) and isinstance(value, Fields):
            merged[name] = Fields({**known, **value})
            merged[name].line = value.line
        else:
            merged[name] = value
    return merged


class _Reader:
    """Turns the fields of one file into a scenario; what is wrong goes to `problems` and gets a harmless stand-in."""

    def __init__(self, fields: Fields, problems: Problems) -> None:
        self._fields = fields
        self._problems = problems
        self._course: Fields = fields["course"]
        self._zone = self._read_zone(self._course.get("timezone", "UTC"), "course.timezone")

    def scenario(self, name: str) -> Scenario:
        starts_at, length = self._lesson()
        people = {handle: self._face(handle, person) for handle, person in self._fields["people"].items()}
        if not any(face.zoom_id for face in people.values()):
            self._problems.at(self._fields["people"], "people", "somebody needs a zoom.id: the host of the room")
            self._problems.raise_if_any()
        channels = {
            f"#{channel.lstrip('#')}": self._members(channel, members, people)
            for channel, members in self._fields["channels"].items()
        }
        script = Script(
            people=people,
            channels=channels,
            moment=partial(moments.moment, starts_at=starts_at, zone=self._zone),
            starts_at=starts_at,
            problems=self._problems,
        )
        ends = self._fields.get("ends")
        ends_at = script.moment(ends, "ends") if ends else starts_at + length + ENDS_AFTER_THE_LESSON
        happens = sorted(script.steps(self._part("happens", Items)), key=lambda step: step.at)
        told = sorted(script.told(self._part("told", Items)), key=lambda told: told.at)
        moments_of_lines = [(entry.at, entry.line) for entry in happens] + [(entry.at, entry.line) for entry in told]
        for line in (line for at, line in moments_of_lines if at >= ends_at):
            self._problems.add(line, "", "comes after the end of the story; say later when it `ends`")
        return Scenario(
            name=name,
            title=str(self._fields.get("title", name)),
            zone=self._zone,
            begins_at=script.moment(self._fields.get("begins", BEGINS), "begins"),
            starts_at=starts_at,
            ends_at=ends_at,
            people=people,
            channels=channels,
            course_file=self._course_file(people),
            course=str(self._course.get("name", "")),
            platform=str(self._course.get("platform", "")),
            room=str(self._course.get("room", "")),
            duration_minutes=int(length.total_seconds() // 60),
            happens=happens,
            told=told,
            never=tuple(script.never(self._part("never", Items))),
            sheet=plain(self._part("sheet", Fields)),
        )

    def _face(self, handle: str, person: Any) -> Face:
        where = f"people.{handle}"
        fields = self._problems.of_kind(person, Fields, where)
        zoom = self._problems.of_kind(fields.get("zoom", Fields()), Fields, f"{where}.zoom")
        self._problems.no_others(fields, PERSON, where)
        self._problems.no_others(zoom, ZOOM, f"{where}.zoom")
        role = str(fields.get("role", "student"))
        if role not in ROLES:
            self._problems.at(fields, f"{where}.role", f"{role!r} is unknown; known are {', '.join(ROLES)}")
        if not fields.get("name"):
            self._problems.at(fields, f"{where}.name", "is missing")
        return Face(
            handle=handle,
            name=str(fields.get("name", handle)),
            email=str(fields.get("email", "")),
            slack=str(fields.get("slack", "")),
            zone=self._read_zone(fields.get("zone", self._zone.key), f"{where}.zone").key,
            role=role,
            is_admin=fields.get("admin") == "yes",
            zoom_name=str(zoom.get("name", "")),
            zoom_email=str(zoom.get("email", "")),
            zoom_id=str(zoom.get("id", "")),
            registrant_id=str(zoom.get("registrant_id", "")),
        )

    def _members(self, channel: str, members: Any, people: dict[str, Face]) -> tuple[str, ...]:
        """Handles; `all` are all who have Slack."""
        if members == "all":
            return tuple(handle for handle, face in people.items() if face.slack)
        where = f"channels.{channel}"
        handles = [str(who) for who in self._problems.of_kind(members, Items, where)]
        for handle in handles:
            if handle not in people:
                self._problems.at(members, where, f"nobody is called {handle!r}; there are {', '.join(people)}")
        return tuple(handle for handle in handles if handle in people)

    def _lesson(self) -> tuple[datetime, timedelta]:
        """Start and length of the first item of the timetable, which is the one that is played."""
        items = self._problems.of_kind(self._course.get("schedule", Items()), Items, "course.schedule")
        first = items[0] if items and isinstance(items[0], Fields) else Fields()
        try:
            starts_at = moments.instant(first.get("start", ""), self._zone)
            if "end" in first:
                return starts_at, moments.instant(first["end"], self._zone) - starts_at
            return starts_at, moments.length(first.get("duration", ""))
        except ValueError as error:
            self._problems.at(items, "course.schedule[0]", f"needs start, and end or duration: {error}")
            self._problems.raise_if_any()
            raise

    def _course_file(self, people: dict[str, Face]) -> str:
        """The course with everybody of `people` in it, unless it names its people itself."""
        course = plain(self._course)
        for key, role in (("trainers", "trainer"), ("students", "student"), ("observers", "observer")):
            entries = [_roster_entry(face) for face in people.values() if face.role == role]
            if entries:
                course.setdefault(key, entries)
        offices = [face for face in people.values() if face.role == "coordinator"]
        if offices:
            course.setdefault("coordinator", _roster_entry(offices[0]))
        return str(yaml.safe_dump({"courses": [course]}, allow_unicode=True, sort_keys=False))

    def _part(self, name: str, kind: type[Any]) -> Any:
        return self._problems.of_kind(self._fields.get(name, kind()), kind, name)

    def _read_zone(self, name: Any, where: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            self._problems.at(name, where, f"{name!r} is no time zone")
            return ZoneInfo("UTC")


def _roster_entry(face: Face) -> dict[str, str]:
    known = {
        "name": face.name,
        "email": face.email,
        "slack": face.slack,
        "registrant_id": face.registrant_id,
    }
    return {key: value for key, value in known.items() if value}
