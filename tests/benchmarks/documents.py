"""What documents cost: the numbers of a thousand people with ten thousand stays, then each document of them."""

import asyncio
import gc
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random

from bot.attendance.attendance import sheet_of
from bot.attendance.course_report import WHOLE_COURSE, CourseReport
from bot.attendance.lessons import LessonFacts, Person, Role
from bot.clock import stopwatch
from bot.reports.attendance_csv import attendance_csv
from bot.reports.attendance_json import attendance_json
from bot.reports.course_report_xlsx import course_report_xlsx
from bot.reports.lesson_sheet import PrintedSheet
from handlers.documents import Documents, sheet_as
from handlers.ticks import watch_lessons
from storage import schema
from storage.database import Store
from tests.benchmarks.school import School, found_school
from tests.builders import GRACE, an_ended_lesson, at, facts, handle_of, replace, stay

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE, VISITS, MINUTES = 1_000, 10, 180
#: Seconds: the numbers, and each document of them.
NUMBERS_AIM, DOCUMENT_AIM = 0.2, 2.0
ROUNDS = 5
COURSES, LESSONS, STUDENTS = 5, 1_000, 20


def a_crowd(people: int = PEOPLE, visits: int = VISITS) -> LessonFacts:
    """A lesson of three hours in which everybody comes and goes; all events of one person show the same of them."""
    dice = Random(7)
    roster = [
        Person(id=f"p{n}", name=f"Student Number {n}", role=Role.STUDENT, email=f"student{n}@example.com")
        for n in range(people)
    ]
    events = []
    for person in roster:
        shown = handle_of(person)
        for visit in range(visits):
            start = visit * MINUTES / visits + dice.random() * 3
            events += stay(shown, start, start + 10 + dice.random() * 4, connection=f"{person.id} {visit}")
    events.sort(key=lambda event: event.occurred_at)
    taught = stay(GRACE, -10, MINUTES + 10)
    return facts(taught, events, lesson=an_ended_lesson(minutes=MINUTES), roster=(*roster, GRACE))


def _best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest round."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        begun = stopwatch()
        work()
        best = min(best, stopwatch() - begun)
    return best


def _say(what: str, seconds: float, aim: float) -> None:
    print(f"{what}: {seconds:.2f} s, aim {aim:.1f} s, ratio {seconds / aim:.2f}")


async def _beside(form: str, printed: PrintedSheet) -> tuple[float, float]:
    """Seconds that a document takes, and the longest time for which the event loop could do nothing else meanwhile."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            begun = stopwatch()
            await asyncio.sleep(0.005)
            longest = max(longest, stopwatch() - begun - 0.005)

    with closing(Documents()) as documents:
        small = replace(printed, sheet=sheet_of(a_crowd(1, 1), now=at(MINUTES + 60)))
        await sheet_as(form, small, documents)  # the first PDF looks for the fonts; the same one again is remembered
        watching = asyncio.create_task(watch())
        begun = stopwatch()
        await sheet_as(form, printed, documents)
        seconds = stopwatch() - begun
        watching.cancel()
    return seconds, longest


async def _course_report(lessons: int) -> tuple[CourseReport, float]:
    school = School(
        courses=COURSES, students=STUDENTS, starts_at=NINE, created_at=NINE, due_at=NINE, lessons_each=lessons
    )
    now = NINE + timedelta(days=lessons, hours=5)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/reports.db"
        await schema.upgrade(url)
        store = await Store.open(url)
        await found_school(store, school)
        await watch_lessons.tick(store, now=now)
        best = float("inf")
        for _ in range(3):
            begun = stopwatch()
            async with store.read() as memory:
                made = await memory.course_reports.make("c0", WHOLE_COURSE, now=now)
            best = min(best, stopwatch() - begun)
        await store.close()
    return made, best


def report(*, people: int = PEOPLE, lessons: int = LESSONS) -> None:
    """Print what each takes, the best of several."""
    told, now = a_crowd(people), at(MINUTES + 60)
    sheet = sheet_of(told, now=now)
    stays = sum(len(person.stays) for person in sheet.people)
    print(f"a sheet of {people:,} people with {stays:,} stays")
    _say("  numbers", _best(lambda: sheet_of(told, now=now)), NUMBERS_AIM)
    _say("  JSON", _best(lambda: attendance_json(sheet)), DOCUMENT_AIM)
    _say("  CSV", _best(lambda: attendance_csv(sheet)), DOCUMENT_AIM)
    printed = PrintedSheet(
        sheet=sheet, version=1, sha256="0" * 64, at=now, zone="Europe/Rome", basis="held", minimum="90"
    )
    for form in ("xlsx", "pdf"):
        seconds, longest = asyncio.run(_beside(form, printed))
        _say(f"  {form.upper()}", seconds, DOCUMENT_AIM)
        print(f"    beside it the event loop waited at most {longest * 1000:.0f} ms")
    made, seconds = asyncio.run(_course_report(lessons))
    _say(f"course report of {lessons:,} of {lessons * COURSES:,} lessons, SQLite", seconds, 1.0)
    _say("  XLSX", _best(lambda: course_report_xlsx(made), 3), DOCUMENT_AIM)


if __name__ == "__main__":
    report()
