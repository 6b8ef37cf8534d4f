"""The lesson sheet as a workbook: the numbers of the sheet, stays, differences, and what proves them."""

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.checks.counting import CheckpointSheet
from bot.attendance.checks.values import Answer, AnswerState, CheckpointState
from bot.attendance.lessons import Person, Role
from bot.attendance.records import Interaction
from bot.attendance.sheet import AskedQuestion, Difference, GivenAnswer, Sheet
from bot.reports.attendance_xlsx import attendance_xlsx
from tests.bot.reports.books import formulas, kinds, rows_of, sheets
from tests.builders import ADA, BOB, EVE, GRACE, INSPECTOR, a_lesson, an_ended_lesson, at, facts, joined, replace, stay

HASH = "0" * 64


def a_sheet(*, roster: tuple[Person, ...] = (ADA, BOB, GRACE, INSPECTOR)) -> Sheet:
    told = facts(
        stay(GRACE, 0, 60),
        stay(ADA, 0, 60),
        stay(BOB, 7, 20),
        stay(BOB, 25, 50),
        stay(EVE, 0, 30),
        stay(INSPECTOR, 10, 20),
        stay("iPad (2)", 3, 40.5),
        lesson=an_ended_lesson(),
        roster=roster,
        known=(EVE,),
    )
    return sheet_of(told, now=at(100))


def test_everybody_has_a_row_and_who_was_not_recognised_stands_last() -> None:
    rows = rows_of(attendance_xlsx(a_sheet(), zone="Europe/Rome"), "Attendance")
    assert [(row["Person"], row["Role"]) for row in rows] == [
        ("Ada Lovelace", "student"),
        ("Bob Kahn", "student"),
        ("Grace Hopper", "trainer"),
        ("Eve Clark", "not enrolled"),
        ("Iris Inspector", "observer"),
        ("iPad (2)", "Not recognised"),
    ]


def test_a_row_has_the_numbers_of_the_sheet() -> None:
    bob = rows_of(attendance_xlsx(a_sheet(), zone="Europe/Rome"), "Attendance")[1]
    assert bob == {
        "Person": "Bob Kahn",
        "E-mail": "bob@example.com",
        "Role": "student",
        "Arrival": "2026-03-02 10:07:00",
        "Departure": "2026-03-02 10:50:00",
        "Late by, s": 420,
        "Min. of planned": 38,
        "% of planned": 63.3,
        "Min. of held": 38,
        "% of held": 63.3,
        "Verdict": "attended in part",
        "Remarks": "7\u00a0min late, left early",
        "Seconds of planned": 2280,
        "Seconds of held": 2280,
        "Assumed, s": 0,
        "Waited, s": 0,
        "Checks asked": 0,
        "Checks confirmed": 0,
    }


def test_every_stay_has_a_row() -> None:
    stays = rows_of(attendance_xlsx(a_sheet(), zone="UTC"), "Stays")
    assert len(stays) == 7
    assert [(row["Joined"], row["Left"], row["Seconds"]) for row in stays if row["Person"] == "Bob Kahn"] == [
        ("2026-03-02 09:07:00", "2026-03-02 09:20:00", 780),
        ("2026-03-02 09:25:00", "2026-03-02 09:50:00", 1500),
    ]


def test_a_stay_that_lasts_has_no_end_and_what_is_assumed_is_said() -> None:
    live = sheet_of(facts(joined(GRACE, at=0), joined(ADA, at=5), lesson=a_lesson()), now=at(30))
    (ada, _) = rows_of(attendance_xlsx(live, zone="UTC"), "Stays")
    assert (ada["Left"], ada["Seconds"], ada["Assumed"]) == (None, None, None)
    over = sheet_of(facts(joined(GRACE, at=0), joined(ADA, at=5), lesson=an_ended_lesson()), now=at(100))
    assert rows_of(attendance_xlsx(over, zone="UTC"), "Stays")[0]["Assumed"] == "end"


def test_differences_have_a_sheet_where_there_are_any() -> None:
    assert "Differences" not in sheets(attendance_xlsx(a_sheet(), zone="UTC"))
    differs = replace(a_sheet(), differences=(Difference(person_id="bob", webhooks_seconds=10, record_seconds=2280),))
    assert rows_of(attendance_xlsx(differs, zone="UTC"), "Differences") == [
        {"Person": "Bob Kahn", "Webhooks, s": 10, "Record, s": 2280}
    ]


def test_presence_checks_have_a_sheet_with_everybody_s_answers() -> None:
    assert "Presence checks" not in sheets(attendance_xlsx(a_sheet(), zone="UTC"))
    late = Answer(
        checkpoint_id="c1", person_id="ada", state=AnswerState.LATE, asked_at=at(10), deadline=at(15), at=at(17)
    )  # fmt: skip
    missed = Answer(checkpoint_id="c1", person_id="bob", state=AnswerState.MISSED, asked_at=at(10), deadline=at(15))
    asked = CheckpointSheet(id="c1", opened_at=at(10), state=CheckpointState.CLOSED, answers=(late, missed))
    ada, bob = rows_of(attendance_xlsx(replace(a_sheet(), checkpoints=(asked,)), zone="UTC"), "Presence checks")
    assert [ada[head] for head in ("№", "Person", "Asked", "Answer", "Answered")] == [
        1, "Ada Lovelace", "2026-03-02 09:10:00", "answered late", "2026-03-02 09:17:00",
    ]  # fmt: skip
    assert (bob["Answer"], bob["Deadline"], bob["Answered"]) == ("missed", "2026-03-02 09:15:00", None)


def test_quizzes_and_polls_of_the_platform_have_a_sheet_with_everybody_s_answers() -> None:
    assert "Quizzes and polls" not in sheets(attendance_xlsx(a_sheet(), zone="UTC"))
    quiz = AskedQuestion(
        kind=Interaction.QUIZ,
        text="2 + 2?",
        options=(("A", "four"), ("B", "five")),
        correct="A",
        accuracy="50 %",
        answers=(
            GivenAnswer(person_id="ada", value="A", is_right=True),
            GivenAnswer(person_id="bob", value="B", is_right=False),
        ),
    )
    poll = AskedQuestion(
        kind=Interaction.POLL,
        text="=SUM(A1)",
        options=(),
        correct="",
        accuracy="",
        answers=(GivenAnswer(person_id="bob", value="7", is_right=None),),
    )
    unanswered = replace(poll, text="Again?", answers=())
    book = attendance_xlsx(replace(a_sheet(), asked=(quiz, poll, unanswered)), zone="UTC")
    assert [tuple(row.values()) for row in rows_of(book, "Quizzes and polls")] == [
        ("Quiz", "2 + 2?", "Ada Lovelace", "four", "right", "four", "50 %"),
        ("Quiz", "2 + 2?", "Bob Kahn", "five", "wrong", "four", "50 %"),
        ("Poll", "=SUM(A1)", "Bob Kahn", "7", None, None, None),
        ("Poll", "Again?", None, None, None, None, None),
    ]
    assert formulas(book) == 0


def test_it_says_what_it_is_about_and_by_what_it_can_be_proven() -> None:
    about = dict(sheets(attendance_xlsx(a_sheet(), zone="Europe/Rome", version=3, sha256=HASH))["Document"])
    assert (about["Course"], about["Version"], about["SHA-256 of the sheet"]) == ("Python 101", "3", HASH)
    assert about["Planned"] == "2026-03-02 10:00–11:00, 1 h"
    assert about["Time zone"] == "Europe/Rome (UTC+01:00)"


def test_german_readers_have_german_heads() -> None:
    assert list(sheets(attendance_xlsx(a_sheet(), zone="Europe/Berlin", language="de"))) == [
        "Anwesenheit",
        "Aufenthalte",
        "Dokument",
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝", "＠", "{="])
def test_no_name_becomes_a_formula_in_any_sheet(begins: str) -> None:
    evil = replace(ADA, name=f'{begins}cmd|"/C calc"!A0', email=f"{begins}1")
    sheet = replace(a_sheet(roster=(evil, BOB, GRACE)), title=f"{begins}HYPERLINK(1)")
    written = attendance_xlsx(sheet, zone="UTC")
    assert kinds(written) <= {"s", "n", "d"}
    assert formulas(written) == 0
    assert evil.name in {row["Person"] for row in rows_of(written, "Attendance")}


@pytest.mark.parametrize("size", [0, 1, 40, 300])
def test_classes_of_any_size(size: int) -> None:
    people = [
        Person(id=f"p{n}", name=f"Student {n} {'ن' * (n % 80)}", role=Role.STUDENT, email=f"{n}@example.com")
        for n in range(size)
    ]
    told = facts(
        stay(GRACE, 0, 60), [each for one in people for each in stay(one, 0, 60)],
        lesson=an_ended_lesson(), roster=(*people, GRACE),
    )  # fmt: skip
    written = attendance_xlsx(sheet_of(told, now=at(100)), zone="UTC")
    assert len(rows_of(written, "Attendance")) == size + 1
    assert len(rows_of(written, "Stays")) == size + 1


def test_the_same_version_gives_the_same_bytes() -> None:
    assert attendance_xlsx(a_sheet(), zone="UTC") == attendance_xlsx(a_sheet(), zone="UTC")
