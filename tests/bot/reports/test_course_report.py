"""The course report for programs, spreadsheets, a terminal and paper: the same numbers everywhere."""

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pytest

from bot.attendance.course_report import (
    WHOLE_COURSE,
    Period,
)
from bot.reports.course_report_csv import course_report_csv
from bot.reports.course_report_json import course_report_json, course_report_sha256
from bot.reports.course_report_print import course_report_print
from bot.reports.course_report_text import course_report_text
from bot.reports.course_report_words import report_file_name
from bot.reports.course_report_xlsx import course_report_xlsx
from bot.reports.printed import Names
from tests.bot.course_reports import NOVEMBER, a_report
from tests.bot.reports.books import formulas, rows_of, sheets
from tests.builders import replace

EVERY_LETTER = Names(can_print=lambda _: True)


ADA = {
    "id": "ada", "name": "Ada Lovelace", "email": "ada@example.com", "lessons": 4, "validated": 3, "partial": 0, "absent": 1,
    "late": 2, "excused": 1, "not_counted": 2, "planned_seconds": 14_400, "held_seconds": 14_200, "attended_seconds": 10_000,
    "base_seconds": 14_200, "percent": 70.4, "to_come_seconds": 10_800, "best_possible_percent": 83.2, "outlook": "lost",
}  # fmt: skip


def test_the_json_has_everything_and_its_own_hash() -> None:
    found = course_report_json(a_report())
    assert found["students"][0] == ADA
    assert (found["from"], found["to"], found["as_of"]) == ("2026-11-01", "2026-12-01", "2026-12-01T09:00:00Z")
    assert found["totals"] == {
        "lessons": 1, "students": 2, "planned_seconds": 3_600, "held_seconds": 3_540, "attended_seconds": 10_000,
        "base_seconds": 14_200, "percent": 70.4,
    }  # fmt: skip
    assert found["sha256"] == course_report_sha256(a_report())
    assert json.loads(json.dumps(found)) == found


def test_another_number_is_another_hash() -> None:
    assert course_report_sha256(a_report()) == course_report_sha256(a_report())
    assert course_report_sha256(a_report()) != course_report_sha256(a_report(name="Ada King"))


def test_the_csv_has_the_numbers_of_the_json_under_the_same_names() -> None:
    ada, bob = csv.DictReader(StringIO(course_report_csv(a_report()), newline=""))
    assert ada == {name: str(value) for name, value in ADA.items() if name != "id"}
    assert (bob["email"], bob["lessons"], bob["percent"], bob["best_possible_percent"]) == ("", "0", "", "")


def test_the_workbook_has_the_numbers_of_the_json() -> None:
    ada, bob = rows_of(course_report_xlsx(a_report()), "Students")
    assert [ada[head] for head in ("%", "Best possible, %", "Late", "Excused", "Lessons", "Not counted")] == [
        70.4, 83.2, 2, 1, 4, 2,
    ]  # fmt: skip
    assert [ada[head] for head in ("Seconds planned", "Seconds held", "Seconds attended", "Out of seconds")] == [
        14_400, 14_200, 10_000, 14_200,
    ]  # fmt: skip
    assert [ada[head] for head in ("Min. planned", "Min. held", "Min. attended")] == [240, 236, 166]
    assert (bob["Lessons"], bob["%"]) == (0, None)


def test_the_workbook_lists_the_lessons_and_says_what_it_is_about() -> None:
    written = course_report_xlsx(a_report())
    (lesson,) = rows_of(written, "Lessons")
    assert (lesson["Lesson"], lesson["Min. held"], lesson["Attended"]) == ("2026-11-23 18:00:00", 59, 1)
    about = dict(sheets(written)["Document"])
    assert (about["Period"], about["SHA-256 of the report"]) == (
        "2026-11-01 – 2026-11-30",
        course_report_sha256(a_report()),
    )


def test_the_document_has_the_numbers_of_the_json() -> None:
    data: Any = course_report_print(a_report(), EVERY_LETTER).data
    assert data["students"][0]["cells"] == [
        "4", "240", "236", "166", "70.4 %", "83.2 %", "2", "1", "1", "no longer possible",
    ]  # fmt: skip
    assert data["lessons"] == [["2026-11-23 18:00 +01:00", "60", "59", "1", "1", "0", "0", "1", "0"]]
    assert course_report_sha256(a_report()) in data["foot"][1]


def test_the_terminal_has_a_line_for_each_student() -> None:
    assert course_report_text(a_report()).splitlines() == [
        "Python 101  2026-11-01 – 2026-11-30",
        "1 lesson · held 0:59 of 1:00 · attended 70.4 %",
        "",
        "                                    lessons  planned     held  attended  percent     best  late  excused",
        "  Ada Lovelace                            4     4:00     3:56      2:46   70.4 %   83.2 %     2        1  lost",
        "  Bob Kahn                                0     0:00     0:00      0:00        –        –     0        0  safe",
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝"])
def test_no_name_is_a_formula(begins: str) -> None:
    report = a_report(name=f"{begins}1+1")
    assert formulas(course_report_xlsx(report)) == 0
    names = {row["name"] for row in csv.DictReader(StringIO(course_report_csv(report), newline=""))}
    assert f"'{begins}1+1" in names


@pytest.mark.parametrize(
    ("period", "said", "file"),
    [
        (NOVEMBER, "2026-11-01 – 2026-11-30", "course-report-2026-11-01-2026-11-30.pdf"),
        (
            Period(first=date(2026, 11, 2), end=date(2026, 11, 3)),
            "2026-11-02",
            "course-report-2026-11-02-2026-11-02.pdf",
        ),
        (Period(first=date(2026, 11, 2)), "from 2026-11-02", "course-report-2026-11-02.pdf"),
        (Period(end=date(2026, 11, 3)), "until 2026-11-02", "course-report-2026-11-02.pdf"),
        (WHOLE_COURSE, "whole course", "course-report-whole-course.pdf"),
    ],
)
def test_a_period_is_said_with_its_last_day(period: Period, said: str, file: str) -> None:
    report = a_report(period=period)
    assert course_report_text(report).splitlines()[0] == f"Python 101  {said}"
    assert report_file_name(report, "pdf") == file


def test_a_report_about_nobody_is_one_too() -> None:
    report = replace(a_report(), students=(), lessons=())
    assert rows_of(course_report_xlsx(report), "Students") == []
    assert course_report_json(report)["totals"]["percent"] is None


def test_the_same_report_gives_the_same_bytes() -> None:
    assert course_report_xlsx(a_report(), language="de") == course_report_xlsx(a_report(), language="de")
