"""A Zoom room that tells what real rooms tell."""

import random
from datetime import timedelta

import pytest

from sandbox.classroom.zoom import ZoomClassroom
from sandbox.errors import ClassroomError
from tests.sandbox.classroom.receiver import SECRET, play

MINUTE = timedelta(minutes=1)


async def test_the_first_one_in_opens_a_session_and_the_last_one_out_closes_it(room, grace, ada, bot, clock):
    room.host_joins()
    await play(room, clock)
    room.join(ada)
    await play(room, clock)
    room.leave(grace)
    await play(room, clock)
    room.leave(ada)
    await play(room, clock)
    assert sorted(bot.kinds[:2]) == ["joined", "started"]
    assert bot.kinds[2:4] == ["joined", "left"]
    assert sorted(bot.kinds[4:]) == ["ended", "left"]
    assert bot.of("started")[0]["start_time"] == "2026-11-23T17:00:00Z"
    assert bot.of("ended")[0]["end_time"] == "2026-11-23T17:03:00Z"


async def test_ended_is_told_about_18_seconds_after_it_happened(room, bot, clock):
    room.host_joins()
    await play(room, clock)
    ended_at = clock.now()
    room.end_for_all()
    await play(room, clock)
    arrival = next(sent.tries[0].at for sent in room.deliveries.record if sent.event == "meeting.ended")
    assert timedelta(seconds=16) <= arrival - ended_at <= timedelta(seconds=20)


@pytest.mark.parametrize("lefts", ["before", "after"])
async def test_those_who_are_in_at_the_end_leave_before_or_after_it(room, ada, bot, clock, lefts):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.end_for_all(lefts=lefts)
    await play(room, clock)
    told = bot.kinds[-3:]
    assert sorted(told) == ["ended", "left", "left"]
    assert told.index("ended") == (0 if lefts == "after" else 2)
    assert all("Host ended the meeting" in left["leave_reason"] for left in bot.of("participant_left"))


async def test_the_last_left_comes_at_most_two_and_a_half_seconds_after_ended(room, clock):
    for _ in range(20):
        room.host_joins()
        await play(room, clock)
        room.end_for_all()
        await play(room, clock)
        ended, left = sorted(list(room.deliveries.record)[-2:], key=lambda sent: sent.event)
        assert timedelta() < left.tries[0].at - ended.tries[0].at <= timedelta(seconds=2.4)


async def test_the_host_is_known_by_the_id_that_stands_in_every_event(room, grace, bot, clock):
    room.host_joins()
    await play(room, clock)
    assert {event["payload"]["object"]["host_id"] for event in bot.events} == {grace.zoom_id}
    assert bot.of("participant_joined")[0]["id"] == grace.zoom_id


async def test_a_rejoin_is_a_new_connection_with_the_old_registrant_id(room, ada, bot, clock):
    room.host_joins()
    for verb in (room.join, room.leave, room.join):
        verb(ada)
        await play(room, clock)
    first, second = bot.of("participant_joined")[1:]
    assert first["participant_uuid"] != second["participant_uuid"]
    assert first["user_id"] != second["user_id"]
    assert first["registrant_id"] == second["registrant_id"] == ada.registrant_id


async def test_two_devices_are_two_connections_and_one_may_leave(room, ada, bot, clock):
    room.host_joins()
    await play(room, clock)
    for device in ("laptop", "phone"):
        room.join(ada, device=device)
        await play(room, clock)
    room.leave(ada, device="laptop")
    await play(room, clock)
    laptop, phone = (found["participant_uuid"] for found in bot.of("participant_joined")[1:])
    assert [found["participant_uuid"] for found in bot.of("participant_left")] == [laptop]
    assert laptop != phone
    assert room.is_in(ada)


async def test_a_lost_connection_is_told_when_it_is_noticed(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.drop(ada, noticed_after=timedelta(seconds=30))
    await play(room, clock)
    left = bot.of("participant_left")[0]
    assert left["leave_time"] == "2026-11-23T17:01:30Z"
    assert "got disconnected" in left["leave_reason"]
    assert not room.is_in(ada)


async def test_a_connection_that_is_back_before_zoom_noticed_is_never_spoken_of(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.drop(ada, noticed_after=timedelta(seconds=30))
    await play(room, clock, for_=timedelta(seconds=10))
    room.reconnect(ada)
    await play(room, clock)
    assert sorted(bot.kinds) == ["joined", "joined", "started"]
    assert room.is_in(ada)


async def test_who_comes_back_by_a_new_connection_overlaps_with_the_old_one(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.drop(ada, noticed_after=timedelta(seconds=40))
    await play(room, clock, for_=timedelta(seconds=10))
    room.join(ada)
    await play(room, clock)
    assert bot.kinds[-2:] == ["joined", "left"]
    assert bot.of("participant_joined")[-1]["join_time"] < bot.of("participant_left")[0]["leave_time"]
    assert room.is_in(ada)


async def test_a_move_to_a_breakout_room_is_left_and_joined_in_one_second(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.breakout(ada, "Room 1")
    await play(room, clock)
    left, back = bot.of("participant_left")[0], bot.of("participant_joined")[-1]
    assert left["leave_time"] == back["join_time"]
    assert left["participant_uuid"] == back["participant_uuid"]
    assert left["user_id"] != back["user_id"]
    breakout = next(event for event in bot.events if event["event"].endswith("joined_breakout_room"))
    assert breakout["payload"]["object"]["uuid"] == bot.of("started")[0]["uuid"]
    assert breakout["payload"]["object"]["participant"]["parent_user_id"] == back["user_id"]


async def test_the_two_halves_of_a_move_arrive_in_either_order(url, clock, grace, ada, bot):
    orders = set()
    for seed in range(12):
        room = ZoomClassroom("97711976001", SECRET, url, clock, random.Random(seed), host=grace)
        room.host_joins()
        room.join(ada)
        await play(room, clock)
        bot.bodies.clear()
        room.breakout(ada, "Room 1")
        await play(room, clock)
        orders.add(tuple(kind for kind in bot.kinds if "breakout" not in kind))
        await room.close()
    assert orders == {("left", "joined"), ("joined", "left")}


async def test_two_people_in_one_breakout_room_are_in_the_same_one(room, grace, ada, bob, bot, clock):
    room.host_joins()
    for person in (ada, bob):
        room.join(person)
        room.breakout(person, "Room 1")
    room.breakout(grace, "Room 2")
    await play(room, clock)
    rooms = [
        (event["payload"]["object"]["participant"]["user_name"], event["payload"]["object"]["breakout_room_uuid"])
        for event in bot.events
        if event["event"].endswith("joined_breakout_room")
    ]
    by_name = dict(rooms)
    assert by_name["Ada Lovelace"] == by_name["Bob Stone"] != by_name["Grace Hopper"]


async def test_a_breakout_room_closed_by_the_host_says_nothing_of_its_own(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    room.breakout(ada, "Room 1")
    await play(room, clock)
    room.close_breakouts()
    await play(room, clock)
    assert sorted(bot.kinds[-2:]) == ["joined", "left"]
    assert "left_breakout_room" not in bot.kinds


async def test_the_way_back_to_the_main_room_closes_the_breakout(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    room.breakout(ada, "Room 1")
    room.back_to_main(ada)
    await play(room, clock)
    assert sorted(bot.kinds).count("left_breakout_room") == 1
    with pytest.raises(ClassroomError, match="ada is in no breakout room"):
        room.back_to_main(ada)


async def test_a_restarted_room_is_a_new_session_with_everybody_back(room, grace, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.restart(after=3 * MINUTE)
    await play(room, clock, for_=5 * MINUTE)
    first, second = bot.of("started")
    assert first["uuid"] != second["uuid"]
    assert second["start_time"] == "2026-11-23T17:04:00Z"
    assert room.is_in(grace)
    assert room.is_in(ada)


async def test_a_rename_is_not_told_but_stands_in_what_is_told_next(room, ada, bot, clock):
    room.host_joins()
    room.join(ada, name="iPad (2)")
    await play(room, clock)
    room.rename(ada, "Ada L.")
    await play(room, clock)
    room.leave(ada)
    await play(room, clock)
    assert bot.of("participant_joined")[-1]["user_name"] == "iPad (2)"
    assert bot.of("participant_left")[-1]["user_name"] == "Ada L."
    assert sorted(bot.kinds) == ["joined", "joined", "left", "started"]


async def test_a_change_of_role_names_neither_id_nor_registrant(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    room.change_role(ada, "co-host")
    await play(room, clock)
    changed = bot.of("role_changed")[0]
    assert (changed["old_role"], changed["new_role"]) == ("attendee", "co-host")
    assert not {"id", "registrant_id"} & set(changed)


async def test_a_telephone_is_bound_to_the_computer(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    room.dial_in(ada, phone_number="+390612345678")
    room.bind(ada)
    await play(room, clock)
    bind = bot.of("participant_bind")[0]
    computer, telephone = (
        next(found for found in bot.of("participant_joined") if found["user_name"] == name)
        for name in ("Ada Lovelace", "+390612345678")
    )
    assert bind["participant_uuid"] == computer["participant_uuid"]
    assert bind["bind_participant_uuid"] == telephone["participant_uuid"]


@pytest.mark.parametrize("verb", ["leave", "drop", "breakout", "put_in_waiting_room", "admit", "reconnect"])
async def test_what_makes_no_sense_is_refused_by_name(room, ada, verb):
    room.host_joins()
    with pytest.raises(ClassroomError, match="ada "):
        getattr(room, verb)(ada, *(["Room 1"] if verb == "breakout" else []))
