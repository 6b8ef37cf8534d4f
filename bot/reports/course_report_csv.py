"""The course report as CSV for spreadsheets: one row per student."""

import csv
from io import StringIO
from typing import Final

from bot.attendance.course_report import CourseLine, CourseReport
from bot.reports.attendance_csv import percent_text
from bot.reports.harmless import harmless

COLUMNS: Final = (
    "name",
    "email",
    "lessons",
    "validated",
    "partial",
    "absent",
    "late",
    "excused",
    "not_counted",
    "planned_seconds",
    "held_seconds",
    "attended_seconds",
    "base_seconds",
    "percent",
    "to_come_seconds",
    "best_possible_percent",
    "outlook",
)


def course_report_csv(report: CourseReport) -> str:
    """The students by name, under the names that the JSON has."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(_row(line) for line in report.students)
    return written.getvalue()


def _row(line: CourseLine) -> list[str | int]:
    return [
        harmless(line.name),
        harmless(line.email),
        line.lessons,
        line.validated,
        line.partial,
        line.absent,
        line.late,
        line.excused,
        line.not_counted,
        line.planned_seconds,
        line.held_seconds,
        line.attended_seconds,
        line.base_seconds,
        percent_text(line.permille),
        line.to_come_seconds,
        percent_text(line.best_permille),
        line.outlook.value,
    ]
