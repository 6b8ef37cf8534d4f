"""What the rules are told of a lesson: all of it, nothing of another, and as it was when the lesson began."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.attendance.events import Handle
from bot.attendance.lessons import CorrectionKind, Interval, LessonFacts, Link, LinkKind, Person, Policy, Role, Told
from storage import tables
from storage.codecs import policy_from_json, policy_to_json
from storage.database import Store
from storage.memory import Memory
from tests.builders import ADA, BOB, EVE, GRACE, INSPECTOR, NINE, at, correction, during, joined, session_ended, stay
from tests.storage.world import (
    a_course_with_a_lesson,
    a_student,
    add,
    add_course,
    add_lesson,
    add_person,
    add_room,
    enrol,
    tell,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def memory(store: Store) -> AsyncIterator[Memory]:
    async with store.write() as opened:
        yield opened


async def facts(memory: Memory, lesson_id: str) -> LessonFacts:
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    return found.facts


async def course_of(memory: Memory, lesson_id: str) -> str:
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    return found.course_id


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


# What people said and were told


async def test_corrections_stand_until_they_are_taken_back(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    present = correction(CorrectionKind.PRESENT, ADA, at=70, during=during(0, 30), note="was there")
    link = correction(CorrectionKind.LINK, at=71, connection=("session-1", "7"), person_ids=("ada", "bob"))
    await memory.corrections.add(lesson_id, link, now=at(71))
    await memory.corrections.add(lesson_id, present, now=at(71))
    assert (await facts(memory, lesson_id)).corrections == (present, link)
    await memory.corrections.withdraw(link.id, actor="grace", now=at(72))
    assert (await facts(memory, lesson_id)).corrections == (present,)


async def test_what_was_told_is_known_by_kind_and_recipient(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    for recipient, sent_at, desired in (("ada", at(3), {}), ("bob", None, {}), ("grace", at(4), None)):
        await add(
            memory,
            tables.Message,
            workspace_id=memory.workspace_id,
            kind="reminder_1",
            subject=lesson_id,
            recipient=recipient,
            sent_at=sent_at,
            desired=desired,
        )
    assert (await facts(memory, lesson_id)).told == {
        ("reminder_1", "ada"): Told(sent_at=at(3), is_wanted=True),
        ("reminder_1", "bob"): Told(sent_at=None, is_wanted=True),
        ("reminder_1", "grace"): Told(sent_at=at(4), is_wanted=False),
    }


# The room and the way from it to us


async def test_the_lessons_of_the_room_are_told_as_far_as_the_sessions_reach(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    room_id = await add_room(memory, "other")
    course_id = await course_of(memory, lesson_id)
    start = {
        name: at(minutes) for name, minutes in (("yesterday", -1440), ("before", -60), ("cancelled", 30), ("this", 0))
    }
    ids = {
        name: await add_lesson(
            memory,
            course_id=course_id,
            room_id=room_id,
            start=moment,
            state="cancelled" if name == "cancelled" else "planned",
        )
        for name, moment in start.items()
    }
    assert (await facts(memory, ids["this"])).room_lessons == (during(-60, 0), during(0, 60))
    await tell(memory, joined(ADA, at=-1430, room="other"))
    assert (await facts(memory, ids["this"])).room_lessons == (during(-1440, -1380), during(-60, 0), during(0, 60))


async def test_an_account_that_never_delivered_says_so(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    feed = (await facts(memory, lesson_id)).feed
    assert not feed.account_ever_delivered
    assert feed.last_received_at is None
    await tell(memory, joined(ADA, room="another"))
    assert (await facts(memory, lesson_id)).feed.account_ever_delivered


async def test_a_room_is_heard_when_a_delivery_about_it_was_applied_in_the_window(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(ADA, at=-45), session_ended(at=-40), now=at(-39))
    assert (await facts(memory, lesson_id)).feed.room_heard_at is None
    await tell(memory, joined(ADA, at=-45), now=at(-10))
    assert (await facts(memory, lesson_id)).feed.room_heard_at == at(-10)


async def test_what_is_heard_of_a_later_lesson_proves_nothing_for_an_earlier_one(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(ADA, at=300), now=at(301))
    assert (await facts(memory, lesson_id)).feed.room_heard_at is None


async def test_what_is_told_of_the_lesson_long_after_it_proves_that_the_feed_was_there(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(ADA, at=1, received=600), now=at(601))
    assert (await facts(memory, lesson_id)).feed.room_heard_at == at(600)


async def test_late_deliveries_of_the_account_are_intervals_in_which_we_did_not_know(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    in_time = joined(ADA, at=1, received=3)
    late = [joined(f"Guest {number}", at=number, received=20, room="another", session="2") for number in (5, 10, 17.9)]
    await tell(memory, in_time, *late, joined("Later", at=400, received=410, room="another", session="2"))
    feed = (await facts(memory, lesson_id)).feed
    assert feed.late_intervals == (during(5, 20),)
    assert (feed.last_received_at, feed.last_delay) == (at(410), timedelta(minutes=10))


async def test_the_newest_delivery_says_how_late_deliveries_come_whatever_their_order(memory: Memory) -> None:
    lesson_id = await a_course_with_a_lesson(memory)
    await tell(memory, joined(ADA, at=30, received=30.5))
    await tell(memory, joined(ADA, at=10, received=20, device="phone"))
    feed = (await facts(memory, lesson_id)).feed
    assert (feed.last_received_at, feed.last_delay) == (at(30.5), timedelta(seconds=30))


# Many at once


async def test_facts_of_many_lessons_are_the_facts_of_each(memory: Memory) -> None:
    first = await a_course_with_a_lesson(memory)
    room_id = await add_room(memory, "b")
    await add_person(memory, EVE)
    other_course = await add_course(memory, room_id=room_id, people=[replace(EVE, role=Role.STUDENT)], name="Chess")
    second = await add_lesson(memory, course_id=other_course, room_id=room_id, start=at(60))
    await tell(
        memory, *stay(ADA, 0, 60), *stay(EVE, 60, 90, room="b", session="2"), *stay(ADA, 61, 70, room="b", session="2")
    )
    await memory.corrections.add(second, correction(CorrectionKind.PRESENT, EVE, at=130), now=at(130))
    together = {each.facts.lesson.id: each.facts for each in await memory.lessons.find()}
    assert together == {first: await facts(memory, first), second: await facts(memory, second)}
    assert [person.id for person in together[second].roster] == ["eve"]
    assert [person.id for person in together[second].known] == ["ada", "grace"]
    assert {each.session for each in together[first].events} == {"session-1"}
