"""Whole conversations, as whole JSON objects: what each person is told, in order, and nothing else."""

from typing import Any

import pytest

from bot.attendance.checks.refused import RefusalCode
from handlers.signaling.protocol import CONTROL, REPORT
from storage.checks import Checks
from storage.database import Store
from storage.errors import StorageError
from tests.handlers.signaling.house import Frame, House, Voice, a_house, control, moment, report

ENABLE = {
    "initial_checkpoint_delay": {"after": 600, "within": 0},
    "checkpoint_interval": {"after": 900, "within": 0},
}
REQUESTED, LOGGED = "presence_confirmation_requested", "presence_confirmation_logged"
STARTED, ENDED = "presence_logging_started", "presence_logging_ended"


def shown(house: House, who: str, at: float) -> Frame:
    """Somebody as others see them."""
    names = {"grace": "Grace Hopper", "ada": "Ada Lovelace", "bob": "Bob Stone", "iris": "Iris Inspector"}
    return {
        "id": house.people[who],
        "control": {
            "display_name": names[who],
            "hand_is_up": False,
            "hand_updated_at": moment(at),
            "joined_at": moment(at),
            "participation_kind": "user",
            "is_room_owner": who == "grace",
            "role": "moderator" if who == "grace" else "user",
        },
    }


async def enables(grace: Voice, **ranges: Any) -> list[Frame]:
    return await grace.says(REPORT, "enable_presence_logging", **(ranges or ENABLE))


async def confirms(voice: Voice) -> list[Frame]:
    return await voice.says(REPORT, "confirm_presence")


async def disables(grace: Voice) -> list[Frame]:
    return await grace.says(REPORT, "disable_presence_logging")


async def collecting(house: House) -> tuple[Voice, Voice]:
    """Grace and Ada after the first question was asked, at 10 minutes."""
    grace, ada = await house.joined("grace"), await house.joined("ada")
    await enables(grace)
    await house.at(10)
    await grace.hears()
    assert [frame["payload"]["message"] for frame in await ada.hears()][-1] == REQUESTED
    return grace, ada


async def test_who_joins_an_empty_room_is_told_where_they_are(house: House) -> None:
    grace = await house.connect("grace")
    success = await grace.joins()
    payload = success["payload"]
    assert success == control(0, "join_success", **{key: payload[key] for key in payload if key != "message"})
    assert {key: payload[key] for key in ("id", "display_name", "role", "is_room_owner", "closes_at")} == {
        "id": house.people["grace"],
        "display_name": "Grace Hopper",
        "role": "moderator",
        "is_room_owner": True,
        "closes_at": moment(60),
    }
    assert payload["participants"] == []
    assert payload["event_info"]["title"] == "Python 101"
    assert payload["room_info"]["id"] == house.lesson
    assert payload["training_participation_report"] == {"state": "disabled"}


async def test_others_see_who_comes_and_goes(house: House) -> None:
    grace = await house.joined("grace")
    await house.at(2)
    ada = await house.connect("ada")
    assert (await ada.joins())["payload"]["participants"] == [shown(house, "grace", 0)]
    assert await grace.hears() == [control(2, "joined", **shown(house, "ada", 2))]
    await ada.leaves()
    await house.at(3)
    assert await grace.hears() == [control(2, "left", id=house.people["ada"], reason="quit")]


async def test_two_sockets_of_one_person_are_one_participant(house: House) -> None:
    grace = await house.joined("grace")
    laptop, phone = await house.joined("ada"), await house.joined("ada")
    assert await grace.hears() == [control(0, "joined", **shown(house, "ada", 0))]
    assert (await laptop.hears(), await phone.hears()) == ([], [])
    await laptop.leaves()
    assert await grace.hears() == []
    await phone.leaves()
    assert [frame["payload"]["message"] for frame in await grace.hears()] == ["left"]


async def test_enabled_alone_it_waits_for_the_first_participant(house: House) -> None:
    grace = await house.joined("grace")
    assert await enables(grace) == [report(0, "presence_logging_enabled")]
    await house.at(2)
    ada = await house.connect("ada")
    assert (await ada.joins())["payload"]["training_participation_report"] == {"state": "enabled"}
    assert await grace.hears() == [
        control(2, "joined", **shown(house, "ada", 2)),
        report(2, STARTED, first_checkpoint=moment(12), reason="first_participant_joined"),
    ]
    assert await ada.hears() == [report(2, STARTED)]


async def test_enabled_with_others_it_starts_at_once(house: House) -> None:
    grace, ada = await house.joined("grace"), await house.joined("ada")
    await grace.hears()
    assert await enables(grace) == [
        report(0, "presence_logging_enabled"),
        report(0, STARTED, first_checkpoint=moment(10), reason="started_manually"),
    ]
    assert await ada.hears() == [report(0, STARTED)]


async def test_where_a_course_says_so_it_starts_by_itself_once_trainer_and_student_are_there(
    sqlite_store: Store,
) -> None:
    async with a_house(sqlite_store, policy="{presence_checks: opentalk, autostart: true}") as house:
        ada = await house.joined("ada")
        await house.at(1)
        assert await ada.hears() == []
        grace = await house.joined("grace")
        (started,) = await grace.hears()
        first = started["payload"]["first_checkpoint"]
        assert started == report(1, STARTED, first_checkpoint=first, reason="autostart")
        assert moment(11) <= first < moment(31)
        assert (await ada.hears())[1:] == [report(1, STARTED)]


async def test_a_trainer_who_comes_and_goes_while_nothing_runs_changes_nothing(house: House) -> None:
    ada = await house.joined("ada")
    for minutes in (1, 2):
        grace = await house.joined("grace")
        await house.at(minutes)
        await grace.leaves()
        await house.at(minutes + 0.5)
    assert {frame["payload"]["message"] for frame in await ada.hears()} == {"joined", "left"}
    again = await house.connect("ada")
    assert (await again.joins())["payload"]["training_participation_report"] == {"state": "disabled"}


async def test_students_are_asked_and_the_trainer_is_not(house: House) -> None:
    grace, ada = await house.joined("grace"), await house.joined("ada")
    await enables(grace)
    await ada.hears()
    await house.at(9.9)
    assert await ada.hears() == []
    await house.at(10)
    assert (await ada.hears(), await grace.hears()) == ([report(10, REQUESTED)], [])


async def test_a_confirmation_is_answered_to_who_gave_it(house: House) -> None:
    grace, ada = await collecting(house)
    await house.at(11)
    assert await confirms(ada) == [report(11, LOGGED)]
    assert await grace.hears() == []


async def test_a_second_confirmation_is_answered_like_the_first(house: House) -> None:
    _, ada = await collecting(house)
    await confirms(ada)
    await house.at(12)
    assert await confirms(ada) == [report(12, LOGGED)]


async def test_both_sockets_of_one_person_are_asked_and_hear_of_the_answer(house: House) -> None:
    _, laptop = await collecting(house)
    phone = await house.connect("ada")
    assert (await phone.joins())["payload"]["training_participation_report"] == {"state": "waiting_for_confirmation"}
    assert await confirms(phone) == [report(10, LOGGED)]
    assert await laptop.hears() == [report(10, LOGGED)]


async def test_it_asks_again_after_the_interval(house: House) -> None:
    _, ada = await collecting(house)
    await confirms(ada)
    await house.at(24.9)
    assert await ada.hears() == []
    await house.at(25)
    assert await ada.hears() == [report(25, REQUESTED)]


async def test_who_joins_while_a_question_is_open_may_confirm_at_once(house: House) -> None:
    grace, _ = await collecting(house)
    await house.at(12)
    bob = await house.connect("bob")
    assert (await bob.joins())["payload"]["training_participation_report"] == {"state": "waiting_for_confirmation"}
    assert (await confirms(bob))[-1] == report(12, LOGGED)
    assert await grace.hears() == [control(12, "joined", **shown(house, "bob", 12))]


async def test_who_has_confirmed_and_comes_back_has_nothing_to_confirm(house: House) -> None:
    _, ada = await collecting(house)
    await confirms(ada)
    again = await house.connect("ada")
    assert (await again.joins())["payload"]["training_participation_report"] == {"state": "enabled"}


async def test_disabled_while_collecting_it_ends_with_a_report(house: House) -> None:
    grace, ada = await collecting(house)
    await house.at(13)
    assert await disables(grace) == [
        report(13, "presence_logging_disabled"),
        report(13, ENDED, reason="stopped_manually"),
        report(13, "pdf_asset", filename="python-101.pdf", asset_id="asset-1"),
    ]
    assert await ada.hears() == [report(13, ENDED, reason="stopped_manually")]


@pytest.mark.parametrize("participants", [(), ("ada",)], ids=["waiting for somebody", "waiting for the delay"])
async def test_disabled_while_preparing_it_ends_without_a_report(house: House, participants: tuple[str, ...]) -> None:
    grace = await house.joined("grace")
    others = [await house.joined(who) for who in participants]
    await enables(grace)
    for other in others:
        await other.hears()
    await grace.hears()
    assert await disables(grace) == [
        report(0, "presence_logging_disabled"),
        report(0, ENDED, reason="stopped_manually"),
    ]
    for other in others:
        assert await other.hears() == [report(0, ENDED, reason="stopped_manually")]
    assert (await disables(grace)) == [report(0, "error", error="presence_logging_not_enabled")]


async def test_when_the_trainer_leaves_while_collecting_it_ends(house: House) -> None:
    grace, ada = await collecting(house)
    await grace.leaves()
    await house.at(14)
    left = control(10, "left", id=house.people["grace"], reason="quit")
    assert await ada.hears() == [left, report(14, ENDED, reason="creator_left")]
    back = await house.connect("grace")
    assert (await back.joins())["payload"]["training_participation_report"] == {"state": "disabled"}


async def test_when_the_trainer_leaves_while_preparing_it_ends(house: House) -> None:
    grace, ada = await house.joined("grace"), await house.joined("ada")
    await enables(grace)
    await house.at(1)
    await ada.hears()
    await grace.leaves()
    await house.at(2)
    assert (await ada.hears())[1:] == [report(2, ENDED, reason="creator_left")]


async def test_when_the_last_participant_leaves_during_the_delay_it_waits_again(house: House) -> None:
    grace, ada = await house.joined("grace"), await house.joined("ada")
    await enables(grace)
    await house.at(1)
    await ada.leaves()
    await house.at(2)
    assert await grace.hears() == [
        control(1, "left", id=house.people["ada"], reason="quit"),
        report(2, ENDED, reason="last_participant_left"),
    ]
    await house.at(3)
    await house.joined("ada")
    assert (await grace.hears())[1:] == [
        report(3, STARTED, first_checkpoint=moment(13), reason="first_participant_joined")
    ]


async def test_when_the_last_participant_leaves_while_collecting_there_is_a_report_and_it_waits_again(
    house: House,
) -> None:
    grace, ada = await collecting(house)
    await ada.leaves()
    await house.at(15)
    assert await grace.hears() == [
        control(10, "left", id=house.people["ada"], reason="quit"),
        report(15, ENDED, reason="last_participant_left"),
        report(15, "pdf_asset", filename="python-101.pdf", asset_id="asset-1"),
    ]
    await house.at(16)
    await house.joined("ada")
    assert (await grace.hears())[1:] == [
        report(16, STARTED, first_checkpoint=moment(26), reason="first_participant_joined")
    ]


@pytest.mark.parametrize("code", [RefusalCode.STORAGE_EXCEEDED, RefusalCode.GENERATE, RefusalCode.STORAGE])
async def test_a_report_that_there_is_not_is_told_to_the_trainer(house: House, code: RefusalCode) -> None:
    grace, ada = await collecting(house)
    house.trouble = code
    assert (await disables(grace))[-1] == report(10, "error", error=code.value)
    assert await ada.hears() == [report(10, ENDED, reason="stopped_manually")]


async def test_only_a_trainer_may_enable_or_disable(house: House) -> None:
    await house.joined("grace")
    ada, iris = await house.joined("ada"), await house.joined("iris")
    await ada.hears()
    refused = [report(0, "error", error="insufficient_permissions")]
    assert (await enables(ada), await disables(ada)) == (refused, refused)
    assert (await enables(iris), await disables(iris)) == (refused, refused)


async def test_what_is_enabled_is_not_enabled_again(house: House) -> None:
    grace = await house.joined("grace")
    await enables(grace)
    assert await enables(grace) == [report(0, "error", error="presence_logging_already_enabled")]
    await house.joined("ada")
    await house.at(10)
    await grace.hears()
    assert await enables(grace) == [report(10, "error", error="presence_logging_already_enabled")]


async def test_confirming_while_nothing_runs_is_refused(house: House) -> None:
    grace, ada = await house.joined("grace"), await house.joined("ada")
    refused = [report(0, "error", error="presence_logging_not_enabled")]
    assert await confirms(ada) == refused
    assert await disables(grace) == [control(0, "joined", **shown(house, "ada", 0)), *refused]


async def test_confirming_before_the_first_question_is_refused(house: House) -> None:
    grace, ada = await house.joined("grace"), await house.joined("ada")
    await enables(grace)
    await ada.hears()
    assert await confirms(ada) == [report(0, "error", error="presence_logging_not_enabled")]


@pytest.mark.parametrize("who", ["grace", "iris"])
async def test_who_is_no_student_has_nothing_to_confirm(house: House, who: str) -> None:
    grace, _ = await collecting(house)
    voice = grace if who == "grace" else await house.joined(who)
    await grace.hears()
    refused = report(10, "error", error="presence_logging_not_allowed_for_participant")
    assert await confirms(voice) == [refused]


@pytest.mark.parametrize(
    "given",
    [
        {"after": 0, "within": 0},
        {"after": 36001, "within": 0},
        {"after": 1, "within": -1},
        {"after": 1, "within": 36001},
        {"after": 10**30, "within": 0},
        {"after": "600", "within": 0},
    ],
)
@pytest.mark.parametrize("name", ["initial_checkpoint_delay", "checkpoint_interval"])
async def test_a_range_out_of_bounds_is_refused_and_nothing_begins(house: House, name: str, given: Any) -> None:
    grace = await house.joined("grace")
    assert await enables(grace, **{name: given}) == [report(0, "error", error="invalid_parameters")]
    assert await disables(grace) == [report(0, "error", error="presence_logging_not_enabled")]


@pytest.mark.parametrize("given", [{"after": 1, "within": 0}, {"after": 36000, "within": 36000}])
async def test_the_bounds_themselves_are_good(house: House, given: Frame) -> None:
    grace = await house.joined("grace")
    frames = await enables(grace, initial_checkpoint_delay=given, checkpoint_interval=given)
    assert frames == [report(0, "presence_logging_enabled")]


async def test_without_ranges_the_first_question_comes_after_ten_to_thirty_minutes(house: House) -> None:
    grace, _ = await house.joined("grace"), await house.joined("ada")
    await grace.hears()
    _, started = await grace.says(REPORT, "enable_presence_logging")
    first = started["payload"]["first_checkpoint"]
    assert moment(10) <= first < moment(30)


async def test_nonsense_is_answered_and_the_socket_stays(house: House) -> None:
    grace = await house.joined("grace")
    for text in ("", "hello", "[]", '{"namespace": "chat"}', "7"):
        await grace.ws.send_str(text)
    await grace.ws.send_bytes(b"\x00\xff")
    await grace.send(CONTROL, "dance")
    await grace.send(REPORT, "dance")
    await grace.send(CONTROL, "join")
    errors = [(frame["namespace"], frame["payload"]) for frame in [await grace.next() for _ in range(9)]]
    assert errors == [
        *[(CONTROL, {"message": "error", "error": "invalid_json"})] * 3,
        (CONTROL, {"message": "error", "error": "invalid_namespace"}),
        *[(CONTROL, {"message": "error", "error": "invalid_json"})] * 2,
        (CONTROL, {"message": "error", "error": "invalid_action"}),
        (REPORT, {"message": "error", "error": "invalid_action"}),
        (CONTROL, {"message": "error", "error": "already_joined"}),
    ]
    assert await enables(grace) == [report(0, "presence_logging_enabled")]


async def test_who_has_not_joined_may_speak_and_is_told_nothing_that_others_do(house: House) -> None:
    silent = await house.connect("ada")
    grace, _ = await collecting(house)
    assert await silent.hears() == []
    assert await confirms(silent) == [report(10, LOGGED)]
    assert await confirms(silent) == [report(10, LOGGED)]
    assert await disables(silent) == [report(10, "error", error="insufficient_permissions")]
    of_grace = await house.connect("grace")
    assert await disables(of_grace) == [report(10, "presence_logging_disabled")]
    assert (await grace.hears())[0] == report(10, "presence_logging_disabled")
    assert await enables(of_grace) == [report(10, "presence_logging_enabled")]


async def test_who_cannot_be_told_how_things_stand_is_sent_away_to_come_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise StorageError(OSError("the database is away"))

    ada = await house.connect("ada")
    with monkeypatch.context() as patch:
        patch.setattr(Checks, "last_event_id", away)
        await ada.send(CONTROL, "join")
        assert await ada.is_dismissed() == 1008
    await house.joined("ada")
