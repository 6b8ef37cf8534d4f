"""Every event is told once, in order, also those that are committed late, and whatever went wrong in between."""

from collections.abc import Collection
from typing import Any

import pytest

from bot.attendance.checks.notes import PARTICIPANTS, EventWord
from bot.attendance.checks.settings import Template, settings_of
from handlers.signaling import hub
from handlers.signaling.hub import Hub, _Heard, _told_since
from storage.checks import CheckEvent, Checks
from storage.errors import StorageError
from tests.handlers.signaling.house import FIVE, House, control, report
from tests.handlers.signaling.test_transcripts import enables, shown


def events(*numbers: int) -> list[CheckEvent]:
    return [
        CheckEvent(
            id=each,
            lesson_id="lesson",
            kind=EventWord.STARTED,
            to=PARTICIPANTS,
            facts={},
            checkpoint_id=None,
            at=FIVE,
        )
        for each in numbers
    ]


def numbers(told: Collection[CheckEvent]) -> list[int]:
    return [each.id for each in told]


def test_what_was_heard_is_not_heard_again() -> None:
    heard = _Heard(2)
    assert numbers(heard.new_among(events(3, 4))) == [3, 4]
    assert numbers(heard.new_among(events(3, 4, 5))) == [5]
    assert heard.newest == 5


def test_what_is_committed_late_is_heard_late() -> None:
    heard = _Heard(2)
    heard.new_among(events(4))
    assert numbers(heard.new_among(events(3, 4))) == [3]


def test_after_a_while_nothing_straggles_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "STRAGGLES_FOR", 0.0)
    heard = _Heard(2)
    heard.new_among(events(4))
    assert heard.new_among(events(3, 4)) == []
    assert (heard.up_to, heard.at) == (4, {})


async def test_a_backlog_is_read_to_its_end() -> None:
    class Pages:
        async def events_after(self, number: int, lesson_ids: Collection[str]) -> list[CheckEvent]:
            return [each for each in events(*range(1, 8)) if each.id > number][:3]

    class Memory:
        checks = Pages()

    told = await _told_since(Memory(), 1, frozenset())  # type: ignore[arg-type]  # as much of it as is asked
    assert numbers(told) == [2, 3, 4, 5, 6, 7]


async def test_what_could_not_be_read_is_told_when_it_can_be(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    grace = await house.joined("grace")

    async def away(*_: Any, **__: Any) -> None:
        raise StorageError(OSError("away"))

    with monkeypatch.context() as patch:
        patch.setattr(Checks, "events_after", away)
        await house.joined_quietly("ada")
        with pytest.raises(StorageError):
            await house.hub.tell()
    assert await grace.hears() == [control(0, "joined", **shown(house, "ada", 0))]
    assert await enables(grace) == [
        report(0, "presence_logging_enabled"),
        report(0, "presence_logging_started", first_checkpoint="2026-11-23T17:10:00Z", reason="started_manually"),
    ]


async def test_who_polls_finds_what_nobody_told_them_of(house: House) -> None:
    watching = Hub(house.store, house.clock, house.door._register, house.door._reaching, poll=0.05)
    grace = await house.joined("grace")
    (guest,) = house.hub._guests
    watching.seat(guest)
    watching.open()
    await house.checks.enable(
        house.lesson, house.people["grace"], settings_of(Template.OPENTALK), now=house.clock.now()
    )
    assert (await grace.next())["payload"] == {"message": "presence_logging_enabled"}
    watching.is_closing = True
    for task in watching._tasks:
        task.cancel()
