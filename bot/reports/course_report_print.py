"""The course report to hand in: totals, a line per student, the lessons it is made of, and the hash of its data."""

from typing import Any

from bot.attendance.course_report import CourseLine, CourseReport, ReportedLesson
from bot.attendance.sheet import Verdict
from bot.language import Words
from bot.reports.course_report_json import course_report_sha256
from bot.reports.course_report_words import outlook_words, period_words
from bot.reports.forms import Forms
from bot.reports.printed import Names, Printed


def course_report_print(report: CourseReport, names: Names, *, language: str = "en") -> Printed:
    """The report as its template takes it."""
    forms = Forms(language, report.zone, moments=tuple(lesson.planned_start for lesson in report.lessons))
    words = forms.words
    _ = words.text
    data = {
        "language": language,
        "title": _("Course report"),
        "head": _head(report, forms),
        "student_heads": _student_heads(words),
        "students": [_student(line, names, forms) for line in report.students],
        "lessons_title": _("Lessons"),
        "lesson_heads": _lesson_heads(words),
        "lessons": [_lesson(lesson, forms) for lesson in report.lessons],
        "notes": [
            _("Minutes are whole minutes and percentages have one decimal, both rounded down."),
            _("Lessons that were not held, not confirmed or excused as a whole are in no sum."),
            _("Best possible: if nothing that is to come is missed."),
        ],
        "page": _("Page"),
        "foot": [
            _("Document {id}, {version}", id=report.course_id, version=period_words(words, report)),
            _("SHA-256 of the report: {hash}", hash=course_report_sha256(report)),
        ],
    }
    return Printed(template="course_report", data=data, made_at=report.as_of)


def _head(report: CourseReport, forms: Forms) -> list[tuple[str, str]]:
    words = forms.words
    _ = words.text
    return [
        (_("Course"), report.title),
        (_("Period"), period_words(words, report)),
        (_("As of"), f"{forms.moment(report.as_of)} (UTC{forms.offset(report.as_of)})"),
        (_("Time zone"), report.zone),
        (_("Lessons"), str(len(report.lessons))),
        (_("Planned"), forms.length(report.planned_seconds)),
        (_("Held"), forms.length(report.held_seconds)),
        (_("Attended by all together"), forms.percent(report.permille)),
        (_("Minimum"), forms.percent(int(report.minimum * 1000))),
    ]


def _student_heads(words: Words) -> list[str]:
    _ = words.text
    return [
        "№",
        _("Person"),
        _("Lessons"),
        _("Min. planned"),
        _("Min. held"),
        _("Min. attended"),
        "%",
        _("Best possible, %"),
        _("Late"),
        _("Absent"),
        _("Excused"),
        _("Outlook"),
    ]


def _student(line: CourseLine, names: Names, forms: Forms) -> dict[str, Any]:
    nameless = forms.words.text("without a name")
    return {
        "person": names.shown(line.name, beside=line.email or line.person_id, nameless=nameless),
        "cells": [
            str(line.lessons),
            forms.minutes(line.planned_seconds),
            forms.minutes(line.held_seconds),
            forms.minutes(line.attended_seconds),
            forms.percent(line.permille),
            forms.percent(line.best_permille),
            str(line.late),
            str(line.absent),
            str(line.excused),
            outlook_words(forms.words, line.outlook),
        ],
    }


def _lesson_heads(words: Words) -> list[str]:
    _ = words.text
    return [
        _("Lesson"),
        _("Min. planned"),
        _("Min. held"),
        _("Students"),
        _("Attended"),
        _("Attended in part"),
        _("Absent"),
        _("Late"),
        _("Excused"),
    ]


def _lesson(lesson: ReportedLesson, forms: Forms) -> list[str]:
    verdicts = lesson.verdicts
    return [
        f"{forms.moment(lesson.planned_start)} {forms.offset(lesson.planned_start)}",
        forms.minutes(lesson.planned_seconds),
        forms.minutes(lesson.held_seconds),
        str(lesson.students),
        *(str(verdicts.get(each, 0)) for each in (Verdict.VALIDATED, Verdict.PARTIAL, Verdict.ABSENT)),
        str(lesson.late),
        str(verdicts.get(Verdict.EXCUSED, 0)),
    ]
