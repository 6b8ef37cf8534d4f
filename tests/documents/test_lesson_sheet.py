"""The lesson sheet and its picture: what they say, of which size, and that nothing of it is cut off."""

from datetime import timedelta
from typing import Any

import pytest

from bot.attendance.checks.counting import CheckCounts
from bot.attendance.written import canonical, fingerprint
from bot.reports.lesson_sheet import lesson_sheet, lesson_timeline, sheet_file_name
from bot.reports.printed import Names
from tests.builders import NINE, replace
from tests.documents.classes import ALL_LETTERS, a_sheet, printed_sheet
from tests.documents.reading import pages_of, pdf_of, png_of, text_of

NO_LETTERS = Names(lambda _: False)


def data_of(many: int, language: str = "en", names: Names = ALL_LETTERS, **changes: Any) -> dict[str, Any]:
    return dict(lesson_sheet(printed_sheet(a_sheet(many), **changes), names, language=language).data)


def test_the_header_has_course_times_trainer_denominators_and_state() -> None:
    assert data_of(3)["head"] == [
        ("Course", "Python 101"),
        ("Trainer", "Grace Hopper"),
        ("Planned", "2026-03-02 10:00–11:00, 1 h"),
        ("Held", "10:01–10:58, 57 min"),
        ("Time zone", "Europe/Rome (UTC+01:00)"),
        ("Attended from", "90 % of the held time"),
        ("Students", "3: attended 3"),
        ("State", "provisional, took place, the platform's record is not in yet"),
    ]


def test_the_header_is_in_german_too() -> None:
    head = dict(data_of(3, language="de")["head"])
    assert head["Geplant"] == "02.03.2026 10:00–11:00, 1 Std."
    assert head["Teilgenommen ab"] == "90 % der gehaltenen Zeit"


def test_each_person_has_arrival_departure_minutes_percent_and_flags() -> None:
    rows = data_of(5)["groups"][0]["rows"]
    by_name = {row["person"]["name"]: row["cells"] for row in rows}
    assert by_name["Ada Lovelace"][:7] == [
        "10:00",
        "10:57",
        "57",
        "96.3 %",
        "56",
        "99.6 %",
        "attended, short gaps filled",
    ]
    assert by_name["#strong[Bob] *Kahn* `x` $1/2$"][6] == "attended in part, waited to be let in"


def test_checks_are_answered_ones_of_those_that_count() -> None:
    sheet = a_sheet(2)
    counts = CheckCounts(asked=5, confirmed=2, waived=1, missed=1, undelivered=1)
    people = tuple(replace(each, checks=counts) if number == 0 else each for number, each in enumerate(sheet.people))
    data = lesson_sheet(printed_sheet(replace(sheet, people=people)), ALL_LETTERS).data
    assert [row["cells"][7] for row in data["groups"][0]["rows"]] == ["3/4", ""]


def test_german_numbers_have_a_comma() -> None:
    assert data_of(1, language="de")["groups"][0]["rows"][0]["cells"][3] == "96,3 %"


def test_who_is_not_a_student_follows_under_a_heading() -> None:
    groups = data_of(2)["groups"]
    assert [(group["title"], len(group["rows"])) for group in groups] == [
        ("", 2),
        ("Trainers", 1),
        ("Not recognised", 2),
    ]


def test_a_name_that_no_font_can_print_has_its_address_beside() -> None:
    rows = data_of(1, names=NO_LETTERS)["groups"][0]["rows"]
    assert rows[0]["person"] == {"name": "Ada Lovelace", "beside": "student-0000@example.com"}


def test_a_bar_shows_presence_what_is_assumed_and_waiting() -> None:
    rows = data_of(6)["groups"][0]["rows"]
    bars = {row["person"]["name"]: row["bar"] for row in rows}
    # From ten minutes before the lesson to ten after it, in a thousand steps.
    assert bars["Ada Lovelace"] == {"present": [(125, 485), (497, 847)], "assumed": [], "waited": []}
    assert bars["=HYPERLINK(1)"] == {"present": [], "assumed": [(500, 875)], "waited": []}
    assert bars["#strong[Bob] *Kahn* `x` $1/2$"]["waited"] == [(162, 200)]


def test_the_axis_has_the_hours_of_the_place() -> None:
    assert data_of(1)["axis"]["ticks"] == [
        (125, "10:00"),
        (312, "10:15"),
        (500, "10:30"),
        (687, "10:45"),
        (875, "11:00"),
    ]


def test_the_hash_on_it_is_that_of_its_sheet() -> None:
    sheet = a_sheet(4)
    sha256 = fingerprint(canonical(sheet))
    text = text_of(pdf_of(lesson_sheet(printed_sheet(sheet, sha256=sha256), ALL_LETTERS)))
    assert f"SHA-256 of the sheet: {sha256}" in text
    assert "Document lesson-1, version 2" in text


def test_a_running_lesson_has_no_hash_and_says_so() -> None:
    data = data_of(1, version=0, sha256=None)
    assert data["foot"] == ["Document lesson-1, not written down yet"]
    assert "The lesson is not over: this sheet is not final and has no hash." in data["notes"]


def test_an_entry_of_the_history_is_its_witness() -> None:
    assert data_of(1, history_hash="9c" * 32)["foot"][-1] == f"Entry of the history: {'9c' * 32}"


def test_trainers_and_the_school_sign_below() -> None:
    assert data_of(1)["signatures"] == ["Trainer: Grace Hopper", "For the school"]


def test_its_file_is_named_by_the_lesson_and_the_version() -> None:
    sheet = a_sheet(0)
    assert sheet_file_name(printed_sheet(sheet), "pdf") == "attendance-2026-03-02-1000-v2.pdf"
    assert sheet_file_name(printed_sheet(sheet, version=0), "png") == "attendance-2026-03-02-1000-live.png"


@pytest.mark.parametrize("many", [0, 1, 40])
def test_nothing_reaches_over_the_edge_of_the_paper(many: int) -> None:
    pages = pages_of(pdf_of(lesson_sheet(printed_sheet(a_sheet(many)), ALL_LETTERS, language="de")))
    assert min(page.right_margin for page in pages) >= 40
    assert "Für die Schule" in pages[-1].text


def test_three_hundred_people_stand_on_it_and_a_heading_on_every_page() -> None:
    pages = pages_of(pdf_of(lesson_sheet(printed_sheet(a_sheet(300)), ALL_LETTERS)))
    assert len(pages) > 10
    assert all("Arrival" in page.text for page in pages[:-1])


def test_the_same_version_gives_the_same_bytes() -> None:
    sheet = a_sheet(16)
    assert pdf_of(lesson_sheet(printed_sheet(sheet), ALL_LETTERS)) == pdf_of(
        lesson_sheet(printed_sheet(sheet), ALL_LETTERS)
    )
    assert png_of(lesson_timeline(printed_sheet(sheet), ALL_LETTERS)) == png_of(
        lesson_timeline(printed_sheet(sheet), ALL_LETTERS)
    )
    later = printed_sheet(sheet, at=NINE + timedelta(days=1))
    assert pdf_of(lesson_sheet(printed_sheet(sheet), ALL_LETTERS)) != pdf_of(lesson_sheet(later, ALL_LETTERS))


def test_the_picture_is_a_png_of_everybody() -> None:
    printed = lesson_timeline(printed_sheet(a_sheet(16)), ALL_LETTERS)
    assert len(printed.data["rows"]) == 16 + 1 + 2
    assert printed.data["more"] == ""
    assert png_of(printed).startswith(b"\x89PNG")


def test_a_picture_of_a_thousand_shows_three_hundred_and_says_how_many_more() -> None:
    printed = lesson_timeline(printed_sheet(a_sheet(310)), ALL_LETTERS)
    assert len(printed.data["rows"]) == 300
    assert printed.data["more"] == "… and 13 more, on the sheet"
