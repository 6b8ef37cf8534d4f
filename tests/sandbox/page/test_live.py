"""The live line: the world first, then each thing in its newest state, and never a backlog."""

import asyncio
import json

import aiohttp
import pytest

from sandbox.page import live
from sandbox.page.changes import MOST, Ledger
from sandbox.page.live import Browser
from sandbox.page.scene import Scene
from tests.sandbox.page.conftest import ADA, GRACE, ROOM, Stage
from tests.sandbox.slack.world import World, actions, button, field, modal, section, soon


async def test_the_first_frame_is_the_whole_world(stage: Stage):
    world = stage.world
    posted = world.workspace.messages.post(world.channel, "U0ADA", "Hello")
    stage.room.host_joins()
    stage.world.workspace.complain("a remark")
    first = await stage.looker.open()
    assert (first["kind"], first["version"]) == ("world", 1)
    assert first["team"] == {"name": "Sandbox School"}
    assert first["app"] == {
        "name": "Sandbox bot",
        "user": "U0SANDBOXBOT",
        "home": True,
        "commands": [{"command": "/lesson", "description": "", "usage_hint": ""}],
    }
    assert first["scenario"]["name"] == "late"
    assert first["scenarios"] == [{"name": "late", "title": "Bob is late"}]
    assert first["clock"]["zone"] == "Europe/Rome"
    assert [(each["id"], each["role"]) for each in first["persons"]] == [
        ("U0ADA", "student"), ("U0GRACE", "trainer"), ("U0SANDBOXBOT", None),
    ]  # fmt: skip
    assert [each["name"] for each in first["channels"]] == ["python-101"]
    assert [(each["ts"], each["text"]) for each in first["messages"]] == [(posted.ts, "Hello")]
    assert first["problems"] == ["a remark"]
    assert [each["event"] for each in first["deliveries"]] == ["meeting.started", "meeting.participant_joined"]


async def test_a_room_says_who_is_where_with_each_device(stage: Stage):
    room = stage.room
    room.host_joins()
    room.join(ADA, device="phone", name="iPad (2)")
    room.wait(ADA)
    room.breakout(GRACE, "Group 1")
    told = (await stage.looker.open())["rooms"][0]
    assert {key: told[key] for key in ("id", "course", "platform", "topic", "is_open", "host", "breakouts")} == {
        "id": ROOM, "course": "Python 101", "platform": "zoom", "topic": "Python 101", "is_open": True, "host": "grace",
        "breakouts": ["Group 1"],
    }  # fmt: skip
    grace, ada = told["persons"]
    assert [(each["device"], each["where"], each["breakout"]) for each in grace["places"]] == [
        ("laptop", "breakout", "Group 1")
    ]
    assert [(each["device"], each["where"], each["shown_as"]) for each in ada["places"]] == [
        ("phone", "room", "iPad (2)"), ("laptop", "waiting", "iPad (2)"),
    ]  # fmt: skip
    assert ada["places"][0]["since"] == "2026-11-23T18:00:00.000Z"


async def test_who_lost_the_connection_is_there_until_the_platform_notices(stage: Stage):
    stage.room.host_joins()
    stage.room.join(ADA)
    await stage.looker.open()
    stage.room.drop(ADA)
    lost = await stage.looker.change("room")
    assert [each["where"] for each in lost["room"]["persons"][1]["places"]] == ["lost"]
    await stage.deliver(minutes=1)
    gone = await stage.looker.change("room")
    assert gone["room"]["persons"][1]["places"] == []


async def test_what_changes_in_slack_is_told(stage: Stage):
    looker, world, workspace = stage.looker, stage.world, stage.world.workspace
    await looker.open()
    message = workspace.messages.post(world.channel, workspace.bot.id, "One", blocks=[actions(button())])
    assert (await looker.change("message"))["message"]["blocks"][0]["elements"][0]["action_id"] == "go"
    workspace.messages.edit(message, text="Two")
    assert (await looker.change("message"))["message"]["text"] == "Two"
    workspace.messages.annotate(message, reactions={"eyes": ("U0ADA",)})
    assert (await looker.change("message"))["message"]["reactions"] == {"eyes": ["U0ADA"]}
    workspace.messages.delete(message)
    gone = {"is": "message_gone", "channel": world.channel.id, "ts": message.ts, "seen_by": None}
    assert await looker.change("message_gone") == gone
    workspace.messages.post(world.channel, workspace.bot.id, "Psst", seen_by="U0ADA")
    assert (await looker.change("message"))["message"]["seen_by"] == "U0ADA"
    workspace.direct_channel("U0ADA")
    assert (await looker.change("channel"))["channel"]["kind"] == "im"
    await world.ada.change(name="Ada King")
    assert (await looker.change("person"))["person"]["name"] == "Ada King"
    world.call("chat.postMessage", channel=world.channel.id, text="x", colour="red")
    assert (await looker.change("call"))["call"]["method"] == "chat.postMessage"


async def test_what_stands_before_a_person_is_told(stage: Stage):
    looker, views = stage.looker, stage.world.workspace.views
    await looker.open()
    views.open("U0ADA", modal(field({"type": "plain_text_input", "action_id": "why"})))
    (view,) = (await looker.change("views"))["views"]
    assert (view["kind"], view["person"], view["source"]["title"]["text"]) == ("modal", "U0ADA", "Title")
    views.clear("U0ADA")
    assert await looker.change("views") == {"is": "views", "person": "U0ADA", "views": []}
    views.publish("U0ADA", {"type": "home", "blocks": [section()]}, hash_=None)
    assert (await looker.change("home"))["view"]["kind"] == "home"


async def test_a_thing_that_changes_often_is_told_once_in_its_newest_state(stage: Stage):
    looker, world, messages = stage.looker, stage.world, stage.world.workspace.messages
    await looker.open()
    message = messages.post(world.channel, "U0ADA", "0")
    for number in range(1, 500):
        message = messages.edit(message, text=str(number))
    first = await looker.frame()
    told = [change["message"]["text"] for change in first["changes"] if change["is"] == "message"]
    assert told == ["499"]


async def test_frames_come_no_faster_than_ten_a_second(stage: Stage):
    looker, world, messages = stage.looker, stage.world, stage.world.workspace.messages
    await looker.open()
    begun = asyncio.get_running_loop().time()
    for _ in range(30):
        messages.post(world.channel, "U0ADA", "x")
        await asyncio.sleep(0.01)
    messages.post(world.channel, "U0ADA", "last")
    await looker.change("message", lambda change: change["message"]["text"] == "last")
    passed = asyncio.get_running_loop().time() - begun
    assert len(looker.frames) <= 2 + passed / live.AT_MOST_EVERY


async def test_a_message_that_made_room_for_newer_ones_is_gone(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sandbox.slack.messages.PER_CHANNEL", 1)
    looker, world, messages = stage.looker, stage.world, stage.world.workspace.messages
    first = messages.post(world.channel, "U0ADA", "first")
    await looker.open()
    messages.post(world.channel, "U0ADA", "second")
    assert (await looker.change("message_gone"))["ts"] == first.ts


async def test_each_delivery_is_told_with_what_became_of_it(stage: Stage):
    looker = stage.looker
    stage.bot.statuses[:] = [200, 503]
    await looker.open()
    stage.room.host_joins()
    waiting = await looker.change("delivery")
    assert {key: waiting["delivery"][key] for key in ("id", "event", "about", "state", "status", "tries")} == {
        "id": f"{ROOM}.1", "event": "meeting.started", "about": "Python 101", "state": "waiting", "status": None, "tries": 0,
    }  # fmt: skip
    await stage.deliver(seconds=5)
    tried = await looker.change("delivery", lambda change: change["delivery"]["tries"])
    both = [change["delivery"] for change in looker.frames[-1]["changes"] if change["is"] == "delivery"]
    assert tried["delivery"] in both
    assert sorted((each["state"], each["status"], each["tries"]) for each in both) == [
        ("answered", 200, 1), ("retrying", 503, 1),
    ]  # fmt: skip
    assert {each["about"] for each in both} == {"Python 101", "Grace Hopper"}


async def test_who_comes_back_gets_the_world_again(stage: Stage):
    await stage.looker.open()
    await stage.looker.close()
    stage.world.workspace.messages.post(stage.world.channel, "U0ADA", "meanwhile")
    again = await stage.looker.open()
    assert [each["text"] for each in again["messages"]] == ["meanwhile"]


async def test_another_scene_is_a_fresh_world_at_the_same_address(stage: Stage):
    await stage.looker.open()
    other = World()
    other.workspace.add_person(id="U0NEW", name="Somebody New")
    stage.page.show(Scene(workspace=other.workspace))
    fresh = await stage.looker.frame()
    assert fresh["kind"] == "world"
    assert (fresh["scenario"], fresh["rooms"]) == ({}, [])
    assert "U0NEW" in {each["id"] for each in fresh["persons"]}
    stage.world.workspace.messages.post(stage.world.channel, "U0ADA", "of the scene before")
    other.workspace.messages.post(other.channel, "U0ADA", "of this one")
    assert (await stage.looker.change("message"))["message"]["text"] == "of this one"


async def test_what_is_in_the_world_is_not_told_again(stage: Stage):
    first = stage.looker.beside()
    await first.open()
    stage.world.workspace.complain("a remark")
    assert (await stage.looker.open())["problems"] == ["a remark"]
    stage.world.workspace.complain("another")
    assert (await stage.looker.change("problem"))["text"] == "another"
    assert (await first.change("problem"))["text"] == "a remark"


class SlowSocket:
    """The line to a browser that does not read until it is let."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.sent: list[str] = []

    async def send_str(self, frame: str) -> None:
        await self.reads.wait()
        self.sent.append(frame)


async def test_a_slow_reader_gets_the_world_instead_of_a_backlog():
    socket = SlowSocket()
    browser = Browser(socket)  # type: ignore[arg-type]  # all that is asked of it is to send
    writer = asyncio.create_task(browser.write(lambda: "world"))
    await asyncio.sleep(0)  # it hangs at the first world
    for number in range(10 * live.BACKLOG):
        browser.offer(f"change {number}")
        assert len(browser._frames) <= live.BACKLOG
    socket.reads.set()
    await asyncio.sleep(0.01)
    browser.offer("after")
    await asyncio.sleep(0.01)
    writer.cancel()
    assert socket.sent == ["world", "world", "after"]


def test_when_too_much_changes_at_once_it_is_not_told_one_by_one(world: World):
    scene = Scene(workspace=world.workspace)
    ledger = Ledger(scene, lambda: None)
    for _ in range(MOST + 1):
        world.workspace.messages.post(world.channel, "U0ADA", "x")
    assert ledger.take() is None
    world.workspace.messages.post(world.channel, "U0ADA", "x")
    changes = ledger.take()
    assert changes is not None
    assert [change["is"] for change in changes if change["is"] == "message"] == ["message"]


def test_a_ledger_that_nobody_reads_stays_small(world: World):
    ledger = Ledger(Scene(workspace=world.workspace), lambda: None)
    for number in range(2 * MOST):
        world.workspace.messages.post(world.channel, "U0ADA", "x")
        world.workspace.complain(f"remark {number}")
    assert len(ledger._noted) <= MOST + 1
    assert len(ledger._problems) <= 100


def test_a_closed_ledger_hears_nothing(world: World):
    ledger = Ledger(Scene(workspace=world.workspace), lambda: None)
    ledger.close()
    world.workspace.complain("a remark")
    assert not ledger._problems


@pytest.fixture
def world() -> World:
    return World()


async def test_only_so_many_pages_may_be_open(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "MOST_BROWSERS", 1)
    await stage.looker.open()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await stage.looker.beside().open()
    assert refused.value.status == 503


async def test_a_page_that_talks_is_hung_up_on(stage: Stage):
    await stage.looker.open()
    await stage.looker.line.send_str(json.dumps({"kind": "world"}))
    message = await stage.looker.line.receive()
    assert message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
    await soon(lambda: not stage.page._live._browsers)
