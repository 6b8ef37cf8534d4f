"""What the rules are told of a lesson and its people: all of it, nothing of another."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.attendance.events import Handle
from bot.attendance.lessons import END_OF_DAY, CorrectionKind, Interval, Link, LinkKind, Person, Policy, Role
from storage import tables
from storage.json_text import policy_from_json, policy_to_json
from storage.memory import Memory
from tests.builders import (
    ADA,
    BOB,
    EVE,
    GRACE,
    INSPECTOR,
    NINE,
    at,
    correction,
    during,
    joined,
    replace,
)
from tests.storage.world import (
    a_course_with_a_lesson,
    a_student,
    add,
    add_course,
    add_lesson,
    add_person,
    add_room,
    course_of,
    enrol,
    facts,
    tell,
)

MINUTE = timedelta(minutes=1)


# The lesson


async def test_the_lesson_is_as_its_course_says(memory: Memory) -> None:
    policy = Policy(
        late_grace=timedelta(seconds=90), minimum=Fraction(2, 3), remind_students_after=(MINUTE,), lock_after=None
    )
    lesson_id = await a_course_with_a_lesson(
        memory,
        policy=policy_to_json(policy),
        zone="Europe/Rome",
        join_url="https://example.com/j/1",
        staff_channel="#trainers",
        coordinator_id="grace",
    )
    lesson = (await facts(memory, lesson_id)).lesson
    assert lesson.policy == policy
    assert (lesson.title, lesson.zone, lesson.platform) == ("Python 101", "Europe/Rome", "zoom")
    assert (lesson.join_url, lesson.channel, lesson.staff_channel) == (
        "https://example.com/j/1",
        "C0PYTHON",
        "#trainers",
    )
    assert lesson.coordinator == "grace"
    assert lesson.planned == Interval(at(0), at(60))


async def test_a_course_may_lock_its_lessons_at_the_end_of_the_day(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory, policy=policy_to_json(Policy(lock_after=END_OF_DAY)))
    assert (await facts(memory, lesson_id)).lesson.policy == Policy(lock_after=END_OF_DAY)


async def test_a_course_may_name_the_roles_of_its_hosts(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory, policy=policy_to_json(Policy(host_roles=("instructor",))))
    assert (await facts(memory, lesson_id)).lesson.policy == Policy(host_roles=("instructor",))


async def test_a_lesson_that_has_begun_keeps_its_policy_zone_and_title(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    stamped = {"policy": policy_to_json(Policy(late_grace=MINUTE)), "zone": "Asia/Tokyo", "title": "As it was called"}
    lesson_id = await add_lesson(
        memory,
        course_id=await course_of(memory, lesson_id),
        room_id=await add_room(memory, "other"),
        stamp=stamped,
        breaks=[[at(10).isoformat(), at(20).isoformat()]],
    )
    lesson = (await facts(memory, lesson_id)).lesson
    assert (lesson.policy.late_grace, lesson.zone, lesson.title) == (MINUTE, "Asia/Tokyo", "As it was called")
    assert lesson.breaks == (during(10, 20),)


def test_a_policy_of_an_older_version_has_the_defaults_for_what_it_does_not_know() -> None:
    assert policy_from_json({"late_grace": 60.0, "gone_by_now": 1}) == Policy(late_grace=MINUTE)
    assert policy_from_json(None) == Policy()


# People


async def test_the_roster_is_who_is_enrolled_on_the_day_of_the_lesson_in_the_courses_zone(memory: Memory) -> None:
    # 09:00 UTC on 2 March is still 1 March on Niue.
    lesson_id = await a_course_with_a_lesson(memory, zone="Pacific/Niue")
    course_id = await course_of(memory, lesson_id)
    enrolments = {
        "ends that day": (None, date(2026, 3, 1)),
        "begins that day": (date(2026, 3, 1), None),
        "ended before": (None, date(2026, 2, 28)),
        "begins after": (date(2026, 3, 2), None),
    }
    for name, (from_on, until_on) in enrolments.items():
        person = Person(id=name, name=name, role=Role.STUDENT)
        await add_person(memory, person)
        await enrol(memory, course_id, person, from_on=from_on, until_on=until_on)
    roster = {person.id for person in (await facts(memory, lesson_id)).roster}
    assert roster == {"ada", "bob", "grace", "ends that day", "begins that day"}


async def test_a_person_on_the_roster_has_all_that_is_known_of_them(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await add_person(memory, replace(INSPECTOR, is_informed=False))
    await enrol(memory, await course_of(memory, lesson_id), INSPECTOR)
    assert (await facts(memory, lesson_id)).roster == (ADA, BOB, GRACE, replace(INSPECTOR, is_informed=False))


async def test_who_is_enrolled_twice_stands_on_the_roster_once_and_as_a_trainer_if_they_teach(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    course_id = await course_of(memory, lesson_id)
    await enrol(memory, course_id, replace(ADA, role=Role.OBSERVER))
    await enrol(memory, course_id, replace(GRACE, role=Role.STUDENT))
    assert [(person.id, person.role) for person in (await facts(memory, lesson_id)).roster] == [
        ("ada", Role.STUDENT),
        ("bob", Role.STUDENT),
        ("grace", Role.TRAINER),
    ]


@pytest.mark.parametrize(
    "handle",
    [
        pytest.param(Handle(email="eve@example.com"), id="e-mail"),
        pytest.param(Handle(external_id="eve-1"), id="external id"),
        pytest.param(Handle(registrant_id="reg-eve"), id="registrant id of another course"),
    ],
)
async def test_somebody_of_the_workspace_whom_a_handle_points_to_is_known(memory: Memory, handle: Handle) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    eve = replace(EVE, role=Role.STUDENT, external_id="eve-1", registrant_id="reg-eve")
    await add_person(memory, eve)
    await add_person(memory, a_student(1))
    await add_course(memory, room_id=await add_room(memory, "elsewhere"), people=[eve], name="Chess")
    assert (await facts(memory, lesson_id)).known == ()
    await tell(memory, joined(handle, connection="1"))
    (known,) = (await facts(memory, lesson_id)).known
    assert (known.id, known.role, known.email) == ("eve", Role.NOT_ENROLLED, "eve@example.com")
    assert known.registrant_id == handle.registrant_id


async def test_who_is_on_the_roster_is_not_listed_as_known_besides(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(ADA))
    assert (await facts(memory, lesson_id)).known == ()


async def test_a_substitute_is_known_before_they_come(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await add_person(memory, EVE)
    substitute = correction(CorrectionKind.SUBSTITUTE, person_ids=("eve",))
    await memory.corrections.add(lesson_id, substitute, now=NINE)
    assert [person.id for person in (await facts(memory, lesson_id)).known] == ["eve"]


async def test_the_admins_are_those_whom_slack_still_knows(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    for name, is_gone in (("chief", False), ("gone", True)):
        await add(
            memory, tables.Person, id=name, workspace_id=memory.workspace_id, name=name, is_admin=True, is_gone=is_gone
        )
    assert (await facts(memory, lesson_id)).admins == ("chief",)


# Links


async def confirm(memory: Memory, kind: LinkKind, value: str, person_id: str | None, **values: object) -> None:
    await add(
        memory,
        tables.Identity,
        workspace_id=memory.workspace_id,
        kind=kind,
        value=value,
        person_id=person_id,
        confirmed_at=NINE,
        **values,
    )


async def test_what_was_confirmed_of_a_handle_is_told_when_it_appears(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await confirm(memory, LinkKind.ALIAS, "ipad", "ada")
    await confirm(memory, LinkKind.USER_ID, "u-note-taker", None)
    await confirm(memory, LinkKind.EMAIL, "elsewhere@example.com", "bob")
    assert (await facts(memory, lesson_id)).links == ()
    await tell(memory, joined(Handle(name="iPad (2)", user_id="u-note-taker"), connection="1"))
    assert set((await facts(memory, lesson_id)).links) == {
        Link(kind=LinkKind.ALIAS, value="ipad", person_ids=("ada",)),
        Link(kind=LinkKind.USER_ID, value="u-note-taker", person_ids=()),
    }


async def test_several_people_before_one_screen_are_one_link(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    for person_id in ("bob", "ada"):
        await confirm(memory, LinkKind.USER_ID, "u-1", person_id)
    await tell(memory, joined(Handle(user_id="u-1"), connection="1"))
    assert (await facts(memory, lesson_id)).links == (
        Link(kind=LinkKind.USER_ID, value="u-1", person_ids=("ada", "bob")),
    )


async def test_a_link_of_the_course_wins_over_one_of_the_workspace_and_others_do_not_count(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    course_id = await course_of(memory, lesson_id)
    elsewhere = await add_course(memory, room_id=await add_room(memory, "elsewhere"), name="Chess")
    other_account = await memory.accounts.default("100ms", now=NINE)
    await confirm(memory, LinkKind.USER_ID, "u-1", "bob")
    await confirm(memory, LinkKind.USER_ID, "u-1", "ada", course_id=course_id)
    await confirm(memory, LinkKind.USER_ID, "u-1", "grace", course_id=elsewhere)
    await confirm(memory, LinkKind.USER_ID, "u-2", "bob", account_id=other_account)
    await confirm(memory, LinkKind.USER_ID, "u-3", "bob", withdrawn_at=NINE)
    await tell(memory, *(joined(Handle(user_id=f"u-{number}"), connection=f"{number}") for number in (1, 2, 3)))
    assert (await facts(memory, lesson_id)).links == (Link(kind=LinkKind.USER_ID, value="u-1", person_ids=("ada",)),)
