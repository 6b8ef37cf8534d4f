"""A course report to look at: Ada was there for most of it, Bob for nothing yet."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from bot.attendance.course_report import CourseReport, Period, ReportedLesson, ReportedStudent, Tally, report_lines
from bot.attendance.sheet import Verdict
from tests.builders import replace

AS_OF = datetime(2026, 12, 1, 9, tzinfo=UTC)
NOVEMBER = Period(first=date(2026, 11, 1), end=date(2026, 12, 1))


def tally(verdict: Verdict, lessons: int, attended: int, base: int, *, late: int = 0, held: int | None = None) -> Tally:
    """So many lessons of an hour, attended for so many seconds out of so many."""
    planned = lessons * 3600
    return Tally(
        verdict=verdict, basis="held", lessons=lessons, late=late, attended_seconds=attended, base_seconds=base,
        planned_seconds=planned, held_seconds=base if held is None else held,
    )  # fmt: skip


def a_report(*, name: str = "Ada Lovelace", period: Period = NOVEMBER) -> CourseReport:
    """Ada was there for most of it, Bob for nothing yet."""
    ada = ReportedStudent(
        person_id="ada",
        name=name,
        email="ada@example.com",
        tallies=(
            tally(Verdict.VALIDATED, 3, 10_000, 10_600, late=2),
            tally(Verdict.ABSENT, 1, 0, 3_600),
            tally(Verdict.EXCUSED, 1, 0, 0),
            tally(Verdict.NOT_HELD, 2, 0, 0),
        ),
        to_come=(3_600, 7_200),
    )
    bob = ReportedStudent(person_id="bob", name="Bob Kahn", email="")
    lesson = ReportedLesson(
        id="lesson-1",
        planned_start=datetime(2026, 11, 23, 17, tzinfo=UTC),
        planned_seconds=3_600,
        held_seconds=3_540,
        verdicts={Verdict.VALIDATED: 1},
        late=1,
    )
    minimum = Fraction(9, 10)
    return CourseReport(
        course_id="python", title="Python 101", zone="Europe/Rome", period=period, as_of=AS_OF, minimum=minimum,
        lessons=(lesson,), students=report_lines((bob, ada), minimum),
    )  # fmt: skip


A_REPORT = a_report()


def a_course(names: Sequence[str], *, lessons: int = 6) -> CourseReport:
    """So many people, some of whom missed something, were late or excused; two lessons are to come."""
    students = [
        ReportedStudent(
            person_id=f"p{number}",
            name=name,
            email=f"p{number}@example.com",
            tallies=(
                tally(
                    Verdict.VALIDATED,
                    lessons - missed,
                    (lessons - missed) * 3_500,
                    (lessons - missed) * 3_540,
                    late=number % 3,
                ),
                tally(Verdict.ABSENT, missed, 0, missed * 3_540),
                tally(Verdict.EXCUSED, number % 2, 0, 0),
            ),
            to_come=(3_600, 3_600),
        )
        for number, name in enumerate(names)
        for missed in [number % 4 % 3]
    ]
    held = tuple(
        ReportedLesson(
            id=f"lesson-{number}",
            planned_start=datetime(2026, 11, 2, 17, tzinfo=UTC) + number * timedelta(days=2),
            planned_seconds=3_600,
            held_seconds=3_540,
            verdicts={Verdict.VALIDATED: len(names) - number % 3, Verdict.ABSENT: number % 3},
            late=number % 2,
        )
        for number in range(lessons)
    )
    report = a_report()
    return replace(report, lessons=held, students=report_lines(students, report.minimum))
