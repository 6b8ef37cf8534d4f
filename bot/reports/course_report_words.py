"""What the course report says in words, in a terminal and in documents."""

from datetime import timedelta

from bot.attendance.course import Outlook
from bot.attendance.course_report import CourseReport
from bot.language import Words


def period_words(words: Words, report: CourseReport) -> str:
    """`2026-11-02 – 2026-11-29`, both days meant; *whole course*."""
    _ = words.text
    first = report.period.first
    last = report.period.end - timedelta(days=1) if report.period.end is not None else None
    if first is not None and last is not None:
        return f"{first} – {last}" if first != last else str(first)
    if first is not None:
        return _("from {day}", day=first)
    return _("until {day}", day=last) if last is not None else _("whole course")


def outlook_words(words: Words, outlook: Outlook) -> str:
    """How somebody stands to the rule of the course."""
    _ = words.text
    return {Outlook.SAFE: _("safe"), Outlook.AT_RISK: _("at risk"), Outlook.LOST: _("no longer possible")}[outlook]


def report_file_name(report: CourseReport, suffix: str) -> str:
    """`course-report-2026-11-02-2026-11-29.pdf`, without the course's name, which may hold anything."""
    first, end = report.period.first, report.period.end
    days = [first, end - timedelta(days=1) if end is not None else None]
    named = "-".join(str(day) for day in days if day is not None) or "whole-course"
    return f"course-report-{named}.{suffix}"
