"""The training participation report: what it says, of which size, and that nothing of it is cut off."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.reports.participation import Participation, participation_report, report_file_name
from tests.builders import replace
from tests.documents.classes import ALL_LETTERS, HARD_NAMES, Given, a_participation
from tests.documents.reading import Page, fonts, pages_of, pdf_of, text_of

needs_fonts = pytest.mark.skipif(
    bool(fonts().missing_scripts()), reason="no font for some script: see `rollcall doctor`"
)


def data_of(about: Participation, language: str = "en") -> dict[str, Any]:
    return dict(participation_report(about, ALL_LETTERS, language=language).data)


def set_as(about: Participation, language: str = "en") -> list[Page]:
    return pages_of(pdf_of(participation_report(about, ALL_LETTERS, language=language)))


def test_it_says_what_was_taught_when_and_in_whose_time() -> None:
    assert data_of(a_participation(2, 2))["head"] == [
        ("Course", "Python 101"),
        ("Description", "—"),
        ("Time zone of the report", "Europe/Rome (UTC+01:00)"),
        ("Start of the training", "2026-03-02 10:00"),
        ("End of the training", "2026-03-02 13:00"),
    ]


def test_it_says_it_in_german() -> None:
    data = data_of(a_participation(2, 2, description="Für Anfänger"), language="de")
    assert data["title"] == "Bericht über die Teilnahme an der Schulung"
    assert data["head"][1:4] == [
        ("Beschreibung", "Für Anfänger"),
        ("Zeitzone des Berichts", "Europe/Rome (UTC+01:00)"),
        ("Beginn der Schulung", "02.03.2026 10:00"),
    ]


@pytest.mark.parametrize(("checkpoints", "columns"), [(0, []), (1, [1]), (8, [8]), (9, [8, 1]), (30, [8, 8, 8, 6])])
def test_a_table_has_eight_checkpoints_at_most(checkpoints: int, columns: list[int]) -> None:
    tables = data_of(a_participation(3, checkpoints))["tables"]
    assert [len(table["heads"]) for table in tables] == columns
    assert all(len(row) == len(table["heads"]) for table in tables for row in table["rows"])


def test_only_where_there_are_several_tables_each_says_which_it_is() -> None:
    assert [table["title"] for table in data_of(a_participation(1, 8))["tables"]] == [""]
    assert [table["title"] for table in data_of(a_participation(1, 9))["tables"]] == [
        "Checkpoints 1 to 8 of 9",
        "Checkpoint 9 of 9",
    ]


def test_each_column_is_headed_with_its_time_and_each_answer_is_shown_as_what_it_is() -> None:
    tables = data_of(a_participation(1, 11))["tables"]
    heads = [head for table in tables for head in table["heads"]]
    cells = [cell for table in tables for cell in table["rows"][0]]
    assert list(zip(heads, cells, strict=True)) == [
        ("10:10", "10:12"),
        ("10:21", "10:24"),
        ("10:32", "—"),
        ("10:43", "waived"),
        ("10:54 cancelled", "void"),
        ("11:05", "not delivered"),
        ("11:16", "11:23 late"),
        ("11:27", "offline"),
        ("11:38", "11:46 late, accepted"),
        ("11:49", "void"),
        ("12:00", ""),
    ]


def test_what_does_not_stand_in_a_cell_is_not_explained() -> None:
    legend = data_of(a_participation(1, 2))["legend"]
    assert legend == ["A time: when the person confirmed to be there."]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Given("confirmed", 2), ["1", "1", "1", "passed"]),
        (Given("missed"), ["1", "1", "0", "failed"]),
        (Given("void"), ["0", "0", "0", "none"]),
    ],
)
def test_each_person_has_a_verdict_or_none(answer: Given, verdict: list[str]) -> None:
    data = data_of(a_participation(2, 1, answers=[answer]))
    assert data["verdicts"] == [verdict, verdict]
    assert "75 % at least" in data["rule"][0]


def test_the_seed_and_its_hash_stand_below() -> None:
    proof = data_of(a_participation(1, 1))["proof"]
    assert proof[1:] == ["Seed: b1946ac92492d2347c6235b4d2611184", f"SHA-256 of the seed: {'a7' * 32}"]


def test_a_check_that_a_trainer_timed_proves_nothing() -> None:
    proof = data_of(a_participation(1, 1, seed="", seed_hash=""))["proof"]
    assert proof == ["The moments of this check were not drawn: a trainer asked when they wanted to."]


def test_the_entry_of_the_history_is_its_witness_where_there_is_one() -> None:
    assert data_of(a_participation(1, 1))["foot"] == [
        "Presence check 5f0c2d9e, version 1",
        f"Entry of the history: {'9c' * 32}",
    ]
    assert data_of(a_participation(1, 1, history_hash=""))["foot"] == ["Presence check 5f0c2d9e, version 1"]


def test_who_has_no_name_is_unknown() -> None:
    about = a_participation(1, 1)
    nameless = replace(about, participants=[replace(about.participants[0], name="")])
    assert data_of(nameless)["people"] == [{"name": "Unknown", "beside": "student-0000@example.com"}]


def test_a_time_that_comes_twice_says_its_offset() -> None:
    night = a_participation(
        1, 1, start=datetime(2026, 10, 24, 23, tzinfo=UTC), end=datetime(2026, 10, 25, 3, tzinfo=UTC)
    )
    assert ("Start of the training", "2026-10-25 01:00+02:00") in data_of(night)["head"]
    assert ("Time zone of the report", "Europe/Rome (UTC+02:00, UTC+01:00)") in data_of(night)["head"]


def test_its_file_is_named_by_its_beginning() -> None:
    assert report_file_name(a_participation(1, 1)) == "participation-2026-03-02-1000.pdf"


@pytest.mark.parametrize("checkpoints", [0, 1, 8, 9, 30])
@pytest.mark.parametrize("people", [0, 1, 16])
def test_nothing_reaches_over_the_edge_of_the_paper(people: int, checkpoints: int) -> None:
    assert min(page.right_margin for page in set_as(a_participation(people, checkpoints))) >= 40


@needs_fonts
def test_every_name_stands_in_full_whatever_its_letters() -> None:
    # PDF keeps right-to-left text in the order of its glyphs, and combining marks apart from their letters.
    text = "".join(text_of(pdf_of(participation_report(a_participation(16, 9), ALL_LETTERS))).split())
    for name in HARD_NAMES:
        plain = "".join(name.replace("\u202e", "").split())
        if plain.isascii() or "Ł" in plain or "王" in plain or "김" in plain:
            assert plain in text


def test_nobody_asked_and_nothing_reached_is_said() -> None:
    text = set_as(a_participation(0, 0))[0].text
    assert "No checkpoint was reached." in text
    assert "Nobody was asked." in text


def test_three_hundred_people_have_their_heading_on_every_page() -> None:
    pages = set_as(a_participation(300, 8))
    assert len(pages) > 10
    assert all("Person" in page.text for page in pages[:-1])
    assert f"Page 2 / {len(pages)}" in pages[1].text


def test_a_name_of_several_lines_stands_on_one_page() -> None:
    for page in set_as(a_participation(300, 8)):
        assert page.text.count("María de los") == page.text.count("Toledo Pimentel")


def test_the_same_report_gives_the_same_bytes() -> None:
    printed = participation_report(a_participation(16, 9), ALL_LETTERS)
    assert pdf_of(printed) == pdf_of(printed)
    later = participation_report(replace(a_participation(16, 9), made_at=datetime(2027, 1, 1, tzinfo=UTC)), ALL_LETTERS)
    assert pdf_of(printed) != pdf_of(later)


@needs_fonts
def test_the_fonts_of_this_machine_print_every_name() -> None:
    assert [name for name in HARD_NAMES if not fonts().can_print(name)] == []
