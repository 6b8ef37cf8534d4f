"""`/rollcall report`: the course over a period, as a file in the conversation with who asked."""

import pytest

from bot.attendance.course import Attended
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import Seconds, Verdict
from bot.messages import actions
from tests.bot.reports.books import rows_of
from tests.builders import NINE, replace
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import HISTORY, LESSON

WHOLE = Attended(
    planned_start=NINE,
    basis="held",
    verdict=Verdict.VALIDATED,
    attended=Seconds(planned=3_000, held=2_900),
    denominator=Seconds(planned=3_600, held=3_300),
    lesson=Seconds(planned=3_600, held=3_300),
)
ABSENT = replace(WHOLE, verdict=Verdict.ABSENT, attended=Seconds(planned=0, held=0))


@pytest.fixture(autouse=True)
async def lessons(desk: Desk) -> None:
    """One lesson of each of Grace's courses is over."""
    await desk.school.plan(LESSON, state=LessonState.PROVISIONAL)
    await desk.school.plan(HISTORY, course="history", state=LessonState.PROVISIONAL)
    async with desk.school.store.write() as memory:
        await memory.attended.keep({LESSON: {"ada": WHOLE, "bob": ABSENT}, HISTORY: {"ada": WHOLE}})
    desk.moment(90)


def files(desk: Desk) -> list[tuple[str, bytes]]:
    """Name and bytes of every file that was put into a conversation."""
    return [(file.name, file.content or b"") for file in desk.workspace.files.values()]


async def test_a_trainer_gets_the_file_in_the_conversation_with_us(desk: Desk) -> None:
    assert await desk.types("grace", "report Python 101 xlsx") == ""
    ((name, written),) = files(desk)
    assert name == "course-report-whole-course.xlsx"
    ada, bob = rows_of(written, "Students")
    assert (ada["Person"], ada["%"], bob["Person"], bob["%"]) == ("Ada Lovelace", 87.8, "Bob Kahn", 0)


async def test_who_asks_in_a_channel_is_told_where_it_is_and_the_channel_sees_nothing(desk: Desk) -> None:
    typed = desk.person("grace").command("/rollcall report Python 101 csv", channel="#python-101")
    answer = await desk._answered("grace", typed)
    assert answer == "The report is in your messages with me: only you see it there."
    channel = desk.workspace.channel_named("#python-101")
    assert channel is not None
    assert desk.workspace.messages_in(channel.id) == []


async def test_the_message_says_what_the_file_says(desk: Desk) -> None:
    await desk.types("grace", "report Python 101 csv")
    said = [message for message in desk.person("grace").inbox if "Python 101" in message.text]
    assert said[0].text == "Python 101, whole course: 1 lesson, held 55 min of 1 h, 2 students attended 43.9 %"
    assert "Out of reach of 90.0 %*: Ada Lovelace (87.8 %), Bob Kahn (0.0 %)" in str(said[0].blocks)


@pytest.mark.parametrize(
    ("typed", "file"),
    [
        ("report python 101", "course-report-whole-course.pdf"),
        ("report Python 101 2026-03 csv", "course-report-2026-03-01-2026-03-31.csv"),
        ("report Python 101 csv 2026-03", "course-report-2026-03-01-2026-03-31.csv"),
        ('report "Python 101" this month XLSX', "course-report-2026-03-01-2026-03-31.xlsx"),
        ("export history today csv", "course-report-2026-03-02-2026-03-02.csv"),
        ("report history 2026-03-01 to 2026-03-02 csv", "course-report-2026-03-01-2026-03-02.csv"),
    ],
)
async def test_course_period_and_form_as_people_type_them(desk: Desk, typed: str, file: str) -> None:
    await desk.types("grace", typed)
    assert [name for name, _ in files(desk)] == [file]


async def test_who_teaches_several_courses_says_which(desk: Desk) -> None:
    answer = await desk.types("grace", "report last week")
    assert answer == "Say of which course, for example `/rollcall report History last week`: History, Python 101."
    assert answer == await desk.presses("grace", actions.MENU_REPORT)
    assert files(desk) == []


@pytest.mark.parametrize(
    "typed", ["report Python 101 soon", "report Python 101 csv pdf", "report Python 101 2026-11 more"]
)
async def test_what_is_no_period_and_no_form_is_answered_with_examples(desk: Desk, typed: str) -> None:
    assert (await desk.types("grace", typed)).startswith("Say a course, a period and a form:")
    assert files(desk) == []


@pytest.mark.parametrize("who", ["ada", "olga", "hedy", "rita"])
async def test_nobody_but_a_trainer_gets_it(desk: Desk, who: str) -> None:
    assert await desk.types(who, "report Python 101") == "You teach no course here."
    assert files(desk) == []
