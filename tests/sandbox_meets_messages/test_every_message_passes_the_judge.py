"""The sandbox's Slack, which knows nothing of us, takes everything that we say and finds nothing to complain about."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.attendance.wanted import MessageKind
from bot.clock import ManualClock
from bot.messages import render
from bot.messages.message import Block, Message
from sandbox.slack.web_api import answer
from sandbox.slack.workspace import Workspace
from tests.bot.messages.cases import CASES, Case
from tests.bot.messages.contents import written
from tests.bot.messages.sheets import at
from tests.bot.messages.spoken import ANSWERS, HOMES, VIEWS
from tests.sandbox_meets_messages.samples import (
    ANSWERED,
    ASKED,
    COUNTS,
    NAMES,
    PUBLISHED,
    SENTENCES,
    makers_of,
    people_called,
    sentence,
    wanted,
)

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
#: What mentions somebody or everybody. A date is none, and neither is a link to a page of ours.
MENTION = re.compile(r"<[!@#](?!date\^)")


class Judge:
    """A workspace with our own manifest, in which whatever we say is said."""

    def __init__(self) -> None:
        manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
        self.workspace = Workspace(clock=ManualClock(at(0)), manifest=manifest, rate_limits=False)
        self._grace = self.workspace.add_person(id="U0GRACE", name="Grace Hopper")
        self._channel = self.workspace.add_channel("python-101", members=[self._grace]).id

    def hears(self, messages: Iterable[Message]) -> None:
        for message in messages:
            posted = self._call("chat.postMessage", channel=self._channel, text=message.text, blocks=message.blocks)
            self._call("chat.update", channel=self._channel, ts=posted["ts"], text=message.text, blocks=message.blocks)
            self._check_mentions(message.text, message.blocks)

    def is_told(self, text: str) -> None:
        """What the door answers: only who acted sees it."""
        self._call("chat.postEphemeral", channel=self._channel, user="U0GRACE", text=text)
        self._check_mentions(text, [])

    def sees(self, shown: Iterable[Block]) -> None:
        for view in shown:
            trigger = self.workspace.views.new_trigger("U0GRACE")
            self._call("views.open", trigger_id=trigger, view=view)
            self._check_mentions("", view["blocks"])

    def finds_at_home(self, homes: Iterable[Block]) -> None:
        for view in homes:
            self._call("views.publish", user_id="U0GRACE", view=view)
            self._check_mentions("", view["blocks"])

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        body = answer(self.workspace, method, arguments, self.workspace.bot_token).body
        assert body["ok"], body
        assert self.workspace.problems == []
        return body

    def _check_mentions(self, text: str, blocks: list[Block]) -> None:
        assert not [said for said in (text, *mrkdwn_in(blocks)) if MENTION.search(said)]


def mrkdwn_in(value: Any) -> list[str]:
    """Every text in which markup and mentions would work."""
    if isinstance(value, list):
        return [text for each in value for text in mrkdwn_in(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" else []
    return own + [text for each in value.values() for text in mrkdwn_in(each)]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return NAMES[request.param]


@pytest.fixture(params=COUNTS)
def who(request: pytest.FixtureRequest, name: str) -> list[str]:
    return people_called(name, request.param)


@pytest.mark.parametrize("kind", MessageKind)
def test_a_wanted_message_passes(judge: Judge, kind: MessageKind, who: list[str]) -> None:
    judge.hears(wanted(kind, who))


@pytest.mark.parametrize("function", ANSWERED)
def test_an_answer_to_a_command_passes(judge: Judge, function: str, who: list[str]) -> None:
    judge.hears(ANSWERED[function](who))


@pytest.mark.parametrize("function", ASKED)
def test_a_modal_passes(judge: Judge, function: str, who: list[str]) -> None:
    judge.sees(ASKED[function](who))


@pytest.mark.parametrize("function", PUBLISHED)
def test_a_home_passes(judge: Judge, function: str, who: list[str]) -> None:
    judge.finds_at_home(PUBLISHED[function](who))


@pytest.mark.parametrize("function", SENTENCES)
def test_a_sentence_at_the_door_passes(judge: Judge, function: str, who: list[str]) -> None:
    for said in sentence(function, who):
        if isinstance(said, str):
            judge.is_told(said)
        else:
            judge.sees([said])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_stage_of_every_message_passes(judge: Judge, case: Case) -> None:
    judge.hears([written(case.kind, case.content, **case.options or {})])


def test_everything_in_the_handbook_of_answers_passes(judge: Judge) -> None:
    judge.hears(ANSWERS.values())
    judge.sees(VIEWS.values())
    judge.finds_at_home(HOMES.values())


def test_every_kind_of_wanted_message_has_a_sample() -> None:
    assert [kind for kind in MessageKind if not list(wanted(kind, ["Ada"]))] == []


def test_every_function_that_makes_a_message_has_a_sample() -> None:
    assert makers_of(Message).keys() - {render.render.__name__} == ANSWERED.keys()


def test_every_modal_has_a_sample() -> None:
    assert {name for name, module in makers_of(Block).items() if module.endswith("views")} == ASKED.keys()


def test_the_home_has_a_sample() -> None:
    assert {name for name, module in makers_of(Block).items() if module.endswith(".home")} == PUBLISHED.keys()
