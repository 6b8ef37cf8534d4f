"""A sheet as CSV for spreadsheets; a name from outside never becomes a formula."""

import csv
from io import StringIO

from bot.attendance.sheet import PersonSheet, Sheet
from bot.reports.attendance_json import instant, percent
from bot.reports.harmless import harmless

COLUMNS = (
    "name",
    "email",
    "role",
    "first_joined_at",
    "last_left_at",
    "late_by_seconds",
    "attended_planned_seconds",
    "attended_held_seconds",
    "percent_planned",
    "percent_held",
    "flags",
    "verdict",
)


def attendance_csv(sheet: Sheet) -> str:
    """One row per person: students, trainers, who is not enrolled, observers."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for person in (*sheet.people, *sheet.not_enrolled, *sheet.observers):
        rows.writerow(_row(person))
    return written.getvalue()


def _row(person: PersonSheet) -> list[str]:
    late = int(person.late_by.total_seconds()) if person.late_by is not None else None
    return [
        harmless(person.name),
        harmless(person.email),
        person.role.value,
        instant(person.first_joined_at) or "",
        instant(person.last_left_at) or "",
        "" if late is None else str(late),
        str(person.attended.planned),
        str(person.attended.held),
        percent_text(person.permille_planned),
        percent_text(person.permille_held),
        " ".join(flag.value for flag in person.flags),
        person.verdict.value if person.verdict is not None else "",
    ]


def percent_text(permille: int | None) -> str:
    """`94.9`; empty where there is nothing to divide by."""
    value = percent(permille)
    return "" if value is None else f"{value:.1f}"
