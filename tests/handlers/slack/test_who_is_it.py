"""Who is this in the room? A trainer's tap settles it, for this lesson and the next ones."""

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.events import Handle
from bot.attendance.lessons import CorrectionKind, LinkKind
from bot.attendance.sheet import Presence
from bot.messages import actions
from storage.people import People
from tests.builders import BOB, at, correction, joined
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import LESSON

IPAD = Handle(name="iPad (2)", user_id="zoom-77")


@pytest.fixture(autouse=True)
async def _lesson(desk: Desk) -> None:
    await desk.school.plan()
    desk.moment(5)


async def links(desk: Desk, lesson: str = LESSON) -> list[tuple[LinkKind, str, tuple[str, ...]]]:
    facts = await desk.school.facts(lesson)
    return sorted((link.kind, link.value, link.person_ids) for link in facts.links)


async def presence_of(desk: Desk, person: str, lesson: str = LESSON) -> Presence:
    line = sheet_of(await desk.school.facts(lesson), now=at(10)).person(person)
    assert line is not None
    return line.presence


async def test_a_name_that_is_bob_counts_for_bob(desk: Desk) -> None:
    await desk.school.hear(joined(IPAD, at=1), joined(IPAD, at=2, device="phone"))
    assert await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail="iPad (2)") == ""
    said = await desk.school.corrections()
    assert {each.kind for each in said} == {CorrectionKind.LINK}
    assert len(said) == 2
    assert await presence_of(desk, "bob") is Presence.PRESENT
    assert desk.woken == 1


async def test_what_was_confirmed_is_remembered_by_the_account_and_never_by_a_devices_name(desk: Desk) -> None:
    await desk.school.hear(joined(IPAD, at=1))
    await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail="iPad (2)")
    assert await links(desk) == [(LinkKind.USER_ID, "zoom-77", ("bob",))]


async def test_a_tap_is_noted_and_remembered_or_neither_so_that_it_can_be_made_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.school.hear(joined(IPAD, at=1))

    async def dies(*_: object, **__: object) -> bool:
        raise ConnectionResetError

    with monkeypatch.context() as dying:
        dying.setattr(People, "confirm_identity", dies)
        assert "again" in await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail="iPad (2)")
    assert await desk.school.corrections() == []
    await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail="iPad (2)")
    assert len(await desk.school.corrections()) == 1
    assert await links(desk) == [(LinkKind.USER_ID, "zoom-77", ("bob",))]


async def test_a_persons_own_name_is_remembered_weakly(desk: Desk) -> None:
    await desk.school.hear(joined("Bobby", at=1))
    await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail="Bobby")
    assert await links(desk) == [(LinkKind.ALIAS, "bobby", ("bob",))]


async def test_somebody_else_is_picked_from_the_roster(desk: Desk) -> None:
    await desk.school.hear(joined("Bobby", at=1))
    await desk.presses("grace", actions.SOMEBODY_ELSE, number=0, detail="Bobby")
    answer = await desk.fills_in("grace", {actions.PERSON: "bob"})
    assert answer == "“Bobby” is Bob Kahn."
    assert await presence_of(desk, "bob") is Presence.PRESENT


@pytest.mark.parametrize("name", ["Bob |", "|", "Bob | Kahn | "])
async def test_a_name_with_the_separator_of_our_buttons_is_found_again(desk: Desk, name: str) -> None:
    await desk.school.hear(joined(name.strip(), at=1))
    await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail=name.strip())
    assert await presence_of(desk, "bob") is Presence.PRESENT


async def test_two_devices_without_a_name_are_two_questions(desk: Desk) -> None:
    await desk.school.hear(joined("", at=1, device="phone"), joined("", at=2, device="tablet"))
    phone, tablet = (each.subject for each in sheet_of(await desk.school.facts(), now=at(5)).questions)
    await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail=phone)
    assert [each.connection for each in await desk.school.corrections()] == [("session-1", "'s phone")]
    await desk.presses("grace", actions.SOMEBODY_ELSE, number=0, detail=tablet)
    assert await desk.fills_in("grace", {actions.PERSON: "ada"}) == "Who has no name there is Ada Lovelace."
    answer = await desk.presses("grace", actions.NOT_A_PERSON, number=0, detail=tablet)
    assert answer == "That is settled already."
    assert await presence_of(desk, "ada") is Presence.PRESENT


async def test_a_trainer_without_a_name_in_the_room_is_one_device(desk: Desk) -> None:
    await desk.school.hear(joined("", at=1, device="phone"), joined("", at=2, device="tablet"))
    await desk.presses("grace", actions.IS_THIS_YOU, number=0, detail=" session-1 's tablet")
    assert [each.connection for each in await desk.school.corrections()] == [("session-1", "'s tablet")]


async def test_a_guest_counts_for_nobody_and_is_not_asked_about_again(desk: Desk) -> None:
    await desk.school.hear(joined("Note Taker", at=1))
    await desk.presses("grace", actions.NOT_A_PERSON, number=0, detail="Note Taker")
    (said,) = await desk.school.corrections()
    assert (said.kind, said.person_ids) == (CorrectionKind.LINK, ())
    assert await links(desk) == [(LinkKind.ALIAS, "note taker", ())]


async def test_a_second_tap_changes_nothing(desk: Desk) -> None:
    await desk.school.hear(joined("Bobby", at=1))
    await desk.presses("grace", actions.IS_PERSON, number=0, person="bob", detail="Bobby")
    assert "is settled already" in await desk.presses(
        "grace", actions.IS_PERSON, number=0, person="ada", detail="Bobby"
    )
    assert "is settled already" in await desk.presses("grace", actions.NOT_A_PERSON, number=0, detail="Bobby")
    assert [each.person_ids for each in await desk.school.corrections()] == [("bob",)]


async def test_a_weak_recognition_is_confirmed_with_one_tap(desk: Desk) -> None:
    await desk.school.hear(joined("Bob Kahn", at=1))
    await desk.presses("grace", actions.DECIDE_IDENTITY, number=0, person="bob", detail="bob")
    assert [each.person_ids for each in await desk.school.corrections()] == [("bob",)]
    assert (
        await desk.presses("grace", actions.DECIDE_IDENTITY, number=0, person="bob", detail="bob")
        == "That is noted already."
    )


async def test_a_weak_recognition_may_be_somebody_elses(desk: Desk) -> None:
    await desk.school.hear(joined("Bob Kahn", at=1))
    await desk.presses("grace", actions.DECIDE_IDENTITY, number=0, person="ada", detail="bob")
    assert await presence_of(desk, "ada") is Presence.PRESENT
    assert await presence_of(desk, "bob") is Presence.NOT_JOINED


async def test_a_weak_recognition_may_be_refused(desk: Desk) -> None:
    await desk.school.hear(joined("Bob Kahn", at=1))
    await desk.presses("grace", actions.NOT_THIS_PERSON, number=0, person="bob")
    assert [each.kind for each in await desk.school.corrections()] == [CorrectionKind.UNLINK]
    assert await presence_of(desk, "bob") is Presence.NOT_JOINED


async def bob_claims_to_be_the_ipad(desk: Desk) -> None:
    claim = correction(CorrectionKind.IN_ALREADY, BOB, at=4, actor=BOB, note="iPad (2)")
    async with desk.school.store.write() as memory:
        await memory.corrections.add(LESSON, claim, now=at(4))


async def test_a_claim_to_be_in_may_be_refused(desk: Desk) -> None:
    await bob_claims_to_be_the_ipad(desk)
    await desk.presses("grace", actions.NOT_THIS_PERSON, number=0, person="bob", detail="iPad (2)")
    _, said = await desk.school.corrections()
    assert (said.kind, said.person, said.note) == (CorrectionKind.DECLINED, "bob", "iPad (2)")
    assert said.answers is CorrectionKind.IN_ALREADY


@pytest.mark.parametrize("detail", ["iPad (2)", "Room 4"])
async def test_a_claim_that_nobody_makes_any_more_is_not_refused(desk: Desk, detail: str) -> None:
    await bob_claims_to_be_the_ipad(desk)
    if detail == "iPad (2)":
        await desk.presses("grace", actions.NOT_THIS_PERSON, number=0, person="bob", detail=detail)
    answer = await desk.presses("grace", actions.NOT_THIS_PERSON, number=0, person="bob", detail=detail)
    assert answer == "That is noted already."


@pytest.mark.parametrize("detail", ["iPad (2)", ""])
async def test_nobody_is_refused_whom_the_lesson_does_not_know(desk: Desk, detail: str) -> None:
    answer = await desk.presses("grace", actions.NOT_THIS_PERSON, number=0, person="nobody", detail=detail)
    assert answer == "This person is in no course here."
    assert await desk.school.corrections() == []


async def test_who_is_not_on_the_roster_cannot_be_who_it_is(desk: Desk) -> None:
    await desk.school.hear(joined("Bobby", at=1))
    answer = await desk.presses("grace", actions.IS_PERSON, number=0, person="nobody", detail="Bobby")
    assert answer == "This person is in no course here."
    assert await desk.school.corrections() == []


@pytest.mark.parametrize(
    "action",
    [
        actions.IS_PERSON,
        actions.SOMEBODY_ELSE,
        actions.NOT_A_PERSON,
        actions.NOT_THIS_PERSON,
        actions.DECIDE_IDENTITY,
        actions.IS_THIS_YOU,
    ],
)
async def test_only_a_trainer_says_who_it_is(desk: Desk, action: str) -> None:
    await desk.school.hear(joined("Bobby", at=1), joined(BOB, at=1))
    for somebody in ("bob", "olga", "hedy"):
        answer = await desk.presses(somebody, action, person="bob", detail="Bobby")
        assert answer == "Only a trainer of this course can do that."
    assert await desk.school.corrections() == []
