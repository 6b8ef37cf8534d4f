"""Slack is made equal to what is wanted; the other side is the Slack of the sandbox, which judges every call."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from handlers.slack_client import SlackClient, SlackClients
from handlers.ticks import send_messages
from sandbox.slack.workspace import Workspace
from storage.messages import MessageState
from storage.pacing import EDIT, POST
from tests.bot.messages.contents import NOTICE, a_board, a_reminder
from tests.builders import NINE, at
from tests.handlers.slack.school import LESSON
from tests.handlers.ticks.conftest import BOARD, CHANNEL, REMINDER, Post
from tests.handlers.ticks.meanwhile import OnTheWire
from tests.storage.rows import tamper

SECOND = timedelta(seconds=1)


@pytest.fixture
async def impatient(slack: SlackClient, workspace: Workspace) -> AsyncIterator[SlackClient]:
    """A client that waits for an answer no longer than a moment."""
    timeout = aiohttp.ClientTimeout(total=0.2)
    clients = SlackClients(bot_token=workspace.bot_token, api_url=f"{workspace.base_url}api/", timeout=timeout)
    yield clients.client_for("w1")
    await clients.close()


class TestMakingSlackEqual:
    async def test_a_message_is_posted_then_edited_in_place_then_deleted(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder())
        assert await post.send() is None
        (posted,) = post.inbox()
        await post.want(REMINDER, a_reminder(stage="joined", joined_at=1772470800), now=at(1))
        await post.send(at(1))
        (edited,) = post.inbox()
        assert edited.ts == posted.ts
        assert edited.text != posted.text
        await post.want(REMINDER, None, now=at(2))
        await post.send(at(2))
        assert post.inbox() == []
        assert await post.attempts() == [(POST, "ok"), (EDIT, "ok"), ("chat.delete", "ok")]
        assert post.workspace.problems == []

    async def test_where_slack_is_equal_nothing_is_called(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder())
        await post.send()
        await post.want(REMINDER, a_reminder(), now=at(1))
        await post.send(at(1))
        assert post.calls() == [POST]

    async def test_what_is_not_due_waits_and_its_moment_is_known(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder(), due_at=at(3))
        assert await post.send(at(2)) == at(3)
        assert post.calls() == []

    async def test_what_changes_while_it_is_on_the_wire_is_sent_afterwards(self, post: Post) -> None:
        async def bob_comes() -> None:
            await post.want(REMINDER, a_reminder(stage="joined", joined_at=1772470800))

        await post.want(REMINDER, a_reminder())
        assert await post.send(slack=OnTheWire(post.slack, bob_comes)) == NINE
        await post.send()
        (message,) = post.inbox()
        assert message.text.startswith("You joined")

    async def test_two_senders_send_nothing_twice(self, post: Post) -> None:
        async def another_sends() -> None:
            await post.send()

        people = ("ada", "bob", "grace", "olga", "hedy", "rita")
        for who in people:
            await post.want(REMINDER, a_reminder(), to=who)
        await asyncio.gather(*(post.send(slack=OnTheWire(post.slack, another_sends)) for _ in range(3)))
        assert [len(post.inbox(who)) for who in people] == [1] * len(people)

    async def test_what_is_urgent_goes_first(self, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(send_messages, "AT_ONCE", 1)
        await post.want(BOARD, a_board(), to=CHANNEL, due_at=at(-5))
        await post.want(REMINDER, a_reminder(), due_at=at(-1))
        await post.send()
        assert (len(post.inbox()), len(post.channel())) == (1, 0)
        await post.send()
        assert (len(post.inbox()), len(post.channel())) == (1, 1)

    async def test_who_was_told_that_attendance_is_recorded_is_not_told_again(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder(notice=NOTICE))
        await post.want(REMINDER, a_reminder(), to="ada")
        await post.send()
        async with post.store.read() as memory:
            found = await memory.lessons.facts(LESSON)
        assert found is not None
        informed = {person.id for person in found.facts.roster if person.is_informed}
        assert informed == {"bob"}


class TestTrouble:
    async def test_slack_is_left_alone_for_as_long_as_it_asks_for_and_so_is_everybody_of_that_method(
        self, post: Post
    ) -> None:
        post.workspace.faults.rate_limit(POST, retry_after=17)
        await post.want(REMINDER, a_reminder())
        assert await post.send() == NINE + 17 * SECOND
        await post.want(REMINDER, a_reminder(), to="ada")
        assert await post.send(NINE + 16 * SECOND) == NINE + 17 * SECOND
        assert post.calls() == [POST]
        await post.send(NINE + 17 * SECOND)
        await post.send(NINE + 18 * SECOND)
        assert (len(post.inbox()), len(post.inbox("ada"))) == (1, 1)
        assert await post.attempts() == [(POST, "ratelimited"), (POST, "ok")]

    async def test_a_broken_answer_is_tried_again_and_each_time_it_waits_longer(self, post: Post) -> None:
        post.workspace.faults.server_error(POST, times=6)
        await post.want(REMINDER, a_reminder())
        now, waits = NINE, []
        for _ in range(6):
            next_at = await post.send(now)
            assert next_at is not None
            waits.append((next_at - now).total_seconds())
            now = next_at
        assert waits == [2, 5, 15, 60, 300, 300]
        await post.send(now)
        assert len(post.inbox()) == 1
        assert await post.attempts() == [(POST, "no_usable_answer")] * 6 + [(POST, "ok")]

    async def test_no_answer_in_time_is_tried_again(self, post: Post, impatient: SlackClient) -> None:
        post.workspace.faults.no_answer(POST)
        await post.want(REMINDER, a_reminder())
        assert await post.send(slack=impatient) == NINE + 2 * SECOND
        await post.send(NINE + 2 * SECOND)
        assert len(post.inbox()) == 1
        assert await post.attempts() == [(POST, "timeout"), (POST, "ok")]

    async def test_a_dropped_answer_is_tried_again_so_a_message_may_stand_twice(self, post: Post) -> None:
        post.workspace.faults.drop_answer(POST)
        await post.want(REMINDER, a_reminder())
        await post.send()
        await post.send(NINE + 2 * SECOND)
        assert len(post.inbox()) == 2
        assert await post.attempts() == [(POST, "connection_failed"), (POST, "ok")]

    async def test_what_is_refused_is_kept_with_slacks_own_word_and_not_tried_again(self, post: Post) -> None:
        await post.want(BOARD, a_board(), to="#nowhere")
        assert await post.send() is None
        kept = await post.kept(BOARD, "#nowhere")
        assert (kept.state, kept.error) == (MessageState.REJECTED, "channel_not_found")
        await post.send(at(10))
        assert post.calls() == [POST]

    async def test_what_is_too_late_is_skipped_and_said_so(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder(), not_after=at(5))
        await post.send(at(6))
        kept = await post.kept()
        assert (kept.state, kept.error) == (MessageState.SKIPPED, "too late")
        assert post.calls() == []
        assert await post.attempts() == [("", "too late")]

    async def test_who_is_not_in_slack_is_not_written_to_and_stops_nobody(self, post: Post) -> None:
        await tamper(post.store, "UPDATE person SET slack_user_id = '' WHERE id = 'bob'")
        await post.want(REMINDER, a_reminder())
        await post.want(REMINDER, a_reminder(), to="ada")
        await post.send()
        kept = await post.kept()
        assert (kept.state, kept.error) == (MessageState.REJECTED, "not in Slack")
        assert len(post.inbox("ada")) == 1

    async def test_what_should_be_edited_and_is_gone_is_posted_anew(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder())
        await post.send()
        (lost,) = post.inbox()
        await post.slack.delete(lost.channel, lost.ts)
        await post.want(REMINDER, a_reminder(said="on_my_way", promised_at=1772471400), now=at(1))
        assert await post.send(at(1)) == at(1)
        await post.send(at(1))
        (anew,) = post.inbox()
        assert anew.ts != lost.ts
        assert await post.attempts() == [(POST, "ok"), (EDIT, "gone"), (POST, "ok")]

    async def test_what_should_be_deleted_and_is_gone_is_done(self, post: Post) -> None:
        await post.want(REMINDER, a_reminder())
        await post.send()
        (lost,) = post.inbox()
        await post.slack.delete(lost.channel, lost.ts)
        await post.want(REMINDER, None, now=at(1))
        assert await post.send(at(1)) is None
        assert (await post.kept()).state is MessageState.SENT

    async def test_what_cannot_be_worded_stops_no_other(self, post: Post) -> None:
        await post.want(REMINDER, {"stage": "unheard of"})
        await post.want(REMINDER, a_reminder(), to="ada")
        assert await post.send() is None
        kept = await post.kept()
        assert (kept.state, kept.error) == (MessageState.REJECTED, "cannot be worded")
        assert len(post.inbox("ada")) == 1
        assert await post.attempts() == []
