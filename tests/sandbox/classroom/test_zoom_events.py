"""How Zoom writes down what happened."""

import json
import random
from datetime import timedelta

from sandbox.classroom.zoom import ZoomClassroom
from tests.sandbox.classroom.receiver import SECRET, SIX, play


async def test_started_begins_with_event_and_participant_events_with_payload(room, bot, clock):
    room.host_joins()
    await play(room, clock)
    started, joined = sorted(bot.bodies)
    assert started.startswith(b'{"event":"meeting.started","payload":')
    assert joined.startswith(b'{"payload":{"account_id":')


async def test_letters_outside_the_basic_plane_are_escaped_and_all_others_are_raw(room, bot, clock):
    room.host_joins()
    await play(room, clock)
    assert all(rb"Python 101 \uD83D\uDC0D" in body for body in bot.bodies)
    assert all(" – l’été".encode() in body for body in bot.bodies)
    assert json.loads(bot.bodies[0])["payload"]["object"]["topic"] == "Python 101 🐍 – l’été"


async def test_a_guest_has_no_email_and_the_registrant_id_is_missing_or_empty(room, bob, bot, clock):
    room.host_joins()
    room.join(bob)
    room.leave(bob)
    await play(room, clock)
    joined, left = bot.of("participant_joined")[-1], bot.of("participant_left")[-1]
    assert (joined["email"], joined["id"], joined["participant_user_id"]) == ("", "", "")
    assert "registrant_id" not in joined
    assert left["registrant_id"] == ""


async def test_addresses_are_in_the_events_as_in_real_ones(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    room.leave(ada)
    await play(room, clock)
    assert "private_ip" not in bot.of("participant_joined")[-1]
    assert {"public_ip", "private_ip"} <= set(bot.of("participant_left")[-1])


async def test_times_have_a_second_and_event_ts_a_millisecond(room, bot, clock):
    clock.at = SIX + timedelta(milliseconds=700)
    room.host_joins()
    await play(room, clock)
    assert bot.of("participant_joined")[0]["join_time"] == "2026-11-23T17:00:00Z"
    assert abs(max(event["event_ts"] for event in bot.events) - int(SIX.timestamp() * 1000) - 700) <= 300


async def test_some_session_ids_hold_a_slash(url, clock, grace, bot):
    for seed in range(20):
        room = ZoomClassroom("97711976001", SECRET, url, clock, random.Random(seed), host=grace)
        room.host_joins()
        await play(room, clock)
        await room.close()
    uuids = [started["uuid"] for started in bot.of("started")]
    assert any("/" in uuid for uuid in uuids)
    assert all(len(uuid) == 24 and uuid.endswith("==") for uuid in uuids)


async def test_one_seed_gives_one_lesson(url, clock, grace, ada, bot):
    told = []
    for _ in range(2):
        clock.at = SIX
        bot.bodies.clear()
        room = ZoomClassroom("97711976001", SECRET, url, clock, random.Random(3), host=grace)
        room.host_joins()
        room.join(ada)
        room.breakout(ada, "Room 1")
        await play(room, clock)
        told.append(list(bot.bodies))
        await room.close()
    assert told[0] == told[1]
