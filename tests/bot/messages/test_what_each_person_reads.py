"""What each person reads: the first line of every message at every stage carries the fact, in plain text."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.attendance.wanted import MessageKind
from tests.bot.messages.cases import CASES, Case
from tests.bot.messages.contents import written


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_first_line_carries_the_fact(case: Case) -> None:
    message = written(case.kind, case.content, **case.options or {})
    assert message.first_line == case.first_line


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_whole_message_is_as_it_was_agreed(case: Case, snapshot: SnapshotAssertion) -> None:
    message = written(case.kind, case.content, **case.options or {})
    assert {"text": message.text, "blocks": message.blocks} == snapshot(extension_class=JSONSnapshotExtension)


def test_every_kind_of_message_is_among_them() -> None:
    assert {case.kind for case in CASES} == set(MessageKind)


def test_no_two_of_them_have_the_same_name() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
