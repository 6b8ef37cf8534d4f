"""One sheet, five faces: Slack, JSON, CSV, XLSX and PDF say the same of everybody."""

import csv
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.decide import decide
from bot.attendance.lessons import Person, Role
from bot.attendance.sheet import Sheet
from bot.attendance.wanted import MessageKind
from bot.attendance.written import canonical, fingerprint
from bot.messages.message import Reader
from bot.messages.render import render
from bot.reports.attendance_csv import attendance_csv
from bot.reports.attendance_json import attendance_json
from bot.reports.attendance_xlsx import attendance_xlsx
from bot.reports.lesson_sheet import PrintedSheet, lesson_sheet
from tests.bot.reports.books import rows_of
from tests.builders import GRACE, an_ended_lesson, at, facts, stay, waiting
from tests.documents.classes import ALL_LETTERS
from tests.documents.reading import pdf_of, text_of

ROME = ZoneInfo("Europe/Rome")
NAMES = (
    "Ada Lovelace",
    "王小明",
    "محمد بن سالم",
    "=SUM(A1:A9)",
    "<b>Bold</b> & *Co*",
    "N" * 80,
    "Žofie Nováková",
    "Was Never There",
)


@dataclass(frozen=True)
class Line:
    """What every face says of one student: minutes and percent are rounded down."""

    joined: str
    minutes: int
    percent: str
    late_minutes: int | None


def students() -> list[Person]:
    return [
        Person(id=f"p{number}", name=name, role=Role.STUDENT, email=f"p{number}@example.com")
        for number, name in enumerate(NAMES)
    ]


@cache
def sheet_and_summary() -> tuple[Sheet, Any]:
    """A lesson in which nobody's numbers are another's: with a bridge, two devices, a wait, a break and an assumed end."""
    people = students()
    events = [
        stay(GRACE, -5, 58),
        stay(people[0], -2, 57),
        stay(people[1], 3.25, 20),
        stay(people[1], 20.5, 51),
        stay(people[2], 7, 40.1),
        stay(people[2], 30, 47, device="phone"),
        stay(people[3], 11.9, 43),
        [waiting(people[4], at=1), *stay(people[4], 9, 39.99)],
        stay(people[5], 0, 35),
        stay(people[6], 14, 45.45),
    ]
    told = facts(*events, lesson=an_ended_lesson(zone="Europe/Rome"), roster=(*people, GRACE))
    decision = decide(told, now=at(90))
    (summary,) = [each.content for each in decision.wanted if each.kind is MessageKind.SUMMARY]
    return decision.sheet, summary


def printed() -> PrintedSheet:
    sheet = sheet_and_summary()[0]
    return PrintedSheet(
        sheet=sheet, version=1, sha256=fingerprint(canonical(sheet)), at=at(90), zone="Europe/Rome", basis="held", minimum="90"
    )  # fmt: skip


def in_json() -> dict[str, Line]:
    found = json.loads(json.dumps(attendance_json(sheet_and_summary()[0])))
    return {
        person["name"]: Line(
            joined=_time(person["first_joined_at"]),
            minutes=person["attended_seconds"]["held"] // 60,
            percent=f"{person['percent']['held']:.1f}",
            late_minutes=person["late_by_seconds"] // 60 if "late" in person["flags"] else None,
        )
        for person in found["people"]
        if person["role"] == "student"
    }


def in_csv() -> dict[str, Line]:
    rows = csv.DictReader(StringIO(attendance_csv(sheet_and_summary()[0]), newline=""))
    return {
        row["name"].removeprefix("'"): Line(
            joined=_time(row["first_joined_at"]),
            minutes=int(row["attended_held_seconds"]) // 60,
            percent=row["percent_held"],
            late_minutes=int(row["late_by_seconds"]) // 60 if "late" in row["flags"].split() else None,
        )
        for row in rows
        if row["role"] == "student"
    }


def in_xlsx() -> dict[str, Line]:
    written = attendance_xlsx(sheet_and_summary()[0], zone="Europe/Rome")
    return {
        row["Person"]: Line(
            joined=(row["Arrival"] or "")[11:16],
            minutes=row["Min. of held"],
            percent=f"{row['% of held']:.1f}",
            late_minutes=_late(row["Remarks"] or ""),
        )
        for row in rows_of(written, "Attendance")
        if row["Role"] == "student"
    }


def in_slack() -> dict[str, Line]:
    message = render(MessageKind.SUMMARY, sheet_and_summary()[1], Reader(zone="Europe/Rome"))
    (table,) = [block for block in message.blocks if block["type"] == "data_table"]
    _, *rows = [[cell["text"].replace("–", "") for cell in row] for row in table["rows"]]
    return {
        name: Line(
            joined=joined, minutes=_minutes(attended), percent=percent.split(" ")[0], late_minutes=_late(remarks)
        )
        for name, _, joined, attended, percent, remarks in rows
    }


FACES = {"CSV": in_csv, "XLSX": in_xlsx, "Slack": in_slack}


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_every_face_says_of_everybody_what_the_json_says(face: Any) -> None:
    assert face() == in_json()
    assert set(face()) == set(NAMES)


def test_nobody_has_the_numbers_of_somebody_else() -> None:
    lines = in_json().values()
    assert len({(line.joined, line.minutes, line.percent) for line in lines}) == len(lines)


def test_the_pdf_says_of_everybody_what_the_json_says() -> None:
    text = " ".join(text_of(pdf_of(lesson_sheet(printed(), ALL_LETTERS))).split())
    found = json.loads(json.dumps(attendance_json(sheet_and_summary()[0])))["people"]
    for person in found:
        seconds, percent = person["attended_seconds"], person["percent"]
        times = [_time(person[name]) or "—" for name in ("first_joined_at", "last_left_at")]
        row = [
            *times,
            f"{seconds['planned'] // 60}",
            f"{percent['planned']:.1f} %",
            f"{seconds['held'] // 60}",
            f"{percent['held']:.1f} %",
        ]
        assert " ".join(row) in text, person["name"]
        if "late" in person["flags"]:
            assert f"{person['late_by_seconds'] // 60} min late" in text.replace("\u00a0", " ")


def test_the_hash_on_every_document_is_that_of_the_sheet_s_canonical_json() -> None:
    about = printed()
    assert about.sha256 == fingerprint(canonical(about.sheet))
    assert about.sha256 in text_of(pdf_of(lesson_sheet(about, ALL_LETTERS)))
    written = attendance_xlsx(about.sheet, zone=about.zone, version=1, sha256=about.sha256)
    assert {"About": "SHA-256 of the sheet", "Python 101": about.sha256} in rows_of(written, "Document")


def _time(instant: str | None) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(ROME):%H:%M}" if instant else ""


def _late(remarks: str) -> int | None:
    found = re.search(r"(\d+)\s*min late|late (\d+)\s*min", remarks)
    return int(found[1] or found[2]) if found else None


def _minutes(length: str) -> int:
    hours, minutes = re.search(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*(?:min)?)?", length).groups()  # type: ignore[union-attr]  # it fits everything
    return int(timedelta(hours=int(hours or 0), minutes=int(minutes or 0)).total_seconds()) // 60
