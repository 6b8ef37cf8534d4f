"""Reads scenarios: lessons, what happens in them, and the story of what people are told meanwhile."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox import moments
from sandbox.errors import ScenarioError
from sandbox.places import Fields, Items, Problems, parse, plain
from sandbox.scenario_courses import Courses, read_courses
from sandbox.scenario_people import Cast, handles_of, read_cast
from sandbox.scenario_records import read_records
from sandbox.scenario_script import Script
from sandbox.story import Expected, Lesson, Scenario, Step, Told

FOLDER = Path(__file__).parent / "scenarios"
SCHOOL = "school.yaml"
"""People, channels and a course that all scenarios share; a scenario adds to them or says otherwise."""

TOP = {
    "title", "begins", "ends", "grain", "people", "crowds", "channels", "course", "courses", "happens", "told", "never",
    "sheet", "sheets", "records",
}  # fmt: skip
SHEET = {"lesson", "people", "unknown", "not_enrolled"}
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
        self._zone = ZoneInfo(self._read_zone(self._course.get("timezone", "UTC"), "course.timezone"))

    def scenario(self, name: str) -> Scenario:
        cast = read_cast(
            self._fields["people"], self._part("crowds", Fields), read_zone=self._read_zone, problems=self._problems
        )
        courses = read_courses(
            self._course, self._part("courses", Fields), cast, read_zone=self._read_zone, problems=self._problems
        )
        lessons = courses.lessons()
        channels = self._channels(cast, courses)
        script = Script(
            cast=cast,
            channels=channels,
            courses=courses,
            moment=partial(moments.moment, starts_at=lessons[0].starts_at, zone=self._zone),
            starts_at=lessons[0].starts_at,
            problems=self._problems,
        )
        last = max(lesson.ends_at for lesson in lessons)
        ends = self._fields.get("ends")
        ends_at = script.moment(ends, "ends") if ends else last + ENDS_AFTER_THE_LESSON
        happens = sorted(script.steps(self._part("happens", Items)), key=lambda step: step.at)
        told = sorted(script.told(self._part("told", Items)), key=lambda told: told.at)
        self._all_before(ends_at, [*happens, *told])
        return Scenario(
            name=name,
            title=str(self._fields.get("title", name)),
            zone=self._zone,
            begins_at=script.moment(self._fields.get("begins", BEGINS), "begins"),
            ends_at=ends_at,
            people=cast.people,
            channels=channels,
            course_file=courses.file(),
            lessons=lessons,
            rooms=courses.rooms(),
            happens=happens,
            told=told,
            never=tuple(script.never(self._part("never", Items))),
            grain=script.length(self._fields["grain"], "grain") if "grain" in self._fields else timedelta(),
            sheets=tuple(self._sheets(script, cast, lessons, courses)),
            records=read_records(self._part("records", Fields), cast, length=script.length, problems=self._problems),
        )

    def _all_before(self, ends_at: datetime, entries: Sequence[Step | Told]) -> None:
        for line in sorted({entry.line for entry in entries if entry.at >= ends_at}):
            self._problems.add(line, "", "comes after the end of the story; say later when it `ends`")

    def _channels(self, cast: Cast, courses: Courses) -> dict[str, tuple[str, ...]]:
        """Members by `#channel`; a course's channel that is not in the file holds those of the course."""
        channels = {
            f"#{channel.lstrip('#')}": self._members(channel, members, cast)
            for channel, members in self._fields["channels"].items()
        }
        for course in courses.all:
            members = tuple(handle for handle in cast.people if handle in course.people)
            channels.setdefault(course.channel, members)
        return channels

    def _members(self, channel: str, members: Any, cast: Cast) -> tuple[str, ...]:
        """Handles; `all` are all who have Slack."""
        if members == "all":
            return tuple(handle for handle, face in cast.people.items() if face.slack)
        where = f"channels.{channel}"
        return tuple(handles_of(cast, self._problems.of_kind(members, Items, where), where, self._problems))

    def _sheets(self, script: Script, cast: Cast, lessons: Sequence[Lesson], courses: Courses) -> Iterator[Expected]:
        """`sheet` is that of the first lesson; each of `sheets` says whose it is by `course` and `start`."""
        if "sheet" in self._fields:
            yield Expected(lesson=lessons[0], sheet=self._sheet(self._part("sheet", Fields), "sheet", cast))
        for position, item in enumerate(self._part("sheets", Items)):
            where = f"sheets[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            names = [
                course.entry.get("name") for course in courses.all if course.key == fields.get("course", course.key)
            ]
            starts = script.moment(fields["start"], f"{where}.start") if "start" in fields else None
            found = [each for each in lessons if each.course in names and starts in {None, each.starts_at}]
            if len(found) == 1:
                yield Expected(lesson=found[0], sheet=self._sheet(fields, where, cast))
            else:
                self._problems.at(fields, where, f"is of {len(found)} lessons; say which `course` and `start` it has")

    def _sheet(self, fields: Fields, where: str, cast: Cast) -> dict[str, Any]:
        """With what is said of a crowd said of each one in it."""
        self._problems.no_others(fields, SHEET if where == "sheet" else {*SHEET, "course", "start"}, where)
        sheet = {name: plain(value) for name, value in fields.items() if name in SHEET}
        people = self._problems.of_kind(fields.get("people", Fields()), Fields, f"{where}.people")
        if people:
            sheet["people"] = {
                handle: plain(facts)
                for name, facts in people.items()
                for handle in handles_of(cast, name, f"{where}.people", self._problems, at=facts)
            }
        return sheet

    def _part(self, name: str, kind: type[Any]) -> Any:
        return self._problems.of_kind(self._fields.get(name, kind()), kind, name)

    def _read_zone(self, name: Any, where: str) -> str:
        """An empty text is the zone of the course."""
        try:
            return ZoneInfo(name or self._zone.key).key
        except (ZoneInfoNotFoundError, ValueError):
            self._problems.at(name, where, f"{name!r} is no time zone")
            return "UTC"
