"""What the rules are told of what was said about a lesson, and of what happened in its room."""

from datetime import timedelta

from bot.attendance.lessons import CorrectionKind, Role, Told
from storage import tables
from storage.memory import Memory
from tests.builders import (
    ADA,
    EVE,
    at,
    correction,
    during,
    joined,
    replace,
    session_ended,
    stay,
)
from tests.storage.world import (
    a_course_with_a_lesson,
    add,
    add_course,
    add_lesson,
    add_person,
    add_room,
    course_of,
    facts,
    tell,
)

MINUTE = timedelta(minutes=1)


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
