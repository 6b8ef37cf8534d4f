"""How deliveries travel: signed, tried again by Zoom's rules, and ill-treated by the network on demand."""

import itertools
import random
from datetime import timedelta

import pytest

from sandbox.agenda import Agenda
from sandbox.classroom.deliveries import Handling
from sandbox.classroom.zoom_deliveries import ZoomDeliveries, signature
from sandbox.errors import OutgrownError
from tests.sandbox.classroom.receiver import SECRET, SIX, HandClock, Receiver, play

HOURS = timedelta(hours=3)


def body(letter: str) -> bytes:
    return f'{{"payload":{{}},"event":"{letter}"}}'.encode()


def put(deliveries: ZoomDeliveries, *letters: str) -> None:
    for letter in letters:
        deliveries.put(letter, body(letter))


def test_a_signature_is_an_hmac_over_version_time_and_raw_body():
    # printf 'v0:1772442001:{}' | openssl dgst -sha256 -hmac classroom-secret
    expected = "v0=1d970ceddf6a0fcb183cecc2cc9203e6e30c73e60992b9ef28c5f1090568c52a"
    assert signature(SECRET, timestamp="1772442001", body=b"{}") == expected


async def test_a_delivery_arrives_signed_after_less_than_three_seconds(deliveries, bot: Receiver, clock: HandClock):
    put(deliveries, "a")
    assert timedelta(seconds=0.2) <= deliveries.next_at() - SIX <= timedelta(seconds=2.4)
    await play(deliveries, clock)
    assert bot.bodies == [body("a")]
    assert [(found.state, found.tries[0].status) for found in deliveries.record] == [("delivered", 200)]


async def test_a_503_is_tried_again_after_5_then_20_then_60_minutes(deliveries, bot, clock):
    bot.statuses = [503, 500, 502, 503, 503]
    put(deliveries, "a")
    await play(deliveries, clock, for_=HOURS)
    tries = deliveries.record[0].tries
    waits = [later.at - earlier.at for earlier, later in itertools.pairwise(tries)]
    assert waits == [timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60)]
    assert deliveries.record[0].state == "given up"


async def test_each_try_has_the_same_body_and_an_id_of_its_own(deliveries, bot, clock):
    bot.statuses = [503]
    put(deliveries, "a")
    await play(deliveries, clock, for_=HOURS)
    assert bot.bodies == [body("a"), body("a")]
    first, second = bot.headers
    assert first["x-zm-trackingid"] != second["x-zm-trackingid"]
    assert first["x-zm-request-id"] != second["x-zm-request-id"]
    assert deliveries.record[0].state == "delivered"


@pytest.mark.parametrize("status", [302, 401, 404, 429])
async def test_a_3xx_or_4xx_is_never_tried_again(deliveries, bot, clock, status):
    bot.statuses = [status]
    put(deliveries, "a")
    await play(deliveries, clock, for_=HOURS)
    assert len(bot.bodies) == 1
    assert deliveries.record[0].state == "refused"


async def test_a_bot_that_does_not_listen_is_tried_again(clock, unused_tcp_port):
    nowhere = f"http://127.0.0.1:{unused_tcp_port}/"
    deliveries = ZoomDeliveries(webhook_url=nowhere, secret=SECRET, clock=clock, rng=random.Random(7))
    put(deliveries, "a")
    await play(deliveries, clock)
    assert deliveries.record[0].tries[0].status is None
    assert deliveries.next_at() - deliveries.record[0].tries[0].at == timedelta(minutes=5)
    await deliveries.close()


async def test_it_is_not_idle_while_a_request_is_on_its_way(deliveries, bot, clock):
    seen: list[bool] = []
    bot.while_answering = lambda: seen.append(deliveries.is_idle)
    put(deliveries, "a")
    await play(deliveries, clock)
    assert (seen, deliveries.is_idle) == ([False], True)


async def test_a_lost_delivery_never_arrives(deliveries, bot, clock):
    with deliveries.handled(Handling(is_lost=True)):
        put(deliveries, "a")
    put(deliveries, "b")
    await play(deliveries, clock)
    assert bot.bodies == [body("b")]
    assert [found.state for found in deliveries.record] == ["lost", "delivered"]


async def test_a_delayed_delivery_is_overtaken(deliveries, bot, clock):
    with deliveries.handled(Handling(delay=timedelta(seconds=40))):
        put(deliveries, "a")
    put(deliveries, "b")
    await play(deliveries, clock)
    assert bot.bodies == [body("b"), body("a")]


async def test_a_doubled_delivery_arrives_twice_within_a_second(deliveries, bot, clock):
    with deliveries.handled(Handling(is_doubled=True)):
        put(deliveries, "a")
    await play(deliveries, clock)
    first, second = (found.tries[0].at for found in deliveries.record)
    assert bot.bodies == [body("a"), body("a")]
    assert timedelta() < second - first < timedelta(seconds=1)


async def test_a_redelivery_comes_minutes_after_the_first_was_accepted(deliveries, bot, clock):
    with deliveries.handled(Handling(again_after=timedelta(minutes=5))):
        put(deliveries, "a")
    await play(deliveries, clock, for_=HOURS)
    first, second = (found.tries[0].at for found in deliveries.record)
    assert second - first == timedelta(minutes=5)


async def test_a_shuffled_feed_swaps_neighbours(deliveries, bot, clock):
    deliveries.is_shuffled = True
    put(deliveries, "a", "b", "c", "d")
    await play(deliveries, clock)
    letters = [event["event"] for event in bot.events]
    assert letters.index("b") < letters.index("a")
    assert letters.index("d") < letters.index("c")


async def test_the_last_of_a_shuffled_feed_is_held_back_but_not_for_ever(deliveries, bot, clock):
    deliveries.is_shuffled = True
    put(deliveries, "a")
    await play(deliveries, clock, for_=timedelta(seconds=5))
    assert bot.bodies == []
    await play(deliveries, clock)
    assert bot.bodies == [body("a")]


async def test_neighbours_are_swapped_again_after_one_had_none(deliveries, bot, clock):
    deliveries.is_shuffled = True
    put(deliveries, "a")
    await play(deliveries, clock)
    put(deliveries, "b", "c")
    await play(deliveries, clock)
    assert [event["event"] for event in bot.events] == ["a", "c", "b"]


async def test_the_url_is_valid_when_the_bot_knows_the_secret(deliveries, bot):
    assert await deliveries.validate_url()
    bot.knows_secret = "another"
    assert not await deliveries.validate_url()


async def test_the_record_keeps_the_latest_thousand(deliveries):
    with deliveries.handled(Handling(is_lost=True)):
        put(deliveries, *(str(number) for number in range(1_200)))
    assert len(deliveries.record) == 1_000
    assert deliveries.record[-1].event == "1199"


def test_an_agenda_that_nobody_works_off_says_so():
    agenda: Agenda[int] = Agenda(limit=3)
    for number in range(3):
        agenda.put(SIX, number)
    with pytest.raises(OutgrownError, match="more than 3"):
        agenda.put(SIX, 4)


def test_things_of_one_moment_come_in_the_order_in_which_they_were_put():
    agenda: Agenda[str] = Agenda()
    agenda.put(SIX, "second, but put first")
    agenda.put(SIX - timedelta(seconds=1), "first")
    agenda.put(SIX, "third")
    assert [agenda.pop_due(SIX) for _ in range(4)] == ["first", "second, but put first", "third", None]
