"""A course file with defaults: a test states only the keys that matter to it."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.timetable.course_file import CourseFile, CoursePlan, read_course_file
from bot.timetable.problems import BadCourseFile
from bot.timetable.schedule import PlannedLesson

ROME = ZoneInfo("Europe/Rome")
PLATFORMS = ("zoom", "signaling")

_DEFAULTS = {
    "name": "Python 101",
    "channel": '"#python-101"',
    "timezone": "Europe/Rome",
    "platform": "zoom",
    "room": '"97711976001"',
    "schedule": "[{start: 2026-11-23T18:00, end: 2026-11-23T21:00}]",
}


def course_text(**keys: str | None) -> str:
    """One course as an item of YAML; None leaves a key out. A value may be of several lines, indented by six."""
    lines = [f"{key}: {value}" for key, value in {**_DEFAULTS, **keys}.items() if value is not None]
    return "  - " + "\n    ".join(lines) + "\n"


def a_file(*courses: str, files: Mapping[str, str] | None = None, **keys: str | None) -> CourseFile:
    """The file of these courses, or of one with these keys; `files` are those beside it."""
    beside = files or {}

    def read(path: str) -> str:
        if path not in beside:
            raise FileNotFoundError(2, "No such file or directory")
        return beside[path]

    text = "courses:\n" + "".join(courses or [course_text(**keys)])
    return read_course_file(text, read=read, platforms=PLATFORMS)


def a_course(*, files: Mapping[str, str] | None = None, **keys: str | None) -> CoursePlan:
    """The only course of a file."""
    (course,) = a_file(files=files, **keys).courses
    return course


def mistakes(*courses: str, files: Mapping[str, str] | None = None, **keys: str | None) -> list[str]:
    """Every mistake of a file as `LINE: path: message`; none is a failure of the test that asks."""
    try:
        a_file(*courses, files=files, **keys)
    except BadCourseFile as bad:
        return [f"{problem.place.line}: {problem}" for problem in bad.problems]
    message = "the file has no mistake"
    raise AssertionError(message)


def local_starts(course: CoursePlan, **limits: datetime) -> list[str]:
    """The starts of its lessons as the clocks of its zone show them."""
    zone = ZoneInfo(course.zone)
    return [f"{lesson.start.astimezone(zone):%Y-%m-%d %H:%M}" for lesson in course.lessons(**limits)]


def ids(course: CoursePlan, *, course_id: str = "course-1") -> dict[str, str]:
    """Local start → lesson id."""
    return {
        f"{lesson.start.astimezone(ZoneInfo(course.zone)):%Y-%m-%d %H:%M}": lesson.id_in(course_id)
        for lesson in course.lessons()
    }


def calendar(*events: str) -> str:
    """A calendar file of events, each given as its lines."""
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//School//Timetable//EN\n{body}END:VCALENDAR\n".replace("\n", "\r\n")


def only(lessons: tuple[PlannedLesson, ...]) -> PlannedLesson:
    """The only one."""
    (lesson,) = lessons
    return lesson
