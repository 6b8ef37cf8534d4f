"""Before the doors of a Zoom room: the waiting room, and rooms that wait for their host."""

from tests.sandbox.classroom.receiver import play


async def test_who_waits_is_admitted_and_joins_a_moment_later(room, ada, bot, clock):
    room.host_joins()
    room.wait(ada)
    await play(room, clock)
    room.admit(ada)
    await play(room, clock)
    assert bot.kinds[2:] == ["joined_waiting_room", "admitted", "joined"]
    assert bot.of("participant_admitted")[0]["date_time"] == "2026-11-23T17:01:00Z"
    assert bot.of("participant_joined")[-1]["join_time"] == "2026-11-23T17:01:02Z"


async def test_admitted_may_be_the_last_that_zoom_says(room, ada, bot, clock):
    room.host_joins()
    room.wait(ada)
    room.admit(ada, joins_after=None)
    await play(room, clock)
    assert bot.kinds.count("joined") == 1


async def test_who_is_put_in_the_waiting_room_is_out_and_may_go_home(room, ada, bot, clock):
    room.host_joins()
    room.join(ada)
    await play(room, clock)
    room.put_in_waiting_room(ada)
    await play(room, clock)
    room.leave_waiting_room(ada)
    await play(room, clock)
    assert sorted(bot.kinds[3:5]) == ["left", "put_in_waiting_room"]
    assert bot.kinds[5:] == ["left_waiting_room"]
    assert not room.is_in(ada)


async def test_before_the_host_nobody_has_a_connection_or_a_time(room, ada, bob, bot, clock):
    room.wait_for_host(ada)
    room.wait_for_host(bob)
    await play(room, clock)
    room.stop_waiting_for_host(bob)
    await play(room, clock)
    waiting = {found["user_name"]: set(found) for found in bot.of("jbh_waiting")}
    assert waiting == {"Ada Lovelace": {"id", "user_name", "registrant_id"}, "Bob Stone": {"id", "user_name"}}
    assert isinstance(bot.events[-1]["payload"]["object"]["id"], int)


async def test_who_waits_for_the_host_comes_in_behind_the_host(room, ada, bot, clock):
    room.wait_for_host(ada)
    await play(room, clock)
    room.host_joins()
    await play(room, clock)
    assert sorted(bot.kinds) == ["jbh_waiting", "joined", "joined", "started"]
    assert bot.events[0]["payload"]["object"]["uuid"] == bot.of("started")[0]["uuid"]


async def test_where_the_room_allows_it_students_come_in_before_the_host(room, ada, bot, clock):
    room.join_before_host(ada)
    await play(room, clock)
    assert sorted(bot.kinds) == ["jbh_joined", "joined", "started"]
