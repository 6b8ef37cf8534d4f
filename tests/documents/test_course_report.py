"""The course report as it is set: what it says, in which letters, and that nothing of it is cut off."""

import pytest

from bot.reports.course_report_json import course_report_sha256
from bot.reports.course_report_print import course_report_print
from tests.bot.course_reports import a_course, a_report
from tests.documents.classes import ALL_LETTERS
from tests.documents.reading import pages_of, pdf_of, text_of


def flat(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


def test_it_says_of_everybody_what_the_data_says() -> None:
    report = a_report()
    text = flat(pdf_of(course_report_print(report, ALL_LETTERS)))
    assert "Ada Lovelace 4 240 236 166 70.4 % 83.2 % 2 1 1 no longer possible" in text
    assert "2026-11-23 18:00 +01:00 60 59 1 1 0 0 1 0" in text
    assert course_report_sha256(report) in text


def test_it_is_in_german_too() -> None:
    text = flat(pdf_of(course_report_print(a_report(), ALL_LETTERS, language="de")))
    assert "Kursbericht" in text
    assert "70,4 %" in text


@pytest.mark.parametrize("name", ["=1+1", "#strong[x] *y* `z` $1$", "<b>Bob</b>", "@import", "王小明", "N" * 80])
def test_a_name_is_text_whatever_it_holds(name: str) -> None:
    text = flat(pdf_of(course_report_print(a_report(name=name), ALL_LETTERS)))
    assert name in text.replace(" ", "") if " " not in name else name in text


@pytest.mark.parametrize(("many", "lessons"), [(0, 0), (1, 1), (40, 12), (300, 60)])
def test_courses_of_any_size_are_set_whole(many: int, lessons: int) -> None:
    names = [f"Student Number {number}" for number in range(many)]
    pages = pages_of(pdf_of(course_report_print(a_course(names, lessons=lessons), ALL_LETTERS)))
    text = " ".join(" ".join(page.text.split()) for page in pages)
    assert all(f"{name} {lessons} {lessons * 60:,} " in text for name in names)
    assert f"{len(pages)} / {len(pages)}" in text
    assert min(page.right_margin for page in pages) > 10


def test_the_same_report_gives_the_same_bytes() -> None:
    assert pdf_of(course_report_print(a_report(), ALL_LETTERS)) == pdf_of(course_report_print(a_report(), ALL_LETTERS))
