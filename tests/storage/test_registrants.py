"""Who is enrolled in a course with a lesson ahead is registered for its room once, and known by that registration."""

from datetime import date, datetime, timedelta

import pytest

from bot.attendance.events import Handle
from bot.attendance.identity import Strength, resolve
from bot.attendance.lessons import LessonState, Role
from storage.memory import Memory
from storage.registrants import ToRegister
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    NINE,
    at,
    joined,
    replace,
)
from tests.storage.world import add_course, add_lesson, add_person, add_room, course_of, enrol, facts, tell

#: of whom no course file knows a registration
CARLA = replace(BOB, id="carla", name="Carla Diaz", email="carla@example.com", registrant_id="")
PEOPLE = (ADA, CARLA, GRACE)
LEASE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def taken(memory: Memory, now: datetime = NINE) -> list[ToRegister]:
    return await memory.registrants.take(now=now, limit=20, lease=LEASE)


async def planned(memory: Memory, now: datetime = NINE) -> list[str]:
    """Names of who is to be registered now."""
    await memory.registrants.plan("zoom", now=now)
    return [each.name for each in await taken(memory, now)]


async def a_course(
    memory: Memory, *, platform: str = "zoom", start: datetime = NINE + DAY, state: str = "planned"
) -> str:
    """Ada, Carla and Grace, and a lesson; its id."""
    for person in PEOPLE:
        await add_person(memory, person)
    room_id = await add_room(memory, platform=platform)
    course_id = await add_course(memory, room_id=room_id, people=PEOPLE, platform=platform)
    return await add_lesson(memory, course_id=course_id, room_id=room_id, start=start, state=state)


async def test_students_of_a_course_with_a_lesson_ahead_are_to_be_registered_and_who_teaches_is_not(
    memory: Memory,
) -> None:
    await a_course(memory)
    assert await planned(memory) == [ADA.name, CARLA.name]
    assert await planned(memory) == []


async def test_what_is_asked_has_the_platform_s_room_and_the_person_s_name_and_e_mail(memory: Memory) -> None:
    await a_course(memory)
    await memory.registrants.plan("zoom", now=NINE)
    ada = (await taken(memory))[0]
    assert (ada.person_id, ada.name, ada.email, ada.attempts) == (ADA.id, ADA.name, ADA.email, 0)
    assert ada.room


@pytest.mark.parametrize("state", [LessonState.CANCELLED, LessonState.LOCKED])
async def test_where_no_lesson_is_ahead_nobody_is_registered(memory: Memory, state: LessonState) -> None:
    await a_course(memory, state=state.value)
    assert await planned(memory) == []
    assert await memory.registrants.next_due_at() is None


async def test_another_platform_s_people_are_not_registered(memory: Memory) -> None:
    await a_course(memory, platform="100ms")
    assert await planned(memory) == []


async def test_who_has_no_e_mail_or_has_left_cannot_be_registered(memory: Memory) -> None:
    room_id = await add_room(memory)
    course_id = await add_course(memory, room_id=room_id)
    await add_lesson(memory, course_id=course_id, room_id=room_id, start=NINE + DAY)
    await add_person(memory, replace(ADA, email=""))
    await add_person(memory, BOB)
    await add_person(memory, replace(GRACE, role=Role.OBSERVER))
    await enrol(memory, course_id, ADA)
    await enrol(memory, course_id, BOB, until_on=date(2020, 1, 1))
    await enrol(memory, course_id, replace(GRACE, role=Role.OBSERVER))
    assert await planned(memory) == [GRACE.name]


async def test_two_courses_in_one_room_register_a_person_once(memory: Memory) -> None:
    lesson_id = await a_course(memory)
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    way = await memory.join_links.way_in(found.course_id, ADA.id)
    assert way is not None
    room_id = await memory.timetable.room(await memory.accounts.default("zoom", now=NINE), way.room)
    other = await add_course(memory, room_id=room_id, people=[ADA], name="Rust 101")
    await add_lesson(memory, course_id=other, room_id=room_id, start=NINE + 2 * DAY)
    assert await planned(memory) == [ADA.name, CARLA.name]


async def test_who_was_registered_is_known_by_it_whatever_the_course_file_said(memory: Memory) -> None:
    lesson_id = await a_course(memory)
    await memory.registrants.plan("zoom", now=NINE)
    people = await taken(memory)
    assert [each.registrant_id for each in people] == [ADA.registrant_id, ""]
    for each in people:
        await memory.registrants.made(each, registrant_id=f"ours-{each.person_id}", sealed_url="sealed", now=NINE)
    roster = {person.id: person.registrant_id for person in (await facts(memory, lesson_id)).roster}
    assert roster == {ADA.id: f"ours-{ADA.id}", CARLA.id: f"ours-{CARLA.id}", GRACE.id: ""}
    assert await planned(memory, NINE + 2 * LEASE) == []


async def test_a_registration_is_certain_evidence_of_who_somebody_is(memory: Memory) -> None:
    lesson_id = await a_course(memory, start=NINE)
    await memory.registrants.plan("zoom", now=NINE - DAY)
    _, carla = await taken(memory)
    await memory.registrants.made(carla, registrant_id="ours", sealed_url="sealed", now=NINE - DAY)
    await tell(memory, joined(Handle(name="iPad (2)", registrant_id="ours"), at=1))
    found = await facts(memory, lesson_id)
    (known,) = resolve(found, {(event.session, event.connection or ""): [event] for event in found.events}).values()
    assert (known.person_ids, known.strength) == ((CARLA.id,), Strength.CERTAIN)


async def test_who_could_not_be_registered_is_tried_again_when_it_is_time(memory: Memory) -> None:
    await a_course(memory)
    await memory.registrants.plan("zoom", now=NINE)
    ada, carla = await taken(memory)
    await memory.registrants.made(carla, registrant_id="r-carla", sealed_url="sealed", now=NINE)
    await memory.registrants.failed(ada, error="no", retry_at=at(60))
    assert await memory.registrants.next_due_at() == at(60)
    assert await taken(memory, at(59)) == []
    assert [each.attempts for each in await taken(memory, at(60))] == [1]


async def test_when_all_lessons_are_over_nobody_is_asked_any_more_until_there_is_one_again(memory: Memory) -> None:
    lesson_id = await a_course(memory)
    await memory.registrants.plan("zoom", now=NINE)
    assert await taken(memory, NINE + 3 * DAY) == []
    assert await memory.registrants.next_due_at() is None
    assert await planned(memory, NINE + 3 * DAY) == []
    found = await memory.lessons.facts(lesson_id)
    assert found is not None
    account_id = await memory.accounts.default("zoom", now=NINE)
    way = await memory.join_links.way_in(found.course_id, ADA.id)
    assert way is not None
    room_id = await memory.timetable.room(account_id, way.room)
    await add_lesson(memory, course_id=found.course_id, room_id=room_id, start=NINE + 9 * DAY)
    assert await planned(memory, NINE + 3 * DAY) == [ADA.name, CARLA.name]


async def test_who_was_registered_and_left_is_still_known(memory: Memory) -> None:
    lesson_id = await a_course(memory, start=NINE)
    await memory.registrants.plan("zoom", now=NINE - DAY)
    _, carla = await taken(memory)
    await memory.registrants.made(carla, registrant_id="ours", sealed_url="sealed", now=NINE - DAY)
    ((place, plan),) = [
        each
        for each in await memory.timetable.enrolments(await course_of(memory, lesson_id))
        if each[1].person_id == CARLA.id
    ]
    await memory.timetable.change_enrolments([(place, replace(plan, until_on=date(2020, 1, 1)))])
    await tell(memory, joined(Handle(name="iPad (2)", registrant_id="ours"), at=1))
    assert [person.id for person in (await facts(memory, lesson_id)).known] == [CARLA.id]


async def test_a_room_that_registers_nobody_is_put_off_as_a_whole(memory: Memory) -> None:
    await a_course(memory)
    await memory.registrants.plan("zoom", now=NINE)
    ada, _ = await memory.registrants.take(now=NINE, limit=20, lease=LEASE)
    await memory.registrants.put_off([ada.room_id], error="no registration", until=NINE + DAY)
    assert await memory.registrants.next_due_at() == NINE + DAY
