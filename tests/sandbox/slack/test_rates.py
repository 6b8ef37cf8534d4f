"""Rate limits live in lesson time."""

import pytest

from sandbox.slack.judge.rates import CHANNEL_BURST, PER_MINUTE
from sandbox.slack.methods import METHODS
from tests.sandbox.slack.world import World


@pytest.mark.parametrize(
    ("method", "arguments", "most"),
    [
        ("users.list", {}, 20),
        ("users.lookupByEmail", {"email": "ada@example.com"}, 50),
        ("users.info", {"user": "U0ADA"}, 100),
        ("auth.test", {}, 600),
    ],
)
def test_a_method_is_called_so_many_times_a_minute(world, method, arguments, most):
    assert {world.answer(method, **arguments).status for _ in range(most)} == {200}
    limited = world.answer(method, **arguments)
    assert (limited.status, limited.body) == (429, {"ok": False, "error": "ratelimited"})
    assert limited.headers["Retry-After"] == "60"


def test_every_tier_has_a_figure():
    assert {spec.tier for spec in METHODS.values()} - {None} == set(PER_MINUTE)


def test_the_wait_is_in_whole_seconds_and_is_enough(world):
    for _ in range(20):
        world.call("users.list")
    world.clock.advance(seconds=45.5)
    assert world.answer("users.list").headers["Retry-After"] == "15"
    world.clock.advance(seconds=14)
    assert world.answer("users.list").status == 429
    world.clock.advance(seconds=0.5)
    assert world.answer("users.list").status == 200


def test_a_limited_call_is_not_counted_again(world):
    for _ in range(40):
        world.call("users.list")
    world.clock.advance(seconds=60)
    assert {world.answer("users.list").status for _ in range(20)} == {200}


def test_methods_are_counted_apart(world):
    for _ in range(21):
        world.call("users.list")
    assert world.answer("conversations.list").status == 200


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(world):
    def post() -> int:
        return world.answer("chat.postMessage", channel="python-101", text="Hello").status

    assert [post() for _ in range(CHANNEL_BURST + 1)] == [200] * CHANNEL_BURST + [429]
    world.clock.advance(seconds=1)
    assert [post(), post()] == [200, 429]
    world.clock.advance(seconds=60)
    assert [post() for _ in range(CHANNEL_BURST + 1)] == [200] * CHANNEL_BURST + [429]


def test_channels_are_counted_apart(world):
    for _ in range(CHANNEL_BURST + 1):
        world.answer("chat.postMessage", channel="python-101", text="Hello")
    assert world.answer("chat.postMessage", channel="U0ADA", text="Hello").status == 200


def test_limits_can_be_switched_off():
    world = World(rate_limits=False)
    assert {world.answer("users.list").status for _ in range(50)} == {200}
