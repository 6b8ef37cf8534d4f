"""The course report as the HTTP API and `--format json` give it."""

from hashlib import sha256
from typing import Any

import msgspec

from bot.attendance.course_report import CourseLine, CourseReport, ReportedLesson
from bot.reports.attendance_json import instant, percent

_encoder = msgspec.json.Encoder(order="deterministic")


def course_report_json(report: CourseReport) -> dict[str, Any]:
    """The whole object, with its own hash."""
    found = _facts(report)
    return {**found, "sha256": _hash(found)}


def course_report_sha256(report: CourseReport) -> str:
    """The hash that stands on its documents: SHA-256 of its JSON with sorted keys, without the hash itself."""
    return _hash(_facts(report))


def _hash(facts: dict[str, Any]) -> str:
    return sha256(_encoder.encode(facts)).hexdigest()


def _facts(report: CourseReport) -> dict[str, Any]:
    first, end = report.period.first, report.period.end
    return {
        "course": {"id": report.course_id, "name": report.title, "timezone": report.zone},
        "from": first.isoformat() if first is not None else None,
        "to": end.isoformat() if end is not None else None,
        "as_of": instant(report.as_of),
        "minimum_percent": float(report.minimum * 100),
        "totals": {
            "lessons": len(report.lessons),
            "students": len(report.students),
            "planned_seconds": report.planned_seconds,
            "held_seconds": report.held_seconds,
            "attended_seconds": report.attended_seconds,
            "base_seconds": report.base_seconds,
            "percent": percent(report.permille),
        },
        "students": [_student(student) for student in report.students],
        "lessons": [_lesson(lesson) for lesson in report.lessons],
    }


def _student(line: CourseLine) -> dict[str, Any]:
    return {
        "id": line.person_id,
        "name": line.name,
        "email": line.email or None,
        "lessons": line.lessons,
        "validated": line.validated,
        "partial": line.partial,
        "absent": line.absent,
        "late": line.late,
        "excused": line.excused,
        "not_counted": line.not_counted,
        "planned_seconds": line.planned_seconds,
        "held_seconds": line.held_seconds,
        "attended_seconds": line.attended_seconds,
        "base_seconds": line.base_seconds,
        "percent": percent(line.permille),
        "to_come_seconds": line.to_come_seconds,
        "best_possible_percent": percent(line.best_permille),
        "outlook": line.outlook.value,
    }


def _lesson(lesson: ReportedLesson) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "planned_start": instant(lesson.planned_start),
        "planned_seconds": lesson.planned_seconds,
        "held_seconds": lesson.held_seconds,
        "students": lesson.students,
        "verdicts": {verdict.value: n for verdict, n in sorted(lesson.verdicts.items())},
        "late": lesson.late,
    }
