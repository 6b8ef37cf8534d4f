"""The sandbox's judge of Block Kit, which knows nothing of us, accepts everything that we say."""

import pytest

from bot.attendance.wanted import MessageKind
from bot.messages.message import Block, Message
from sandbox.slack.judge.message import check_message, too_long
from sandbox.slack.judge.view import check_view
from tests.bot.messages.cases import CASES, Case
from tests.bot.messages.contents import written
from tests.bot.messages.spoken import ANSWERS, VIEWS
from tests.bot.messages.test_limits import everything_about


def judge(message: Message) -> None:
    assert check_message(message.blocks) == []
    assert not too_long(message.blocks)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_message_passes(case: Case) -> None:
    judge(written(case.kind, case.content, **case.options or {}))


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("n", [0, 1, 40, 500])
def test_a_message_about_so_many_students_passes(kind: MessageKind, n: int) -> None:
    for content in everything_about(n)[kind]:
        judge(written(kind, content))


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_to_a_command_passes(answer: Message) -> None:
    judge(answer)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_modal_passes(view: Block) -> None:
    assert check_view(view, "modal") == []
