"""The summary comes in any workspace, and the board's last edit waits for it and links to it."""

from datetime import timedelta

import pytest

from storage.messages import MessageState
from storage.pacing import EDIT, POST
from tests.bot.messages.contents import a_board, a_summary
from tests.builders import at
from tests.handlers.ticks.conftest import BOARD, CHANNEL, SUMMARY, Post

SECOND = timedelta(seconds=1)


class TestTheSummary:
    async def test_where_its_table_is_refused_it_comes_without_and_both_calls_are_kept(self, post: Post) -> None:
        post.workspace.faults.error(POST, "invalid_blocks")
        await post.want(SUMMARY, a_summary(), to=CHANNEL)
        assert await post.send() is None
        (message,) = post.channel()
        assert not any(block["type"] in {"table", "data_table"} for block in message.blocks)
        assert await post.attempts(SUMMARY, CHANNEL) == [(POST, "invalid_blocks"), (POST, "ok")]

    async def test_any_other_message_whose_blocks_are_refused_is_refused(self, post: Post) -> None:
        post.workspace.faults.error(POST, "invalid_blocks")
        await post.want(BOARD, a_board(), to=CHANNEL)
        await post.send()
        assert (await post.kept(BOARD, CHANNEL)).state is MessageState.REJECTED


class TestTheBoardsLastEdit:
    @pytest.fixture(autouse=True)
    async def _board_stands(self, post: Post) -> None:
        await post.want(BOARD, a_board(), to=CHANNEL)
        await post.send()
        await post.want(BOARD, a_board(state="over"), to=CHANNEL, now=at(60))

    async def test_waits_for_the_summary_and_links_to_it(self, post: Post) -> None:
        await post.want(SUMMARY, a_summary(), to=CHANNEL, now=at(60))
        assert await post.send(at(60)) == at(60) + 2 * SECOND
        board, summary = post.channel()
        assert "is over" not in board.text
        await post.send(at(60) + 2 * SECOND)
        board, _ = post.channel()
        assert "is over" in board.text
        assert await post.slack.permalink(summary.channel, summary.ts) in str(board.blocks)
        assert await post.attempts(BOARD, CHANNEL) == [(POST, "ok"), (EDIT, "ok")]

    async def test_uses_up_nothing_of_what_others_may_edit_while_it_waits(self, post: Post) -> None:
        await post.want(SUMMARY, a_summary(), to=CHANNEL, now=at(60), due_at=at(120))
        for second in range(6):
            now = at(60) + second * SECOND
            await post.want(BOARD, a_board(state="over", expected=second), to=CHANNEL, now=now)
            await post.send(now)
        async with post.store.write() as memory:
            assert await memory.pacing.take_many([[EDIT]] * 5, now=now) == [now] * 5

    async def test_waits_for_as_long_as_the_summary_has_to(self, post: Post) -> None:
        await post.want(SUMMARY, a_summary(), to=CHANNEL, now=at(60), due_at=at(61))
        assert await post.send(at(60)) == at(61)
        await post.send(at(61))
        await post.send(at(61) + 2 * SECOND)
        board, _ = post.channel()
        assert "is over" in board.text

    @pytest.mark.parametrize("fault", ["not wanted", "refused"])
    async def test_does_not_wait_for_a_summary_that_will_not_come(self, post: Post, fault: str) -> None:
        if fault == "refused":
            post.workspace.faults.error(POST, "restricted_action")
            await post.want(SUMMARY, a_summary(), to=CHANNEL, now=at(60))
            await post.send(at(60))
        await post.send(at(60) + 2 * SECOND)
        (board,) = post.channel()
        assert "is over" in board.text

    async def test_goes_without_a_link_where_somebody_has_deleted_the_summary(self, post: Post) -> None:
        await post.want(SUMMARY, a_summary(), to=CHANNEL, now=at(60))
        await post.send(at(60))
        board, summary = post.channel()
        await post.slack.delete(summary.channel, summary.ts)
        await post.send(at(60) + 2 * SECOND)
        (edited,) = post.channel()
        assert edited.ts == board.ts
        assert "is over" in edited.text

    async def test_waits_where_slack_has_no_answer_about_the_summary(self, post: Post) -> None:
        await post.want(SUMMARY, a_summary(), to=CHANNEL, now=at(60))
        await post.send(at(60))
        post.workspace.faults.rate_limit("chat.getPermalink", retry_after=20)
        assert await post.send(at(60) + 2 * SECOND) == at(60) + 22 * SECOND
        await post.send(at(60) + 22 * SECOND)
        board, _ = post.channel()
        assert "is over" in board.text
