"""What Slack's door asks the memory: who calls, which lessons there are, who studies what."""

from datetime import date, timedelta

import pytest

from bot.attendance.lessons import LessonState, Role
from storage import tables
from storage.database import Store
from tests.builders import NINE, at
from tests.handlers.slack.school import School

TODAY = NINE.date()


@pytest.fixture
async def school(store: Store) -> School:
    made = School(store)
    await made.found()
    return made


async def courses_of(school: School, account: str) -> dict[str, tuple[set[Role], bool]]:
    async with school.store.read() as memory:
        visitor = await memory.door.visitor(account, now=NINE)
    return {course.name: (set(course.roles), course.coordinates) for course in visitor.courses}


async def test_a_visitor_is_known_by_their_account(school: School) -> None:
    async with school.store.read() as memory:
        grace = await memory.door.visitor("U0GRACE", now=NINE)
        nobody = await memory.door.visitor("U0NOBODY", now=NINE)
    assert (grace.person_id, grace.name, grace.is_admin) == ("grace", "Grace Hopper", False)
    assert (nobody.person_id, nobody.courses) == ("", ())


async def test_a_visitor_has_the_courses_they_are_in_or_coordinate(school: School) -> None:
    assert await courses_of(school, "U0ADA") == {
        "History": ({Role.STUDENT}, False),
        "Python 101": ({Role.STUDENT}, False),
    }
    assert await courses_of(school, "U0OLGA") == {"Python 101": (set(), True)}
    assert await courses_of(school, "U0RITA") == {"History": (set(), True)}
    assert await courses_of(school, "U0HEDY") == {}


async def test_two_roles_in_one_course_are_one_course(school: School) -> None:
    await school.insert(tables.Enrolment, course_id="python", person_id="grace", role="student")
    assert (await courses_of(school, "U0GRACE"))["Python 101"] == ({Role.STUDENT, Role.TRAINER}, False)


@pytest.mark.parametrize(
    ("from_on", "until_on", "is_in"),
    [
        (TODAY, TODAY, True),
        (None, TODAY, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
    ],
)
async def test_an_enrolment_counts_from_its_first_to_its_last_day(
    school: School, from_on: date | None, until_on: date | None, is_in: bool
) -> None:
    await school.insert(
        tables.Enrolment, course_id="python", person_id="hedy", role="student", from_on=from_on, until_on=until_on
    )
    assert ("Python 101" in await courses_of(school, "U0HEDY")) is is_in


async def test_the_lessons_about_now_are_the_last_two_and_the_next_of_each_course(school: School) -> None:
    for number, start in enumerate((-300, -200, -100, 100, 200)):
        await school.plan(f"p{number}", start=start)
    await school.plan("cancelled", start=50, state=LessonState.CANCELLED)
    await school.plan("h", course="history", start=-150)
    async with school.store.read() as memory:
        both = await memory.door.lessons_about(["python", "history"], now=NINE)
        none = await memory.door.lessons_about([], now=NINE)
    assert [lesson.id for lesson in both] == ["p1", "h", "p2", "p3"]
    assert (both[1].title, both[1].planned_start, both[1].state) == ("History", at(-150), LessonState.LIVE)
    assert none == []


async def test_the_lessons_of_a_day_end_before_its_end(school: School) -> None:
    for number, start in enumerate((-1, 0, 59, 60)):
        await school.plan(f"p{number}", start=start)
    async with school.store.read() as memory:
        found = await memory.door.lessons_between(["python"], start=at(0), end=at(60))
        elsewhere = await memory.door.lessons_between(["history"], start=at(0), end=at(60))
    assert [lesson.id for lesson in found] == ["p1", "p2"]
    assert elsewhere == []


async def test_students_are_listed_once_for_each_course_also_those_who_left(school: School) -> None:
    yesterday = TODAY - timedelta(days=1)
    await school.insert(tables.Enrolment, course_id="python", person_id="hedy", role="student", until_on=yesterday)
    await school.insert(tables.Enrolment, course_id="python", person_id="bob", role="student", from_on=yesterday)
    async with school.store.read() as memory:
        found = await memory.door.students_of(["python", "history"])
    assert [(student.name, student.course_id) for student in found] == [
        ("Ada Lovelace", "history"),
        ("Ada Lovelace", "python"),
        ("Bob Kahn", "python"),
        ("Hedy Lamarr", "python"),
    ]


async def test_who_was_merged_into_another_is_nobody_of_their_own(school: School) -> None:
    async with school.store.read() as memory:
        workspace = memory.workspace_id
    await school.insert(
        tables.Person, id="bob2", workspace_id=workspace, name="Bob", slack_user_id="U0BOB2", merged_into="bob"
    )
    await school.insert(tables.Enrolment, course_id="python", person_id="bob2", role="student")
    async with school.store.read() as memory:
        assert (await memory.door.visitor("U0BOB2", now=NINE)).person_id == ""
        assert await memory.door.person_of_account("U0BOB2") is None
        assert "bob2" not in {student.person_id for student in await memory.door.students_of(["python"])}


async def test_the_first_slack_workspace_is_the_one(school: School) -> None:
    async with school.store.write() as memory:
        assert await memory.door.bind(team_id="T1", enterprise_id=None, name="School")
        assert await memory.door.bind(team_id="T1", enterprise_id=None, name="School")
        assert not await memory.door.bind(team_id="T2", enterprise_id=None, name="Another")
