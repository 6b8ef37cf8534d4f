"""A room of 100ms: what happens in it, what is told about it, how it is written down, and when it is tried again."""

import json
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.classroom.hundredms import HundredmsClassroom
from sandbox.classroom.participant import Participant
from sandbox.errors import ClassroomError
from sandbox.platforms import Endpoint
from sandbox.player import StoryPlayer, open_classrooms
from sandbox.scenario_file import read
from sandbox.slack.workspace import Workspace
from sandbox.verbs import CLASSROOM
from tests.sandbox.classroom.receiver import SECRET, SIX, HandClock, play

GRACE = Participant(handle="grace", name="Grace Hopper", external_id="grace-1")
ADA = Participant(handle="ada", name="Ada Lovelace", external_id="ada-1")
BOB = Participant(handle="bob", name="Bob Stone")
NOWHERE = "http://127.0.0.1:9/"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Bot:
    """Keeps what it is sent by somebody who knows the secret, and replies what it is told to."""

    statuses: list[int] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        assert request.headers["x-rollcall-secret"] == SECRET
        self.events.append(json.loads(await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def of(self, kind: str) -> list[dict]:
        """The data of all events of a kind, in order of arrival."""
        return [event["data"] for event in self.events if event["type"] == kind]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def address(bot: Bot) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/webhooks/100ms", bot.take)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/webhooks/100ms"))
    await server.close()


@pytest.fixture
async def room(address: str, clock: HandClock) -> AsyncIterator[HundredmsClassroom]:
    room = HundredmsClassroom("65f1ab52", SECRET, address, clock, random.Random(7), host=GRACE, topic="Python 101 🐍")
    yield room
    await room.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# What happens ---------------------------------------------------------------------------------------------------------


async def test_the_first_peer_opens_the_session_and_the_last_one_closes_it(room, bot, clock):
    room.join(ADA)
    await play(room, clock)
    room.leave(ADA)
    await play(room, clock)
    assert sorted(bot.types[:2]) == ["peer.join.success", "session.open.success"]
    assert sorted(bot.types[2:]) == ["peer.leave.success", "session.close.success"]
    assert bot.of("session.close.success")[0]["session_duration"] == 60
    assert not room.is_open


async def test_whoever_comes_back_is_a_new_peer_with_the_same_user_id(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    room.leave(ADA)
    room.join(ADA)
    await play(room, clock)
    first, second = [joined for joined in bot.of("peer.join.success") if joined["user_id"] == "ada-1"]
    assert first["peer_id"] != second["peer_id"]
    assert first["session_id"] == second["session_id"]


async def test_two_devices_are_two_peers_and_leave_one_by_one(room, bot, clock):
    room.join(ADA, device="laptop")
    room.join(ADA, device="phone")
    await play(room, clock)
    room.leave(ADA, device="laptop")
    await play(room, clock)
    assert [place.device for place in room.places()] == ["phone"]
    assert len({joined["peer_id"] for joined in bot.of("peer.join.success")}) == 2
    assert len(bot.of("peer.leave.success")) == 1


async def test_a_lost_connection_is_noticed_after_a_minute_and_dated_by_then(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    await play(room, clock)
    dropped_at = clock.now()
    room.drop(ADA)
    assert [place.where for place in room.places() if place.handle == "ada"] == ["lost"]
    await play(room, clock, for_=2 * MINUTE)
    (left,) = bot.of("peer.leave.success")
    assert left["reason"] == "websocket closed"
    assert at(left["left_at"]) - dropped_at == MINUTE


async def test_who_reconnects_before_that_was_never_away(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    await play(room, clock)
    room.drop(ADA)
    clock.at += 59 * SECOND
    room.reconnect(ADA)
    await play(room, clock, for_=5 * MINUTE)
    assert bot.of("peer.leave.success") == []
    assert [place.where for place in room.places()] == ["room", "room"]


async def test_a_change_of_role_names_the_old_role_and_the_new(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    room.change_role(ADA, "host")
    await play(room, clock)
    (changed,) = bot.of("role.change.success")
    assert (changed["previous_role"], changed["role"]) == ("student", "teacher")


async def test_the_host_is_a_teacher(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    await play(room, clock)
    assert {joined["user_name"]: joined["role"] for joined in bot.of("peer.join.success")} == {
        "Grace Hopper": "teacher",
        "Ada Lovelace": "student",
    }


@pytest.mark.parametrize("lefts", ["before", "after"])
async def test_the_end_for_all_tells_of_everybody_and_twice_of_their_leaving(room, bot, clock, lefts):
    room.host_joins()
    room.join(ADA)
    await play(room, clock)
    room.end_for_all(lefts=lefts)
    await play(room, clock)
    assert sorted(bot.types[3:]) == [
        "peer.leave.failure", "peer.leave.failure", "peer.leave.success", "peer.leave.success", "room.end.success",
        "session.close.success",
    ]  # fmt: skip
    assert room.places() == []


async def test_a_restarted_room_is_a_new_session_of_one_room(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    await play(room, clock)
    room.restart(after=3 * MINUTE)
    await play(room, clock, for_=5 * MINUTE)
    first, second = bot.of("session.open.success")
    assert first["session_id"] != second["session_id"]
    assert first["room_id"] == second["room_id"] == "65f1ab52"
    assert {place.handle for place in room.places()} == {"grace", "ada"}


async def test_a_rename_is_not_told_but_stands_in_what_is_told_next(room, bot, clock):
    room.join(ADA, name="iPad (2)")
    await play(room, clock)
    room.rename(ADA, "Ada L.")
    await play(room, clock)
    assert sorted(bot.types) == ["peer.join.success", "session.open.success"]
    room.leave(ADA)
    await play(room, clock)
    assert bot.of("peer.join.success")[0]["user_name"] == "iPad (2)"
    assert bot.of("peer.leave.success")[0]["user_name"] == "Ada L."


@pytest.mark.parametrize(
    ("verb", "why"),
    [
        ("wait", "no waiting room"), ("admit", "no waiting room"), ("put_in_waiting_room", "no waiting room"),
        ("leave_waiting_room", "no waiting room"), ("wait_for_host", "no waiting room"),
        ("stop_waiting_for_host", "no waiting room"), ("back_to_main", "no breakout rooms"),
        ("bind", "nobody telephones"),
    ],
)  # fmt: skip
def test_what_100ms_does_not_have_is_refused_with_a_sentence(room, verb, why):
    with pytest.raises(ClassroomError, match=why):
        getattr(room, verb)(ADA)


@pytest.mark.parametrize("verb", ["leave", "drop", "reconnect"])
def test_what_makes_no_sense_is_refused_by_name(room, verb):
    room.host_joins()
    with pytest.raises(ClassroomError, match="ada "):
        getattr(room, verb)(ADA)


def test_a_session_that_does_not_run_cannot_be_ended(room):
    with pytest.raises(ClassroomError, match="no session runs"):
        room.end_for_all()


async def test_a_story_with_what_100ms_does_not_have_names_its_line(clock):
    story = read("course: {platform: 100ms, room: r}\nhappens:\n  - {at: +1m, waits: ada}", file="mine.yaml")
    rooms = open_classrooms(story, endpoints={"100ms": Endpoint(NOWHERE, SECRET)}, clock=clock, rng=random.Random(1))
    player = StoryPlayer(story, Workspace(clock=clock, manifest={}), rooms, clock)
    clock.at = SIX + MINUTE
    await player.run_due(clock.now())
    assert player.problems == ["18:01:00  waits ada (line 3): 100ms has no waiting room: who joins is in"]


# How it is written down -----------------------------------------------------------------------------------------------


async def test_times_have_nanoseconds_and_messages_whole_seconds(room, bot, clock):
    clock.at = SIX + timedelta(milliseconds=700)
    room.host_joins()
    await play(room, clock)
    assert all(re.fullmatch(r"2026-11-23T17:00:00Z", event["timestamp"]) for event in bot.events)
    joined_at = bot.of("peer.join.success")[0]["joined_at"]
    assert re.fullmatch(r"2026-11-23T17:00:00\.700000\d{0,2}[1-9]Z", joined_at)


async def test_a_guest_has_an_empty_user_id(room, bot, clock):
    room.join(BOB)
    await play(room, clock)
    assert bot.of("peer.join.success")[0]["user_id"] == ""


async def test_only_events_about_sessions_and_roles_name_the_app(room, bot, clock):
    room.host_joins()
    room.change_role(GRACE, "attendee")
    room.end_for_all()
    await play(room, clock)
    with_app = {event["type"].split(".")[0] for event in bot.events if "app_id" in event}
    without = {event["type"].split(".")[0] for event in bot.events if "app_id" not in event}
    assert (with_app, without) == ({"session", "role"}, {"peer", "room"})


async def test_a_leave_that_failed_has_no_session_and_the_zero_time(room, bot, clock):
    room.host_joins()
    room.end_for_all()
    await play(room, clock)
    (failed,) = bot.of("peer.leave.failure")
    assert failed["left_at"] == "0001-01-01T00:00:00Z"
    assert "session_id" not in failed


async def test_every_event_has_an_id_of_its_own(room, bot, clock):
    room.host_joins()
    room.join(ADA)
    room.end_for_all()
    await play(room, clock)
    assert len({event["id"] for event in bot.events}) == len(bot.events)


# When it is tried again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [201, 302, 404, 500, 503])
async def test_anything_but_a_200_is_tried_again_with_the_same_id_after_1_3_and_10_seconds(room, bot, clock, status):
    bot.statuses = [200, 200, *[status] * 4]
    room.host_joins()
    await play(room, clock)
    bot.events.clear()
    room.join(ADA)
    await play(room, clock, for_=5 * MINUTE)
    sent = room.deliveries.record[-1]
    assert [(later.at - sent.tries[0].at) / SECOND for later in sent.tries] == [0, 1, 4, 14]
    assert sent.state == "given up"
    assert len({event["id"] for event in bot.events}) == 1


async def test_the_second_try_may_be_the_good_one(room, bot, clock):
    bot.statuses = [503]
    room.join(ADA)
    await play(room, clock)
    assert {sent.state for sent in room.deliveries.record} == {"delivered"}
    assert len(bot.events) == 3


async def test_a_delivery_is_about_somebody_or_about_the_room(room, clock):
    room.join(ADA)
    told = {sent.event: room.deliveries.about(sent.body) for sent in room.deliveries.record}
    assert told == {"session.open.success": "Python 101 🐍", "peer.join.success": "Ada Lovelace"}
    assert room.deliveries.about(b"[]") == room.deliveries.about(b'{"data": null}') == ""


async def test_one_seed_gives_one_lesson(address, bot, clock):
    told = []
    for _ in range(2):
        clock.at = SIX
        bot.events.clear()
        room = HundredmsClassroom("65f1ab52", SECRET, address, clock, random.Random(3), host=GRACE)
        room.host_joins()
        room.join(ADA)
        room.end_for_all()
        await play(room, clock)
        told.append(list(bot.events))
        await room.close()
    assert told[0] == told[1]


@pytest.mark.parametrize("verb", sorted(HundredmsClassroom.lacks))
def test_what_it_lacks_is_refused_wherever_somebody_is(room: HundredmsClassroom, verb: str) -> None:
    """So that the page need not offer it."""
    happens, _ = CLASSROOM[verb]
    options = {"into": "Group 1", "number": "+39 055 5550101", "to": "Ada L.", "role": "co-host"}
    for step in (
        room.host_joins,
        lambda: room.join(ADA),
        lambda: room.join(ADA, device="phone"),
        lambda: room.leave(ADA),
    ):
        step()
        with pytest.raises(ClassroomError):
            happens(room, ADA, options)
