"""What a course came to over a period: per student the lessons, hours, percent and what is still possible.

The sums are those of the course rule (attendance-rules, section 7), over the lessons of the period.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from bot.attendance.course import NOT_COUNTED, CourseTotals, Outlook, totals_of
from bot.attendance.sheet import Verdict
from bot.text import name_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days in the course's zone: `first` inclusive, `end` exclusive; None is open, and both is the whole course."""

    first: date | None = None
    end: date | None = None


WHOLE_COURSE = Period()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Lessons of one student that came to the same verdict on the same basis, with their sums in whole seconds."""

    verdict: Verdict
    basis: Literal["held", "planned"]
    lessons: int
    #: of them, those with the flag *late*
    late: int
    attended_seconds: int
    base_seconds: int
    planned_seconds: int
    held_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLesson:
    """One lesson of the period that is over, and what it came to; lengths in whole seconds."""

    id: str
    planned_start: datetime
    planned_seconds: int
    held_seconds: int
    #: its students, by verdict
    verdicts: Mapping[Verdict, int]
    late: int

    @property
    def students(self) -> int:
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedStudent:
    """What is known of one student: tallies of lessons that are over, planned seconds of each that is to come."""

    person_id: str
    name: str
    email: str
    tallies: Sequence[Tally] = ()
    to_come: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """One student's line of the report; lengths in whole seconds."""

    person_id: str
    name: str
    email: str
    #: that count: held, confirmed, with data, not excused whole
    lessons: int
    #: of them
    validated: int
    partial: int
    absent: int
    late: int
    #: excused whole: in no sum
    excused: int
    #: not held, not confirmed yet, or without data
    not_counted: int
    planned_seconds: int
    held_seconds: int
    attended_seconds: int
    base_seconds: int
    to_come_seconds: int
    permille: int | None
    best_permille: int | None
    outlook: Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseReport:
    """The one object behind every face of the report."""

    course_id: str
    title: str
    zone: str
    period: Period
    #: the moment at which it was so; what is to come is to come after it
    as_of: datetime
    #: of the course's policy today
    minimum: Fraction
    #: in order of time
    lessons: tuple[ReportedLesson, ...]
    #: by name
    students: tuple[CourseLine, ...]

    @property
    def planned_seconds(self) -> int:
        """Of the lessons of the period that are over."""
        return sum(lesson.planned_seconds for lesson in self.lessons)

    @property
    def held_seconds(self) -> int:
        return sum(lesson.held_seconds for lesson in self.lessons)

    @property
    def attended_seconds(self) -> int:
        """Of all students together."""
        return sum(student.attended_seconds for student in self.students)

    @property
    def base_seconds(self) -> int:
        return sum(student.base_seconds for student in self.students)

    @property
    def permille(self) -> int | None:
        """Of all students together, in tenths of a percent, rounded down."""
        return min(1000, self.attended_seconds * 1000 // self.base_seconds) if self.base_seconds else None


def report_lines(students: Iterable[ReportedStudent], minimum: Fraction) -> tuple[CourseLine, ...]:
    """Each student's line, by name."""
    lines = [_line(student, minimum) for student in students]
    return tuple(sorted(lines, key=lambda line: (name_order(line.name), line.person_id)))


def _line(student: ReportedStudent, minimum: Fraction) -> CourseLine:
    sums = _sums(student, minimum)
    lessons: dict[Verdict, int] = {}
    for tally in student.tallies:
        lessons[tally.verdict] = lessons.get(tally.verdict, 0) + tally.lessons
    counted = [tally for tally in student.tallies if tally.verdict not in NOT_COUNTED]
    excused = lessons.get(Verdict.EXCUSED, 0)
    return CourseLine(
        person_id=student.person_id,
        name=student.name,
        email=student.email,
        lessons=sum(tally.lessons for tally in counted),
        validated=lessons.get(Verdict.VALIDATED, 0),
        partial=lessons.get(Verdict.PARTIAL, 0),
        absent=lessons.get(Verdict.ABSENT, 0),
        late=sum(tally.late for tally in counted),
        excused=excused,
        not_counted=sum(n for verdict, n in lessons.items() if verdict in NOT_COUNTED) - excused,
        planned_seconds=sums.planned_seconds,
        held_seconds=sums.held_seconds,
        attended_seconds=sums.attended_seconds,
        base_seconds=sums.base_seconds,
        to_come_seconds=sums.to_come_seconds,
        permille=sums.permille,
        best_permille=sums.best_permille,
        outlook=sums.outlook,
    )


def _sums(student: ReportedStudent, minimum: Fraction) -> CourseTotals:
    counted = [tally for tally in student.tallies if tally.verdict not in NOT_COUNTED]
    return totals_of(
        planned=sum(tally.planned_seconds for tally in counted),
        held=sum(tally.held_seconds for tally in counted),
        attended=sum(tally.attended_seconds for tally in counted),
        base=sum(tally.base_seconds for tally in counted),
        to_come=student.to_come,
        minimum=minimum,
    )
