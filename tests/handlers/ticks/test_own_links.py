"""Who is enrolled finds their own way in behind **Join**; it is put in when a message is sent and kept nowhere."""

import pytest

from bot.attendance.wanted import MessageKind
from handlers.join_links import JoinLinks
from handlers.keys import Keys
from handlers.slack_client import SlackClient
from handlers.ticks import send_messages
from storage.join_links import JoinPlace
from tests.bot.messages.contents import a_board, a_lost_you, a_reminder, a_trainer_missing, about
from tests.builders import NINE, at
from tests.handlers.ticks.conftest import BOARD, CHANNEL, REMINDER, Post

OWN_LINK = JoinLinks(Keys(["a secret key of more than thirty-two letters"]), "https://rollcall.example.com")
COURSE_LINK = about()["join_url"]


async def sent(post: Post, slack: SlackClient, links: JoinLinks | None = OWN_LINK) -> None:
    await send_messages.tick(post.store, slack, now=NINE, links=links)
    assert post.workspace.problems == []


def join_of(post: Post, who: str) -> str:
    """Where the button in the newest message to somebody leads."""
    buttons = [element for block in post.inbox(who)[-1].blocks for element in block.get("elements", [])]
    (url,) = [button["url"] for button in buttons if "url" in button]
    return str(url)


def place_in(url: str) -> JoinPlace | None:
    return OWN_LINK.read(url.rpartition("/")[2])


@pytest.mark.parametrize(
    ("kind", "content", "who"),
    [
        (REMINDER, a_reminder(), "bob"),
        (MessageKind.LOST_YOU, a_lost_you(), "bob"),
        (MessageKind.TRAINER_MISSING, a_trainer_missing(), "grace"),
    ],
)
async def test_join_in_a_message_is_the_reader_s_own(
    post: Post, slack: SlackClient, kind: MessageKind, content: dict[str, object], who: str
) -> None:
    await post.want(kind, content, to=who)
    await sent(post, slack)
    url = join_of(post, who)
    assert url.startswith("https://rollcall.example.com/join/")
    assert place_in(url) == JoinPlace(course_id="python", person_id=who, generation=1)


async def test_what_is_kept_of_a_message_has_no_token(post: Post, slack: SlackClient) -> None:
    await post.want(REMINDER, a_reminder())
    await sent(post, slack)
    content = (await post.kept()).content
    assert content is not None
    assert content["about"]["join_url"] == COURSE_LINK


async def test_two_students_have_two_links(post: Post, slack: SlackClient) -> None:
    for who in ("ada", "bob"):
        await post.want(REMINDER, a_reminder(), to=who)
    await sent(post, slack)
    places = [place_in(join_of(post, who)) for who in ("ada", "bob")]
    assert [place and place.person_id for place in places] == ["ada", "bob"]


async def test_who_is_not_enrolled_has_the_course_s_link(post: Post, slack: SlackClient) -> None:
    await post.want(MessageKind.TRAINER_MISSING, a_trainer_missing(), to="hedy")
    await sent(post, slack)
    assert join_of(post, "hedy") == COURSE_LINK


async def test_without_a_public_url_everybody_has_the_course_s_link(post: Post, slack: SlackClient) -> None:
    await post.want(REMINDER, a_reminder())
    await sent(post, slack, JoinLinks(OWN_LINK.keys))
    assert join_of(post, "bob") == COURSE_LINK


async def test_a_course_without_a_link_has_no_button_however_personal(post: Post, slack: SlackClient) -> None:
    await post.want(REMINDER, a_reminder(about=about(join_url="")))
    await sent(post, slack)
    assert "url" not in str(post.inbox("bob")[-1].blocks)


async def test_a_channel_is_nobody_and_has_no_link_of_its_own(post: Post, slack: SlackClient) -> None:
    await post.want(BOARD, a_board(), to=CHANNEL)
    await sent(post, slack)
    assert "/join/" not in str(post.channel()[-1].blocks)


async def test_a_link_that_was_replaced_is_replaced_in_the_message_s_next_edit(post: Post, slack: SlackClient) -> None:
    await post.want(REMINDER, a_reminder())
    await sent(post, slack)
    async with post.store.write() as memory:
        await memory.join_links.renew("python", ["bob"], by="test", now=at(1))
    await post.want(REMINDER, a_reminder(said="technical_problem"), now=NINE)
    await sent(post, slack)
    place = place_in(join_of(post, "bob"))
    assert place is not None
    assert place.generation == 2
