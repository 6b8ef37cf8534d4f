"""Buttons and modals of an older version, forwarded to somebody else, or made up: each press gets a sentence."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from bot.errors import BotError
from bot.messages import actions
from handlers.documents import Documents
from handlers.slack.door import Check, EventWork, Work, wrong_fields
from handlers.slack.features import features
from handlers.slack.visit import Visit
from tests.builders import ADA, GRACE, at, joined
from tests.handlers.slack.conftest import Desk
from tests.handlers.slack.school import HISTORY, LESSON, account_of

VALUES = (
    "",
    f"{LESSON}|nobody|whatever",
    f"{LESSON}|ada|-5",
    f"{LESSON}||999999999999",
    f"{HISTORY}|bob|dispute",
)
FIELDS: tuple[Mapping[str, str], ...] = (
    {},
    dict.fromkeys(
        (
            actions.REASON,
            actions.PERSON,
            actions.NAME_TYPED,
            actions.NAME_IN_ROOM,
            actions.MARK_KIND,
            actions.CHECK_FIRST,
        ),
        "whatever",
    )
    | {
        actions.FROM: "0",
        actions.TO: "99999999999999",
        actions.CHECK_TEMPLATE: "custom",
        actions.CHECK_ANSWERED: "a b",
    },
    {
        actions.FROM: "yesterday",
        actions.TO: "-1",
        actions.PERSON: "ada",
        actions.SLACK_USER: "W0NOBODY",
        actions.MARK_KIND: "present",
        actions.CHECK_TEMPLATE: "an old one",
        actions.CHECK_ANSWERED: "|",
    },
)


@dataclass
class Listening:
    """Takes what each feature listens to, as the door does; words and events have tests of their own."""

    presses: list[tuple[str, Work]] = field(default_factory=list)
    forms: list[tuple[str, Work, Check | None]] = field(default_factory=list)

    def command(self, name: str, work: Work) -> None: ...

    def event(self, name: str, work: EventWork) -> None: ...

    def action(self, action_id: re.Pattern[str], work: Work) -> None:
        self.presses.append((action_id.pattern.strip("^$").split("(")[0].replace("\\", ""), work))

    def view(self, callback_id: str, work: Work, check: Check | None = None) -> None:
        self.forms.append((callback_id, work, check))


@pytest.fixture
async def listening(desk: Desk, documents: Documents) -> Listening:
    """Two lessons run; in one of them Ada is there, and who teaches."""
    await desk.school.plan()
    await desk.school.plan(HISTORY, course="history")
    await desk.school.hear(joined(GRACE, at=-5), joined(ADA, at=1))
    made = Listening()
    for feature in features(desk.office, desk.checks, documents):
        feature.register(made)  # type: ignore[arg-type]  # a door without Slack before it
    return made


def visit(value: str, **more: Any) -> Visit:
    """By a trainer: who may do more meets more."""
    return Visit(user=account_of("grace"), now=at(10), value=value, channel=account_of("grace"), **more)


async def test_a_press_with_any_value_is_done_or_answered_with_a_sentence(listening: Listening) -> None:
    for name, work in listening.presses:
        for value in VALUES:
            with suppress(BotError):
                await work(visit(value, action_id=name))
    assert len(listening.presses) > 30


async def test_a_modal_with_any_fields_is_done_or_answered_with_a_sentence(listening: Listening) -> None:
    for name, work, check in listening.forms:
        for value, fields in product(VALUES, FIELDS):
            submitted = visit(value, action_id=name, fields=fields)
            if not wrong_fields(check, submitted):
                with suppress(BotError):
                    await work(submitted)
    assert len(listening.forms) > 8
