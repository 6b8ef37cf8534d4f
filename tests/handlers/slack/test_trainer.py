"""What a trainer says by one tap: on my way, in under another name, somebody else teaches."""

import pytest

from bot.attendance.lessons import CorrectionKind
from bot.messages import actions
from tests.builders import GRACE, during, joined
from tests.handlers.slack.conftest import Desk


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan()
    desk.moment(3)


async def test_a_trainer_on_the_way_promises_a_time(desk: Desk) -> None:
    assert await desk.presses("grace", actions.TRAINER_ON_MY_WAY, number=5, detail="5") == ""
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.during) == (CorrectionKind.ON_MY_WAY, "grace", during(3, 8))
    assert "noted already" in await desk.presses("grace", actions.TRAINER_ON_MY_WAY, number=5, detail="5")


async def test_a_trainer_who_is_there_is_told_that_they_are_seen(desk: Desk) -> None:
    await desk.school.hear(joined(GRACE, at=1))
    assert await desk.presses("grace", actions.TRAINER_ON_MY_WAY, detail="5") == "You are in: we see you."


async def test_nobody_else_says_it_for_the_trainer(desk: Desk) -> None:
    for somebody in ("bob", "olga", "hedy"):
        answer = await desk.presses(somebody, actions.TRAINER_ON_MY_WAY, detail="5")
        assert answer == "Only a trainer of this course can do that."
    assert await desk.school.corrections() == []


async def test_is_room_4_you_links_the_room_to_who_pressed(desk: Desk) -> None:
    await desk.school.hear(joined("Room 4", at=1))
    assert await desk.presses("grace", actions.IS_THIS_YOU, number=0, detail="Room 4") == ""
    (link,) = await desk.school.corrections()
    assert (link.kind, link.person_ids, link.connection) == (
        CorrectionKind.LINK,
        ("grace",),
        ("session-1", "Room 4's laptop"),
    )
    assert "is settled already" in await desk.presses("grace", actions.IS_THIS_YOU, number=0, detail="Room 4")


async def test_a_trainers_own_word_counts_without_a_question(desk: Desk) -> None:
    await desk.school.hear(joined("Room 4", at=1))
    await desk.presses("grace", actions.TRAINER_IN_ALREADY)
    await desk.fills_in("grace", {actions.NAME_IN_ROOM: "Room 4"})
    assert [said.kind for said in await desk.school.corrections()] == [CorrectionKind.LINK]


async def test_a_name_that_a_list_cuts_at_a_space_is_found_again(desk: Desk) -> None:
    long = "a" * 149 + " " + "b" * 50
    await desk.school.hear(joined(long, at=1))
    await desk.presses("grace", actions.TRAINER_IN_ALREADY)
    await desk.fills_in("grace", {actions.NAME_IN_ROOM: long[:150]})
    assert [said.kind for said in await desk.school.corrections()] == [CorrectionKind.LINK]


async def test_a_trainers_name_that_is_not_in_the_room_is_a_question_like_any_other(desk: Desk) -> None:
    await desk.presses("grace", actions.TRAINER_IN_ALREADY)
    await desk.fills_in("grace", {actions.NAME_TYPED: "Room 5"})
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.note) == (CorrectionKind.IN_ALREADY, "grace", "Room 5")


@pytest.mark.parametrize("who", ["grace", "olga"])
async def test_somebody_else_teaches_and_may_do_what_a_trainer_does(desk: Desk, who: str) -> None:
    await desk.presses(who, actions.SOMEBODY_ELSE_TEACHES)
    answer = await desk.fills_in(who, {actions.SLACK_USER: "U0HEDY"})
    assert answer == "Hedy Lamarr teaches Python 101 today."
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person_ids) == (CorrectionKind.SUBSTITUTE, ("hedy",))
    assert await desk.presses("hedy", actions.TRAINER_ON_MY_WAY, detail="5") == ""


async def test_a_colleague_of_no_course_can_stand_in_too(desk: Desk) -> None:
    await desk.presses("grace", actions.SOMEBODY_ELSE_TEACHES)
    assert await desk.fills_in("grace", {actions.SLACK_USER: "U0EVE"}) == "Eve Clark teaches Python 101 today."
    (said,) = await desk.school.corrections()
    async with desk.school.store.read() as memory:
        eve = await memory.door.visitor("U0EVE", now=desk.clock.now())
    assert said.person_ids == (eve.person_id,)


async def test_a_bot_teaches_nothing(desk: Desk) -> None:
    desk.workspace.persons["U0EVE"].is_bot = True
    await desk.presses("grace", actions.SOMEBODY_ELSE_TEACHES)
    assert await desk.fills_in("grace", {actions.SLACK_USER: "U0EVE"}) == "This person is in no course here."
    assert await desk.school.corrections() == []


async def test_the_trainer_cannot_stand_in_for_themselves(desk: Desk) -> None:
    await desk.presses("grace", actions.SOMEBODY_ELSE_TEACHES)
    assert await desk.fills_in("grace", {actions.SLACK_USER: "U0GRACE"}) == "That is noted already."


async def test_a_student_names_nobody(desk: Desk) -> None:
    answer = await desk.presses("bob", actions.SOMEBODY_ELSE_TEACHES)
    assert "trainer or the coordinator" in answer
    assert desk.person("bob").open_views == []


@pytest.mark.parametrize("action", [actions.TRAINER_ON_MY_WAY, actions.SOMEBODY_ELSE_TEACHES])
async def test_after_the_lesson_it_is_too_late(desk: Desk, action: str) -> None:
    desk.moment(60)
    assert await desk.presses("grace", action, detail="5") == "Python 101 is over."
