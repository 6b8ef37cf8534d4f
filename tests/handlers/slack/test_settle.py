"""What only a trainer can settle, on the summary and under open questions."""

import pytest

from bot.attendance.lessons import Correction, CorrectionKind, LessonState
from bot.messages import actions
from tests.builders import BOB, at, correction, during, the_trainer, waiting, waiting_left
from tests.handlers.slack.conftest import Desk


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan(state=LessonState.PROVISIONAL)
    desk.moment(65)


async def bob_says(desk: Desk, kind: CorrectionKind) -> None:
    async with desk.school.store.write() as memory:
        await memory.corrections.add("lesson-1", correction(kind, BOB, at=64, actor=BOB), now=at(64))


async def only_one(desk: Desk) -> Correction:
    (said,) = await desk.school.corrections()
    return said


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (actions.ACCEPT, CorrectionKind.ACCEPT_VERDICT),
        (actions.EXCUSE, CorrectionKind.EXCUSED),
        (actions.APPROVE_DISPUTE, CorrectionKind.PRESENT),
        (actions.TAKE_RECORD, CorrectionKind.TAKE_RECORD),
    ],
)
async def test_one_tap_settles_and_a_second_one_changes_nothing(desk: Desk, action: str, kind: CorrectionKind) -> None:
    assert await desk.presses("grace", action, number=3, person="bob") == ""
    assert await desk.presses("grace", action, number=3, person="bob") == "That is noted already."
    said = await only_one(desk)
    assert (said.kind, said.person, said.actor, said.during, said.at) == (kind, "bob", "grace", None, at(65))
    assert desk.woken == 1


async def test_waiting_is_credited_where_there_was_some(desk: Desk) -> None:
    assert (
        await desk.presses("grace", actions.CREDIT_WAITING, number=1, person="bob") == "There is no waiting to credit."
    )
    await desk.school.hear(the_trainer(), waiting(BOB, at=5), waiting_left(BOB, at=30))
    assert await desk.presses("grace", actions.CREDIT_WAITING, number=1, person="bob") == ""
    assert (await only_one(desk)).kind is CorrectionKind.CREDIT_WAITING


async def test_declining_asks_for_a_reason(desk: Desk) -> None:
    await bob_says(desk, CorrectionKind.DISPUTED)
    await desk.presses("grace", actions.DECLINE, number=1, person="bob", detail="dispute")
    assert "Bob Kahn" in str(desk.modal("grace").blocks)
    await desk.fills_in("grace", {actions.REASON: "you were asleep"})
    _, said = await desk.school.corrections()
    assert (said.kind, said.person, said.note, said.answers) == (
        CorrectionKind.DECLINED,
        "bob",
        "you were asleep",
        CorrectionKind.DISPUTED,
    )


async def test_who_disputes_and_asked_to_be_excused_gets_two_answers(desk: Desk) -> None:
    await bob_says(desk, CorrectionKind.DISPUTED)
    await bob_says(desk, CorrectionKind.CANNOT_COME)
    for asked in ("dispute", "excuse"):
        await desk.presses("grace", actions.DECLINE, number=1, person="bob", detail=asked)
        await desk.fills_in("grace", {actions.REASON: "no"})
        answer = await desk.presses("grace", actions.DECLINE, number=1, person="bob", detail=asked)
        assert answer == "That is noted already."
    refused = [each.answers for each in await desk.school.corrections() if each.kind is CorrectionKind.DECLINED]
    assert refused == [CorrectionKind.DISPUTED, CorrectionKind.CANNOT_COME]


async def test_a_refusal_of_nothing_that_we_know_is_none_of_our_buttons(desk: Desk) -> None:
    answer = await desk.presses("grace", actions.DECLINE, number=1, person="bob", detail="all")
    assert answer == "This button is not one of ours."


async def test_late_changes_are_applied_for_the_lesson(desk: Desk) -> None:
    await desk.presses("grace", actions.APPLY_CHANGES, number=1)
    said = await only_one(desk)
    assert (said.kind, said.person) == (CorrectionKind.APPLY_CHANGES, None)


@pytest.mark.parametrize(
    "action",
    [
        actions.ACCEPT,
        actions.EXCUSE,
        actions.CREDIT_WAITING,
        actions.APPROVE_DISPUTE,
        actions.DECLINE,
        actions.APPLY_CHANGES,
        actions.TAKE_RECORD,
        actions.LOCK,
    ],
)
async def test_only_a_trainer_settles(desk: Desk, action: str) -> None:
    for somebody in ("bob", "olga", "rita"):
        assert await desk.presses(somebody, action, person="bob") == "Only a trainer of this course can do that."
    assert await desk.school.corrections() == []


async def test_a_trainer_locks_a_lesson_that_is_over(desk: Desk) -> None:
    assert await desk.presses("grace", actions.LOCK) == ""
    assert await desk.presses("grace", actions.LOCK) == "That is noted already."
    assert (await only_one(desk)).kind is CorrectionKind.LOCK


async def test_a_lesson_that_runs_is_not_locked(desk: Desk) -> None:
    await desk.school.plan("running", start=60)
    assert "is still running" in await desk.presses("grace", actions.LOCK, lesson="running")


async def test_nobody_is_settled_who_was_not_there(desk: Desk) -> None:
    assert await desk.presses("grace", actions.EXCUSE, person="hedy") == "This person is in no course here."


# Did it take place? Was this a lesson?


@pytest.mark.parametrize(
    ("action", "kind", "is_whole"),
    [
        (actions.TOOK_PLACE_WHOLE, CorrectionKind.TOOK_PLACE, True),
        (actions.TOOK_PLACE_AS_MEASURED, CorrectionKind.TOOK_PLACE, False),
        (actions.TOOK_NO_PLACE, CorrectionKind.NOT_HELD, False),
        (actions.WAS_A_LESSON, CorrectionKind.WAS_A_LESSON, False),
        (actions.NO_LESSON, CorrectionKind.NO_LESSON, False),
    ],
)
async def test_a_trainer_says_whether_it_took_place(
    desk: Desk, action: str, kind: CorrectionKind, is_whole: bool
) -> None:
    assert await desk.presses("grace", action) == ""
    assert await desk.presses("grace", action) == "That is noted already."
    said = await only_one(desk)
    assert (said.kind, said.person, said.during) == (kind, None, during(0, 60) if is_whole else None)
    assert await desk.presses("bob", action) == "Only a trainer of this course can do that."


async def test_the_last_answer_counts(desk: Desk) -> None:
    await desk.presses("grace", actions.TOOK_NO_PLACE)
    await desk.presses("grace", actions.TOOK_PLACE_WHOLE)
    await desk.presses("grace", actions.TOOK_NO_PLACE)
    assert len(await desk.school.corrections()) == 3


async def test_from_to_takes_two_moments_in_order(desk: Desk) -> None:
    await desk.presses("grace", actions.TOOK_PLACE_FROM_TO)
    start, end = int(at(10).timestamp()), int(at(50).timestamp())
    view = desk.modal("grace")
    wrong = await desk.person("grace").submit(view, {actions.FROM: end, actions.TO: start})
    assert wrong.errors == {actions.TO: "The end has to be after the start."}
    await desk.fills_in("grace", {actions.FROM: start, actions.TO: end})
    assert (await only_one(desk)).during == during(10, 50)
