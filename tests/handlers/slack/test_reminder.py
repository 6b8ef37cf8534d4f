"""What a missing student says by one tap."""

import pytest

from bot.attendance.lessons import CorrectionKind, LessonState
from bot.messages import actions
from tests.builders import ADA, BOB, at, during, joined, waiting
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import LESSON


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan()
    desk.moment(3)


async def test_on_my_way_promises_a_time_and_wakes_the_tick(desk: Desk) -> None:
    assert await desk.presses("bob", actions.ON_MY_WAY, number=10, detail="10") == ""
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.actor, said.during) == (CorrectionKind.ON_MY_WAY, "bob", "bob", during(3, 13))
    assert desk.woken == 1


async def test_a_second_press_changes_nothing_and_says_so(desk: Desk) -> None:
    await desk.presses("bob", actions.ON_MY_WAY, number=10, detail="10")
    desk.moment(3.2)
    assert await desk.presses("bob", actions.ON_MY_WAY, number=10, detail="10") == "That is noted already."
    assert len(await desk.school.corrections()) == 1
    assert desk.woken == 1


async def test_a_student_may_change_their_mind_and_change_it_back(desk: Desk) -> None:
    for minutes in ("5", "15", "5"):
        await desk.presses("bob", actions.ON_MY_WAY, number=int(minutes), detail=minutes)
    ends = [said.during.end for said in await desk.school.corrections() if said.during is not None]
    assert ends == [at(8), at(18), at(8)]


async def test_a_technical_problem_is_noted(desk: Desk) -> None:
    await desk.presses("bob", actions.TECHNICAL_PROBLEM)
    assert [said.kind for said in await desk.school.corrections()] == [CorrectionKind.TECHNICAL_PROBLEM]


async def test_who_cannot_come_may_say_why(desk: Desk) -> None:
    await desk.presses("bob", actions.CANNOT_COME)
    assert await desk.school.corrections() == []
    await desk.fills_in("bob", {actions.REASON: "my train\nis late"})
    (said,) = await desk.school.corrections()
    assert (said.kind, said.note) == (CorrectionKind.CANNOT_COME, "my train is late")


async def test_who_cannot_come_may_keep_the_reason_to_themselves(desk: Desk) -> None:
    await desk.presses("bob", actions.CANNOT_COME)
    await desk.fills_in("bob", {})
    assert [said.note for said in await desk.school.corrections()] == [""]


async def test_in_already_offers_the_names_that_nobody_knows(desk: Desk) -> None:
    await desk.school.hear(joined("iPad (2)", at=1), joined("Zoë", at=2, device="phone"), joined(ADA, at=0))
    await desk.presses("bob", actions.IN_ALREADY)
    (block, *_) = [each for each in desk.modal("bob").blocks if each["block_id"] == actions.NAME_IN_ROOM]
    assert [option["value"] for option in block["element"]["options"]] == ["iPad (2)", "Zoë"]
    answer = await desk.fills_in("bob", {actions.NAME_IN_ROOM: "iPad (2)"})
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.note) == (CorrectionKind.IN_ALREADY, "bob", "iPad (2)")
    assert "trainer is asked" in answer


async def test_a_name_may_be_typed_where_nobody_is_seen(desk: Desk) -> None:
    await desk.presses("bob", actions.IN_ALREADY)
    await desk.fills_in("bob", {actions.NAME_TYPED: "Bobby"})
    assert [said.note for said in await desk.school.corrections()] == ["Bobby"]


async def test_that_was_me_is_possible_after_the_lesson(desk: Desk) -> None:
    await desk.school.hear(joined("iPad (2)", at=1))
    desk.moment(70)
    await desk.presses("bob", actions.THAT_WAS_ME)
    await desk.fills_in("bob", {actions.NAME_IN_ROOM: "iPad (2)"})
    assert [said.kind for said in await desk.school.corrections()] == [CorrectionKind.IN_ALREADY]


async def test_join_is_noted_once_and_is_no_presence(desk: Desk) -> None:
    assert await desk.presses("bob", actions.JOIN) == ""
    desk.moment(4)
    assert await desk.presses("bob", actions.JOIN) == ""
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person, said.at) == (CorrectionKind.JOIN_PRESSED, "bob", at(3))


async def test_somebody_elses_join_is_nobodys_business(desk: Desk) -> None:
    assert await desk.presses("hedy", actions.JOIN) == ""
    assert await desk.presses("bob", actions.JOIN, lesson="gone") == ""
    assert await desk.school.corrections() == []


@pytest.mark.parametrize("action", [actions.ON_MY_WAY, actions.TECHNICAL_PROBLEM, actions.CANNOT_COME])
async def test_a_late_press_gets_a_polite_sentence(desk: Desk, action: str) -> None:
    desk.moment(60)
    assert await desk.presses("bob", action, detail="5") == "Python 101 is over."
    assert await desk.school.corrections() == []


@pytest.mark.parametrize(
    "action", [actions.ON_MY_WAY, actions.TECHNICAL_PROBLEM, actions.CANNOT_COME, actions.IN_ALREADY]
)
async def test_a_foreign_press_gets_a_polite_sentence(desk: Desk, action: str) -> None:
    for somebody in ("hedy", "olga"):
        assert await desk.presses(somebody, action, detail="5") == "You are not a student of this course."
    assert await desk.school.corrections() == []


@pytest.mark.parametrize("came", [joined, waiting])
async def test_who_is_there_is_told_that_they_are_seen(desk: Desk, came: object) -> None:
    await desk.school.hear(came(BOB, at=1))  # type: ignore[operator]  # one of two builders
    assert await desk.presses("bob", actions.ON_MY_WAY, detail="5") == "You are in: we see you."


async def test_a_lesson_that_is_cancelled_needs_no_answer(desk: Desk) -> None:
    await desk.school.plan("cancelled", start=10, state=LessonState.CANCELLED)
    assert await desk.presses("bob", actions.CANNOT_COME, lesson="cancelled") == "Python 101 is cancelled."


@pytest.mark.parametrize("detail", ["", "-5", "0", "1000", "５", "ten", "99999999999999999999"])
async def test_a_button_that_we_never_made_changes_nothing(desk: Desk, detail: str) -> None:
    answer = await desk.presses("bob", actions.ON_MY_WAY, detail=detail)
    assert "not one of ours" in answer
    assert await desk.school.corrections() == []


async def test_a_button_of_a_lesson_that_is_gone_says_so(desk: Desk) -> None:
    assert (
        await desk.presses("bob", actions.ON_MY_WAY, lesson="gone", detail="5") == "This lesson is not there any more."
    )


async def test_a_button_of_somebody_elses_message_acts_for_who_presses_it(desk: Desk) -> None:
    await desk.presses("ada", actions.TECHNICAL_PROBLEM, person="bob")
    assert [(said.person, said.actor) for said in await desk.school.corrections(LESSON)] == [("ada", "ada")]
