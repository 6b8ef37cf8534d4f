"""What Rollcall says, and the corpora of the sandbox's judge, before `blocks.validate`: the sandbox's and Slack's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.attendance.wanted import MessageKind
from bot.messages.message import Message
from tests.sandbox_meets_messages.samples import ANSWERED, ASKED, COUNTS, NAMES, people_called, wanted

pytestmark = pytest.mark.timeout(900)  # Slack may ask to wait between two of them

CORPUS = Path(__file__).parents[1] / "sandbox" / "slack" / "corpus"


async def mistakes(validator: AsyncWebClient, **judged: Any) -> list[Any]:
    """What is wrong with blocks, a message or a view; nothing if it may be sent.

    As JSON: the client's own method would put it into the address, which is too short for a long message.
    """
    try:
        reply = await validator.api_call("blocks.validate", json=judged)
    except SlackApiError as refused:
        told: dict[str, Any] = dict(refused.response.data)
        return told.get("errors") or [told["error"]]
    return reply.get("errors") or []


async def corpus_mistakes(validator: AsyncWebClient, path: str, judged: str) -> dict[str, list[Any]]:
    """The mistakes in each entry of a corpus that says something about messages, by its name."""
    entries: dict[str, dict[str, Any]] = json.loads((CORPUS / path).read_text(encoding="utf-8"))
    return {
        name: await mistakes(validator, **{judged: entry[judged]})
        for name, entry in entries.items()
        if "message" in entry.get("on", ["message"])
    }


@pytest.fixture(params=COUNTS)
def who(request: pytest.FixtureRequest) -> list[str]:
    return people_called(NAMES["mentions"], request.param)


def spoken(who: list[str]) -> dict[str, list[Message]]:
    """The messages of each kind, and the answers of each function."""
    golden: dict[str, list[Message]] = {kind.value: list(wanted(kind, who)) for kind in MessageKind}
    return golden | {function: list(made(who)) for function, made in ANSWERED.items()}


async def test_every_golden_message_is_valid(validator: AsyncWebClient, who: list[str]):
    found = {
        f"{name} {number}": await mistakes(validator, message={"text": message.text, "blocks": message.blocks})
        for name, messages in spoken(who).items()
        for number, message in enumerate(messages)
    }
    assert {name: told for name, told in found.items() if told} == {}


async def test_every_golden_modal_is_valid(validator: AsyncWebClient, who: list[str]):
    found = {
        f"{function} {number}": await mistakes(validator, view=view)
        for function, made in ASKED.items()
        for number, view in enumerate(made(who))
    }
    assert {name: told for name, told in found.items() if told} == {}


async def test_what_the_judge_takes_is_valid(validator: AsyncWebClient):
    found = await corpus_mistakes(validator, "valid/blocks.json", "blocks")
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(("path", "judged"), [("invalid/blocks.json", "blocks"), ("invalid/views.json", "view")])
async def test_what_the_judge_refuses_is_not_valid(validator: AsyncWebClient, path: str, judged: str):
    found = await corpus_mistakes(validator, path, judged)
    assert [name for name, told in found.items() if not told] == []
