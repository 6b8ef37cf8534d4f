"""Which lesson and which person somebody means who types a command or picks from a menu."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Protocol
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.attendance.view import ENDED
from bot.attendance.wanted import Choice
from bot.errors import NotFound
from bot.messages.formatting import by_name
from bot.messages.pick import LessonChoice, which_lesson, which_person
from handlers.slack.grammar import Verb, Who, Word, leading_day, leading_name, sentence
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit
from storage.door import KnownCourse, KnownLesson, KnownStudent

#: Names that are so near to what was typed (0 to 100) are suggested; never used to decide.
_SIMILAR = 60
_SUGGESTIONS = 3
#: A room opens this long before its lesson: from then on *now* is about it.
OPENS_BEFORE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A verb with what is known of its object: typed words, or what was picked from buttons."""

    verb: Verb
    words: tuple[Word, ...] = ()
    lesson_id: str = ""
    person_id: str = ""


class Answering(Protocol):
    """A feature that answers a verb."""

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """Do it, or ask what is missing."""
        ...


class Which(Enum):
    """Which lesson of a course is meant where none is named."""

    RUNNING = auto()
    RUNNING_OR_LAST = auto()
    RUNNING_OR_NEXT = auto()
    ENDED = auto()


async def lesson_meant(
    office: Office,
    visit: Visit,
    caller: Caller,
    *,
    courses: Sequence[KnownCourse],
    which: Which,
    verb: str,
    words: Sequence[Word] = (),
    person_id: str = "",
) -> tuple[str, Sequence[Word]]:
    """(lesson id, the words behind it); the id is empty where the person was asked which one.

    `verb`, with the words behind the lesson, is what goes on once a lesson is picked. Raises `NotFound` with a sentence
    where none fits.
    """
    name, unread = leading_name(words, [course.name for course in courses])
    of_name = [course for course in courses if not name or course.name == name]
    day, rest = leading_day(unread, today=_today(visit.now, caller))
    if day is not None:
        lessons = await lessons_on(office, of_name, day)
    else:
        around = await lessons_about(office, of_name, now=visit.now)
        lessons = near(around, which, visit.now)
        if not lessons and which is Which.ENDED:  # who asks too early is told so
            lessons = near(around, Which.RUNNING, visit.now)
    if not lessons:
        raise NotFound(caller.says.no_lesson_found())
    if len(lessons) > 1:
        choices = [_choice(lesson) for lesson in lessons]
        detail = f"{verb} {sentence(rest)}".strip()
        asked = which_lesson(choices=choices, verb=detail, person_id=person_id, reader=caller.reader)
        await office.say(visit, asked)
        return "", rest
    return lessons[0].id, rest


def near(lessons: Iterable[KnownLesson], which: Which, now: datetime) -> list[KnownLesson]:
    """At most one lesson of each course; `lessons` are in order of their start."""
    by_course: dict[str, list[KnownLesson]] = {}
    for lesson in lessons:
        by_course.setdefault(lesson.course_id, []).append(lesson)
    found = [_of_course(of_course, which, now) for of_course in by_course.values()]
    return [lesson for lesson in found if lesson is not None]


def is_running(lesson: KnownLesson, now: datetime) -> bool:
    """Whether its room may be open: from half an hour before it until it ends."""
    return lesson.state not in ENDED and lesson.planned_start - OPENS_BEFORE <= now < lesson.planned_end


async def student_meant(
    office: Office, visit: Visit, caller: Caller, who: Who, *, courses: Sequence[KnownCourse], detail: str
) -> list[KnownStudent]:
    """The person's places in these courses; nothing where the caller was asked who is meant.

    Raises `NotFound` with a sentence where nobody fits.
    """
    async with office.store.read() as memory:
        students = await memory.door.students_of([course.id for course in courses])
    if who.mention:
        found = [student for student in students if student.slack_user_id == who.mention]
        if not found:
            raise NotFound(caller.says.not_in_course(f"@{who.mention}"))
        return found
    found = named(who.name, students)
    if not found:
        raise NotFound(caller.says.nobody_named(who.name, similar(who.name, students)))
    people = {student.person_id: student.name for student in found}
    if len(people) > 1:
        choices = [Choice(person_id=id_, name=name) for id_, name in people.items()]
        await office.say(visit, which_person(choices=choices, lesson_id="", detail=detail, reader=caller.reader))
        return []
    return found


async def places_of(office: Office, person_id: str, courses: Sequence[KnownCourse]) -> list[KnownStudent]:
    """A student's places in these courses."""
    async with office.store.read() as memory:
        students = await memory.door.students_of([course.id for course in courses])
    return [student for student in students if student.person_id == person_id]


def named(name: str, students: Iterable[KnownStudent]) -> list[KnownStudent]:
    """Who has this full name; where nobody has, who has it as a part of their name."""
    wanted = _comparable(name)
    known = list(students)
    exact = [student for student in known if _comparable(student.name) == wanted]
    words = set(wanted.split())
    return exact or [student for student in known if words and words <= set(_comparable(student.name).split())]


def similar(name: str, students: Iterable[KnownStudent]) -> list[str]:
    """Names that may have been meant."""
    names = by_name({student.name for student in students})
    found = process.extract(name, names, scorer=fuzz.WRatio, limit=_SUGGESTIONS, score_cutoff=_SIMILAR)
    return [match for match, _, _ in found]


async def lessons_about(office: Office, courses: Sequence[KnownCourse], *, now: datetime) -> list[KnownLesson]:
    """The lessons of these courses around now, in order; where single ones are somebody's, these alone."""
    whole = [course.id for course in courses if not course.lessons_only]
    single = {lesson_id for course in courses for lesson_id in course.lessons_only}
    async with office.store.read() as memory:
        found = [*await memory.door.lessons_about(whole, now=now), *await memory.door.lessons(single)]
    return sorted(found, key=lambda lesson: (lesson.planned_start, lesson.id))


async def lessons_on(office: Office, courses: Sequence[KnownCourse], day: date) -> list[KnownLesson]:
    """The lessons that begin on that day where each course is."""
    found: list[KnownLesson] = []
    async with office.store.read() as memory:
        for course in courses:
            try:
                start, end = _midnight(day, course), _midnight(day + timedelta(days=1), course)
            except OverflowError:
                continue  # at the ends of the calendar a day has no midnight everywhere
            of_day = await memory.door.lessons_between([course.id], start=start, end=end)
            found += [each for each in of_day if not course.lessons_only or each.id in course.lessons_only]
    return found


def _midnight(day: date, course: KnownCourse) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(course.zone)).astimezone(UTC)


def _of_course(lessons: Sequence[KnownLesson], which: Which, now: datetime) -> KnownLesson | None:
    newest_first = lessons[::-1]
    if which is Which.ENDED:
        return next((each for each in newest_first if each.state in ENDED or each.planned_end <= now), None)
    if which is Which.RUNNING_OR_LAST:
        return next((each for each in newest_first if each.planned_start <= now), None)
    running = next((each for each in newest_first if is_running(each, now)), None)
    if running is not None or which is Which.RUNNING:
        return running
    return next((each for each in lessons if each.planned_start > now), None)


def _choice(lesson: KnownLesson) -> LessonChoice:
    return LessonChoice(lesson.id, lesson.title, int(lesson.planned_start.timestamp()))


def _today(now: datetime, caller: Caller) -> date:
    return now.astimezone(ZoneInfo(caller.reader.zone)).date()


def _comparable(name: str) -> str:
    return " ".join(name.casefold().split())
