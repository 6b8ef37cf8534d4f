"""The short answers at Slack's door: one sentence each, in which no name is markup."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

import pytest

from bot.attendance.checks.refused import RefusalCode
from bot.messages.answers import Answers
from bot.messages.check_answers import CheckAnswers
from bot.permissions import Action
from sandbox.slack.judge.view import check_view
from tests.bot.messages.contents import ROME, SIX

SAYS = Answers(ROME)
SAYERS = (SAYS, CheckAnswers(ROME))
NASTY = "<!channel> & co"
PUBLIC = [
    (says, name)
    for says in SAYERS
    for name, _ in inspect.getmembers(says, inspect.ismethod)
    if not name.startswith("_")
]

#: What a parameter is given, by its name or else by its type; a name is always a nasty one.
BY_NAME: dict[str, list[Any]] = {
    "error_id": ["e4f2"],
    "kind": ["present", "excused", "absent"],
    "suggestion": ["", "now"],
    "code": [*RefusalCode, ""],
    "stage": ["late", "disputed", "accepted", "waived", "disconnected", "void", "cancelled", "missed"],
    "name": [NASTY, ""],
}
BY_TYPE: dict[Any, list[Any]] = {
    str: [NASTY],
    int: [0, 1, SIX],
    int | None: [None, SIX],
    Sequence[str]: [[], [NASTY, "Bob"]],
    Action: list(Action),
}


def said(says: Any, name: str) -> list[Any]:
    """The answer with every value that its parameters may have, one after the other."""
    answer = getattr(says, name)
    given = {
        each.name: BY_NAME.get(each.name) or BY_TYPE[each.annotation]
        for each in inspect.signature(answer).parameters.values()
    }
    most = max((len(values) for values in given.values()), default=1)
    return [answer(**{each: values[turn % len(values)] for each, values in given.items()}) for turn in range(most)]


@pytest.mark.parametrize(("says", "name"), [each for each in PUBLIC if not each[1].endswith("view")])
def test_an_answer_is_one_short_text_without_a_mention(says: Any, name: str) -> None:
    for sentence in said(says, name):
        assert 0 < len(sentence) < 300
        assert "<!channel" not in sentence
        assert not re.search("{(?!date_short|time)", sentence)


@pytest.mark.parametrize("name", [name for _, name in PUBLIC if name.endswith("view")])
def test_a_modal_that_says_what_failed_passes_the_judge(name: str) -> None:
    for view in said(SAYS, name):
        assert check_view(view, "modal") == []


def test_an_error_carries_the_id_that_is_in_the_log() -> None:
    assert "e4f2" in SAYS.something_failed("e4f2")
    assert "e4f2" in SAYS.slack_failed("e4f2")


def test_who_may_not_is_told_who_may() -> None:
    assert SAYS.not_allowed(Action.MARK) == "Only a trainer of this course can do that."
    assert "coordinator" in SAYS.not_allowed(Action.CANCEL)
    assert "`/rollcall why`" in SAYS.not_allowed(Action.SEE_WHY)
