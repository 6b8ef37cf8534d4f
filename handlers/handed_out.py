"""What is handed out on demand: a lesson's sheet and a course's report, as data and as documents.

The same for the command line, the API and Slack.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from bot.attendance.course_report import CourseReport
from bot.reports.course_report_csv import course_report_csv
from bot.reports.course_report_json import course_report_json
from bot.reports.course_report_print import course_report_print
from bot.reports.course_report_xlsx import course_report_xlsx
from bot.reports.lesson_sheet import PrintedSheet
from handlers.attendance import printable
from handlers.documents import Documents
from storage.lessons import DueLesson
from storage.memory import Memory

#: Form → media type, of what the API serves.
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
}
#: Of a lesson's sheet and of a course's report, beside text for a terminal and JSON.
SHEET_FORMS: Final = ("csv", "xlsx", "pdf", "png")
REPORT_FORMS: Final = ("csv", "xlsx", "pdf")


async def sheet_to_print(memory: Memory, lesson: DueLesson, *, now: datetime) -> PrintedSheet:
    """The sheet as documents show it; a version that was written down with the history's witness of it."""
    about = printable(lesson.facts, now=now)
    if not about.version:
        return about
    witness = await memory.history.newest_about(lesson.facts.lesson.id, version=about.version, sha256=about.sha256)
    return printable(lesson.facts, now=now, history_hash=witness)


async def report_as(form: str, report: CourseReport, documents: Documents, *, language: str = "en") -> bytes:
    """A course's report as a file: `json`, `csv`, `xlsx` or `pdf`. Raises `DocumentFailed`."""
    if form == "pdf":
        return await documents.pdf(partial(course_report_print, report, language=language))
    if form == "xlsx":
        return await documents.apart(partial(course_report_xlsx, report, language=language))
    if form == "csv":
        return (await documents.apart(course_report_csv, report)).encode()
    return await documents.apart(_as_json, report)


def _as_json(report: CourseReport) -> bytes:
    return (json.dumps(course_report_json(report), indent=2, ensure_ascii=False) + "\n").encode()
