"""The course file: one text of YAML in, courses out, or every mistake with its place."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.attendance.lessons import Policy
from bot.timetable.fields import Fields, fields_of
from bot.timetable.files import ReadFile
from bot.timetable.nodes import read_yaml
from bot.timetable.people import Everybody, PersonPlan, read_people, read_person
from bot.timetable.policy import read_policy
from bot.timetable.problems import BadCourseFile, Place, Problem, Problems, quoted
from bot.timetable.schedule import Break, PlannedLesson, Schedule, lay_out
from bot.timetable.schedule_file import read_breaks, read_schedule
from bot.timetable.values import channel, join_url, line_of_text, platform_of
from bot.timetable.values import zone as zone_name


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePlan:
    """One course as its file describes it."""

    #: as written, else made of the name: what keeps a course the same
    key: str
    name: str
    #: `#name` or id
    channel: str
    #: empty: names and details go to `channel`
    staff_channel: str
    #: IANA
    zone: str
    platform: str
    room: str
    #: may be empty
    join_url: str
    schedule: Schedule
    breaks: tuple[Break, ...]
    trainers: tuple[PersonPlan, ...]
    students: tuple[PersonPlan, ...]
    observers: tuple[PersonPlan, ...]
    #: None: the admins are told
    coordinator: PersonPlan | None
    policy: Policy
    place: Place

    def lessons(self, *, until: datetime | None = None) -> tuple[PlannedLesson, ...]:
        """The planned lessons, those of endless rules up to `until`."""
        return lay_out(self.schedule, zone=ZoneInfo(self.zone), breaks=self.breaks, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFile:
    """All courses of a file without mistakes, and what is worth a look."""

    courses: tuple[CoursePlan, ...]
    warnings: tuple[Problem, ...] = ()


def read_course_file(text: str, *, read: ReadFile, platforms: Collection[str]) -> CourseFile:
    """The courses of a course file; `platforms` are the names a course may run on.

    `read` gives the text of a roster or calendar by its path beside the file. Raises `BadCourseFile`.
    """
    problems = Problems()
    root = read_yaml(text)
    fields = fields_of(root, "", problems)
    courses = tuple(_courses(fields, problems, read, platforms)) if fields else ()
    _check_unique(courses, problems)
    if problems.are_there:
        raise BadCourseFile(problems.mistakes)
    _warn_of_overlaps(courses, problems)
    return CourseFile(courses=courses, warnings=problems.warnings)


def key_of(name: str) -> str:
    """The key of a course that has none: its name in lower case, all but letters and digits as `-`."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return "-".join(words) or plain


def _courses(root: Fields, problems: Problems, read: ReadFile, platforms: Collection[str]) -> Iterator[CoursePlan]:
    if not root.has("courses"):
        root.missing("courses", "write courses: and under it one item for each course")
    for path, node in root.items("courses"):
        fields = fields_of(node, path, problems)
        if fields is not None:
            yield _course(fields, read, platforms)
    root.finish()


def _course(fields: Fields, read: ReadFile, platforms: Collection[str]) -> CoursePlan:
    """One course; where a value is wrong and reported, something harmless stands in, so that the rest is read too."""
    name = fields.required("name", line_of_text, remedy="write what people call the course") or ""
    key = fields.optional("key", line_of_text)
    zone = fields.required("timezone", zone_name, remedy="write its IANA name, Europe/Rome") or "UTC"
    everybody = Everybody(fields.problems)
    plan = CoursePlan(
        key=key or key_of(name),
        name=name,
        channel=_channel(fields, "channel", is_required=True),
        staff_channel=_channel(fields, "staff_channel"),
        zone=zone,
        platform=fields.required("platform", platform_of(platforms), remedy=f"write {' or '.join(platforms)}") or "",
        room=fields.required("room", line_of_text, remedy="write the platform's own id of the room") or "",
        join_url=fields.optional("join_url", join_url) or "",
        schedule=read_schedule(fields, zone=ZoneInfo(zone), read=read),
        breaks=read_breaks(fields),
        trainers=read_people(fields, "trainers", everybody=everybody, read=read),
        students=read_people(fields, "students", everybody=everybody, read=read),
        observers=read_people(fields, "observers", everybody=everybody, read=read),
        coordinator=_coordinator(fields),
        policy=read_policy(fields.mapping("policy")),
        place=fields.place,
    )
    fields.finish()
    return plan


def _channel(fields: Fields, key: str, *, is_required: bool = False) -> str:
    # `channel: #python-101` is an empty value with a comment behind it: the most likely slip of all.
    if fields.is_empty(key) or (is_required and not fields.has(key)):
        fields.missing(key, 'write the name in quotes, "#python-101", because # begins a comment, or the id')
    return fields.optional(key, channel) or ""


def _coordinator(fields: Fields) -> PersonPlan | None:
    found = fields.mapping("coordinator")
    return read_person(found) if found else None


def _check_unique(courses: Collection[CoursePlan], problems: Problems) -> None:
    names: dict[str, CoursePlan] = {}
    keys: dict[str, CoursePlan] = {}
    for course in courses:
        namesake, same_key = names.setdefault(course.name, course), keys.setdefault(course.key, course)
        if course.name and namesake is not course:
            _report_twice("name", course.name, course, namesake, problems)
        elif course.key and same_key is not course:
            _report_twice("key", course.key, course, same_key, problems)


def _report_twice(what: str, value: str, course: CoursePlan, first: CoursePlan, problems: Problems) -> None:
    shown = f"{quoted(value)} is already the {what} of {first.place.path} (line {first.place.line})"
    place = replace(course.place, path=f"{course.place.path}.{what}")
    problems.add(place, f"{shown}: give each course a {what} of its own")


def _warn_of_overlaps(courses: Collection[CoursePlan], problems: Problems) -> None:
    """One warning for each two courses, or for one course, whose lessons overlap in one room."""
    rooms: dict[tuple[str, str], list[tuple[PlannedLesson, CoursePlan]]] = {}
    for course in courses:
        rooms.setdefault((course.platform, course.room), []).extend((lesson, course) for lesson in course.lessons())
    said: set[tuple[str, str]] = set()
    for lessons in rooms.values():
        lessons.sort(key=lambda pair: pair[0].start)
        going_on: list[tuple[PlannedLesson, CoursePlan]] = []
        for lesson, course in lessons:
            going_on = [pair for pair in going_on if pair[0].end > lesson.start]
            for _, other in going_on:
                pair = (other.place.path, course.place.path)
                if pair not in said:
                    said.add(pair)
                    problems.warn(course.place, _overlap(lesson, course, other))
            going_on.append((lesson, course))


def _overlap(lesson: PlannedLesson, course: CoursePlan, other: CoursePlan) -> str:
    local = lesson.start.astimezone(ZoneInfo(course.zone)).strftime("%Y-%m-%d %H:%M")
    with_whom = (
        "another of its lessons" if other is course else f"a lesson of {other.place.path}, {quoted(other.name)},"
    )
    return (
        f"the lesson of {local} overlaps with {with_whom} in the room {quoted(course.room)}: "
        "each person counts in the lessons on whose roster they stand"
    )
