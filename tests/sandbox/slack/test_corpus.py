"""What Slack takes and what it refuses, file by file: `corpus/valid` and `corpus/invalid`.

An entry of `valid/blocks.json` says on which surfaces its blocks may stand; on the others they are refused. An invalid
entry has, beside it, Slack's error and the JSON pointer to the first mistake. `<ts>` is a message of the bot that is
there, `<trigger>` a trigger of this moment.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.slack.judge.blocks import BLOCKS
from sandbox.slack.judge.elements import ELEMENTS
from sandbox.slack.judge.rich_text import PARTS, PIECES
from sandbox.slack.judge.view import check_view
from tests.sandbox.slack.world import World, field, modal, section

Entry = dict[str, Any]
CORPUS = Path(__file__).parent / "corpus"


def corpus(path: str) -> Any:
    """Parametrize by the entries of one file, each with its name."""
    entries: dict[str, Entry] = json.loads((CORPUS / path).read_text(encoding="utf-8"))
    return pytest.mark.parametrize("entry", [pytest.param(entry, id=name) for name, entry in entries.items()])


def called(world: World, entry: Entry) -> Entry:
    """The reply to a call of the corpus."""
    ts = world.workspace.messages.post(world.channel, world.workspace.bot.id, "Hello").ts
    filled = {"<ts>": ts, "<trigger>": world.workspace.views.new_trigger("U0ADA")}
    arguments = {
        name: filled.get(value, value) if isinstance(value, str) else value
        for name, value in entry["arguments"].items()
    }
    return world.call(entry["method"], **arguments)


def published(world: World, view: Entry) -> Entry:
    """The reply to a view that is shown: a Home tab as one, anything else as a modal."""
    if view.get("type") == "home":
        return world.call("views.publish", user_id="U0ADA", view=view)
    return world.call("views.open", trigger_id=world.workspace.views.new_trigger("U0ADA"), view=view)


def pointers(body: Entry) -> list[str]:
    """Where the mistakes are, as the reply names them."""
    messages = body.get("response_metadata", {}).get("messages", [])
    return [found[1] for message in messages if (found := re.search(r"\[json-pointer:(.*)]$", message))]


def check_refusal(body: Entry, entry: Entry) -> None:
    assert (body["ok"], body["error"]) == (False, entry["error"])
    assert pointers(body)[:1] == ([entry["pointer"]] if "pointer" in entry else [])


@corpus("valid/blocks.json")
def test_blocks_stand_where_they_may_and_nowhere_else(world: World, entry: Entry):
    blocks = entry["blocks"]
    said = world.error("chat.postMessage", channel="python-101", text="Hello", blocks=blocks)
    flaws = {
        "message": said != "none",
        "modal": bool(check_view(modal(*blocks), "modal")),
        "home": bool(check_view({"type": "home", "blocks": blocks}, "home")),
    }
    assert [surface for surface, is_refused in flaws.items() if not is_refused] == entry["on"]


@corpus("valid/views.json")
def test_a_view_may_be(world: World, entry: Entry):
    assert published(world, entry["view"])["ok"]


@corpus("valid/calls.json")
def test_a_call_may_be_made(world: World, entry: Entry):
    assert called(world, entry)["ok"]
    assert world.workspace.problems == []


@corpus("invalid/blocks.json")
def test_a_message_may_not_have(world: World, entry: Entry):
    body = world.call("chat.postMessage", channel="python-101", text="Hello", blocks=entry["blocks"])
    check_refusal(body, entry)


@corpus("invalid/views.json")
def test_a_view_may_not_be(world: World, entry: Entry):
    check_refusal(published(world, entry["view"]), entry)


@corpus("invalid/calls.json")
def test_a_call_may_not_be_made(world: World, entry: Entry):
    check_refusal(called(world, entry), entry)


def types_in(value: Any) -> set[str]:
    """Every `type` that stands somewhere in a value."""
    if isinstance(value, list):
        return {kind for each in value for kind in types_in(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["type"]} if isinstance(value.get("type"), str) else set()
    return own | {kind for each in value.values() for kind in types_in(each)}


def test_every_block_element_and_piece_of_rich_text_is_in_the_corpus():
    shown = types_in(json.loads((CORPUS / "valid/blocks.json").read_text(encoding="utf-8")))
    assert {*BLOCKS, *ELEMENTS, *PARTS, *PIECES} - shown == set()


@pytest.mark.parametrize("method", ["chat.postEphemeral", "chat.scheduleMessage", "chat.update"])
def test_blocks_are_judged_by_every_method_that_takes_them(world: World, method: str):
    ts = world.call("chat.postMessage", channel="python-101", text="Hello")["ts"]
    own = {
        "chat.postEphemeral": {"user": "U0ADA"},
        "chat.scheduleMessage": {"post_at": int(world.clock.now().timestamp()) + 60},
        "chat.update": {"ts": ts},
    }[method]
    body = world.call(method, channel=world.channel.id, text="Hello", blocks=[section("")], **own)
    assert (body["error"], pointers(body)) == ("invalid_blocks", ["/blocks/0/text/text"])


@pytest.mark.parametrize("method", ["views.open", "views.push", "views.update"])
def test_views_are_judged_by_every_method_that_takes_them(world: World, method: str):
    def trigger() -> str:
        return world.workspace.views.new_trigger("U0ADA")

    shown = world.call("views.open", trigger_id=trigger(), view=modal(field({"type": "plain_text_input"})))["view"]
    own = {"view_id": shown["id"]} if method == "views.update" else {"trigger_id": trigger()}
    body = world.call(method, view=modal(section("")), **own)
    assert (body["error"], pointers(body)) == ("invalid_arguments", ["/view/blocks/0/text/text"])
