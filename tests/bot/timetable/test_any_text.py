"""Whatever somebody calls a course file, a roster or a calendar: it is read, or its mistakes are named."""

import contextlib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.timetable.course_file import read_course_file
from bot.timetable.problems import BadCourseFile
from tests.bot.timetable.builders import PLATFORMS, a_file, calendar

GOOD = (Path(__file__).parent / "bad_course_file.yaml").read_text()
ROSTER = "name,email,slack,external_id,registrant_id,from,until\nAda,ada@example.com,U0ADA,a,r,2026-11-23,2027-02-26\n"
ICS = calendar("UID:s\nDTSTART;TZID=Europe/Rome:20261123T180000\nDURATION:PT3H\nRRULE:FREQ=DAILY;COUNT=3")


def one_slip(text: str) -> st.SearchStrategy[str]:
    """The text with a piece of it replaced by another, as a slip of the pen or a bad export does."""
    places = st.integers(0, len(text))
    pieces = st.sampled_from(
        ["", " ", "\n", ":", "{", "}", "[", "-", "9", "\x00", "\ud800", ";", ",", '"', "'", "é", "&a ", "*a"]
    )
    return st.builds(
        lambda start, length, piece: text[:start] + piece + text[start + length :], places, st.integers(0, 40), pieces
    )


@settings(deadline=None)
@given(text=st.text() | one_slip(GOOD))
def test_any_text_as_a_course_file(text: str) -> None:
    with contextlib.suppress(BadCourseFile):
        read_course_file(text, read=lambda _: ROSTER, platforms=PLATFORMS)


@settings(deadline=None)
@given(roster=st.text() | one_slip(ROSTER))
def test_any_text_as_a_roster(roster: str) -> None:
    with contextlib.suppress(BadCourseFile):
        a_file(students="[{csv: r.csv}]", files={"r.csv": roster})


@settings(deadline=None)  # what a calendar repeats may take long on a loaded machine
@given(ics=one_slip(ICS))
def test_any_text_as_a_calendar(ics: str) -> None:
    with contextlib.suppress(BadCourseFile):
        a_file(schedule="[{ics: t.ics}]", files={"t.ics": ics})
