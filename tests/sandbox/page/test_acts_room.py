"""What somebody at the page does with the classroom, lesson time, the network and Slack's health."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import SteerableClock
from sandbox.slack.faults import Fault
from sandbox.verbs import CLASSROOM
from tests.sandbox.page.conftest import ROOM, Stage


async def does(stage: Stage, verb: str, *who: str, **more: Any) -> None:
    await stage.looker.done("room", room=ROOM, verb=verb, who=list(who), **more)


async def refused(stage: Stage, verb: str, *who: str, **more: Any) -> str:
    return await stage.looker.refused("room", room=ROOM, verb=verb, who=list(who), **more)


def places(stage: Stage, handle: str) -> list[tuple[str, str]]:
    return [(place.device, place.where) for place in stage.room.places() if place.handle == handle]


async def test_people_come_and_go_with_several_devices(stage: Stage):
    await does(stage, "starts")
    await does(stage, "joins", "ada")
    await does(stage, "joins", "ada", device="phone", name="iPad (2)")
    assert places(stage, "ada") == [("laptop", "room"), ("phone", "room")]
    await does(stage, "leaves", "ada", device="phone")
    await does(stage, "drops", "ada")
    assert places(stage, "ada") == [("laptop", "lost")]
    await does(stage, "reconnects", "ada")
    await does(stage, "breaks_out", "ada", into="Group 1")
    assert places(stage, "ada") == [("laptop", "breakout")]
    await does(stage, "comes_back", "ada")
    await does(stage, "leaves", "ada", "grace")
    assert not stage.room.is_open
    await stage.deliver(minutes=1)
    assert "iPad (2)" in {each["user_name"] for each in stage.bot.of("participant_joined")}


async def test_people_wait_and_are_let_in(stage: Stage):
    await does(stage, "starts")
    await does(stage, "waits", "ada")
    await does(stage, "is_admitted", "ada")
    assert places(stage, "ada") == [("laptop", "waiting")]
    await stage.deliver(seconds=3)
    assert places(stage, "ada") == [("laptop", "room")]
    await does(stage, "is_put_out", "ada")
    await does(stage, "goes_home", "ada")
    assert places(stage, "ada") == []


async def test_the_host_restarts_and_ends_for_all(stage: Stage):
    await does(stage, "starts")
    await does(stage, "joins", "ada")
    await does(stage, "restarts", after="30s")
    assert not stage.room.is_open
    await stage.deliver(seconds=35)
    assert places(stage, "ada") == [("laptop", "room")]
    await does(stage, "ends")
    await stage.deliver(minutes=1)
    assert stage.bot.kinds.count("ended") == 2


async def test_a_guest_is_made_up_on_the_spot_and_stays_known(stage: Stage):
    await does(stage, "joins", guest="Somebody's iPad")
    assert places(stage, "guest-1") == [("laptop", "room")]
    await does(stage, "leaves", "guest-1")
    assert stage.scene.rooms[ROOM].visitors["guest-1"].role == "guest"
    assert "needs a name" in await refused(stage, "joins", guest="  ")


async def test_what_makes_no_sense_now_is_refused_with_a_sentence(stage: Stage):
    assert await refused(stage, "leaves", "ada") == "ada is not in"
    assert await refused(stage, "dances", "ada") == f"'dances' is unknown; known are {', '.join(CLASSROOM)}"
    assert await refused(stage, "joins", "nobody") == "nobody here is called nobody"
    assert await refused(stage, "joins") == "say who"
    await does(stage, "starts")
    assert await refused(stage, "breaks_out", "grace") == "into is missing"
    assert "is unknown" in await refused(stage, "becomes", "grace", role="queen")
    assert "joins_after" not in await refused(stage, "is_admitted", "grace", joins_after="soon")
    assert await refused(stage, "joins", "ada", device=["laptop"]) == "device must be a text"
    assert await stage.looker.refused("room", room="1", verb="joins") == "room is none of the classrooms"


async def test_who_meddles_with_a_room_wakes_what_drives_it(stage: Stage):
    woken: list[str] = []
    stage.scene.meddled = lambda: woken.append("!")
    await does(stage, "starts")
    assert woken == ["!"]


async def test_deliveries_are_delayed_lost_doubled_and_shuffled_from_then_on(stage: Stage):
    await stage.looker.open()
    await stage.looker.done("handling", delay=60, doubled=True)
    told = await stage.looker.change("handling", lambda change: change["handling"]["delay"])
    assert told["handling"] == {"delay": 60, "is_shuffled": False, "lost": False, "doubled": True}
    await does(stage, "starts")
    await stage.deliver(seconds=50)
    assert stage.bot.kinds == []
    await stage.deliver(seconds=15)
    assert sorted(stage.bot.kinds) == ["joined", "joined", "started", "started"]
    await stage.looker.done("handling", delay=0, doubled=False, lost=True, is_shuffled=True)
    await does(stage, "leaves", "grace")
    await stage.deliver(minutes=1)
    assert stage.room.deliveries.record[-1].state == "lost"
    assert len(stage.bot.kinds) == 4
    assert await stage.looker.refused("handling", delay=-1) == "delay must be between 0 and 3600"
    assert await stage.looker.refused("handling", lost="yes") == "lost must be true or false"


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        ({"fault": "error", "code": "is_archived"}, Fault("error", error="is_archived")),
        ({"fault": "server_error"}, Fault("status", status=500)),
        ({"fault": "rate_limit", "seconds": 10}, Fault("rate_limited", retry_after=10)),
        ({"fault": "no_answer"}, Fault("no_answer")),
        ({"fault": "drop_answer"}, Fault("answer_dropped")),
    ],
)
async def test_slack_is_made_to_fail(stage: Stage, wish: dict[str, Any], fault: Fault):
    await stage.looker.done("fault", method="chat.update", times=2, **wish)
    faults = stage.world.workspace.faults
    assert [faults.take("chat.update") for _ in range(3)] == [fault, fault, None]


async def test_slack_is_made_slow_until_all_is_well_again(stage: Stage):
    await stage.looker.open()
    await stage.looker.done("fault", fault="slow", method="*", seconds=2.5)
    await stage.looker.done("fault", fault="no_answer", method="views.open", times=None)
    told = await stage.looker.change("faults", lambda change: len(change["faults"]) == 2)
    assert told["faults"] == [
        {"method": "views.open", "kind": "no_answer", "about": "", "times": None},
        {"method": "*", "kind": "slow", "about": "2.5 s", "times": None},
    ]
    assert stage.world.workspace.faults.delay("chat.update") == 2.5
    await stage.looker.done("clear_faults")
    assert (await stage.looker.change("faults"))["faults"] == []
    assert "known are" in await stage.looker.refused("fault", fault="explode")
    assert "between" in await stage.looker.refused("fault", fault="no_answer", times=0)


async def test_a_clock_that_goes_by_itself_is_left_alone(stage: Stage):
    assert await stage.looker.refused("clock", speed=2) == "this clock goes by itself"
    assert (await stage.looker.open())["clock"]["can_be_steered"] is False


@pytest.fixture
def clock(stage: Stage) -> SteerableClock:
    """Lesson time that the page may steer; it stands at six."""
    clock = SteerableClock(start=stage.world.clock.now(), speed=30)
    clock.steer(is_running=False)
    stage.scene.clock = clock
    return clock


async def test_the_page_runs_stops_and_speeds_up_lesson_time(stage: Stage, clock: SteerableClock):
    steered: list[float] = []
    stage.scene.after_steering = lambda: steered.append(clock.speed)
    assert (await stage.looker.open())["clock"] == {
        "now": clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "speed": 30, "is_running": False, "can_be_steered": True, "can_step": False, "zone": "Europe/Rome",
    }  # fmt: skip
    await stage.looker.done("clock", speed=0.5, is_running=True)
    assert (await stage.looker.change("clock"))["clock"]["is_running"] is True
    await stage.looker.done("clock", speed=600)
    assert (clock.speed, clock.is_running, steered) == (600, True, [0.5, 600])
    assert await stage.looker.refused("clock", speed=0.1) == "speed must be between 0.5 and 600"
    assert await stage.looker.refused("clock", speed=601) == "speed must be between 0.5 and 600"
    assert await stage.looker.refused("clock", speed="fast") == "speed must be a number"
    assert await stage.looker.refused("clock", step_to="next") == "this clock cannot be stepped on"


async def test_a_step_on_stops_the_clock_and_goes_to_the_moment(stage: Stage, clock: SteerableClock):
    asked: list[datetime | None] = []

    async def step_to(moment: datetime | None) -> None:
        assert not clock.is_running
        asked.append(moment)

    stage.scene.step_to = step_to
    clock.steer(is_running=True)
    await stage.looker.done("clock", step_to="next")
    await stage.looker.done("clock", step_to="2026-11-23T18:05:00Z")
    assert asked == [None, datetime(2026, 11, 23, 18, 5, tzinfo=UTC)]
    assert "instant" in await stage.looker.refused("clock", step_to="soon")
    assert "zone" in await stage.looker.refused("clock", step_to="2026-11-23T18:05:00")


async def test_a_delivery_can_be_looked_at_from_its_bytes_to_what_became_of_it(stage: Stage):
    async def lookup(platform: str, delivery: Any) -> dict[str, Any]:
        return {"platform": platform, "event": delivery.event}

    stage.scene.lookup = lookup
    stage.bot.statuses[:] = [503, 200]
    await does(stage, "joins", "ada")
    number = stage.room.deliveries.record[0].number
    before = await detail(stage, number)
    assert (before["state"], before["tries"], before["headers"]) == ("waiting", [], {})
    await stage.deliver(seconds=3)
    await stage.deliver(minutes=6)
    tried = {one: await detail(stage, one) for one in (1, 2)}
    retried = next(each for each in tried.values() if len(each["tries"]) == 2)
    assert [each["status"] for each in retried["tries"]] == [503, 200]
    assert retried["headers"]["x-zm-signature"].startswith("v0=")
    assert json.loads(retried["body"])["event"] == retried["event"]
    assert retried["became"] == {"platform": "zoom", "event": retried["event"]}


async def test_a_delivery_that_nobody_answers_says_so(stage: Stage):
    stage.room.deliveries._url = "http://127.0.0.1:1/"
    await does(stage, "joins", "ada")
    await stage.deliver(seconds=3)
    (attempt,) = (await detail(stage, 1))["tries"]
    assert (attempt["status"], attempt["error"]) == (None, "no reply within 3 s, or no connection")


async def detail(stage: Stage, number: int) -> dict[str, Any]:
    async with stage.looker._http.get(f"{stage.address}deliveries/{ROOM}.{number}") as reply:
        return await reply.json()


async def test_what_is_not_kept_any_longer_is_not_found(stage: Stage):
    for path in (f"deliveries/{ROOM}.99", "deliveries/1.1", "deliveries/x", "files/F0"):
        async with stage.looker._http.get(f"{stage.address}{path}") as reply:
            assert reply.status == 404


async def test_everything_the_page_did_to_the_network_is_undone_where_it_did_it(stage: Stage):
    await stage.looker.done("handling", delay=60)
    with stage.room.deliveries.handled(stage.room.deliveries.network):
        await does(stage, "starts")
    await stage.deliver(seconds=70)
    assert stage.bot.kinds == []  # both delays add up
    await stage.deliver(seconds=60)
    assert len(stage.bot.kinds) == 2
    assert stage.room.deliveries.network.delay == timedelta(seconds=60)
