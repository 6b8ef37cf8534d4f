"""Make Slack equal to the message rows: post, edit, delete, or nothing to do.

Sending is *at least* once: if the process dies between Slack's answer and our commit, a message may stand twice.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.attendance.wanted import MessageKind
from bot.clock import wire_now
from bot.errors import SlackBusy, SlackRefused
from bot.messages.message import Message, Reader
from bot.messages.render import render
from handlers.join_links import JoinLinks
from handlers.slack_client import SlackClient
from handlers.ticks.own_links import with_own_links
from handlers.ticks.send_files import FileSender, NotYet, Unsendable
from storage.database import Store
from storage.errors import StorageError
from storage.messages import MessageState, ToSend

#: Calls under way at once; Slack answers in a few hundred milliseconds.
AT_ONCE = 20
#: Wire time after which a call is given up for lost and its message may be claimed again.
LEASE = timedelta(seconds=60)
#: The same of files: a large document takes seconds to set and to upload, and there are four to a lesson.
FILES_AT_ONCE = 2
FILES_LEASE = timedelta(minutes=10)
#: Lesson time until the next try, by number of tries.
BACK_OFF = (
    timedelta(seconds=2),
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
)
#: Lesson time until a board looks again whether the summary that it links to stands.
UNTIL_THE_SUMMARY_STANDS = timedelta(seconds=2)
#: What Slack says where the message that should be edited or deleted is not there or not ours any more.
GONE = frozenset({"message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed"})
#: What Slack says of blocks that this workspace does not have yet: the same without them.
NEW_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

log = structlog.get_logger()


async def tick(
    store: Store,
    slack: SlackClient,
    *,
    now: datetime,
    lease: timedelta = LEASE,
    links: JoinLinks | None = None,
    count: Callable[[str], None] = lambda _: None,
    files: FileSender | None = None,
) -> datetime | None:
    """Send everything that is due, by priority; the moment at which the next message is.

    With `files` those that are files are sent, else all others: two ticks, so that no reminder waits for a PDF.

    `lease` is longer than any call can take, or what hangs is sent a second time. With `links` everybody has a **Join**
    of their own. `count` is told of each message that was `sent`, or `failed` for good.
    """
    async with store.read() as memory:
        if not await memory.messages.is_any_due(now=now, wire_now=wire_now(), files=files is not None):
            return await memory.messages.next_due_at(files=files is not None)
    async with store.write() as memory:
        claimed = await memory.messages.claim(
            now=now,
            wire_now=wire_now(),
            limit=AT_ONCE if files is None else FILES_AT_ONCE,
            lease=lease if files is None else FILES_LEASE,
            files=files is not None,
        )
        if links is not None:
            claimed = await with_own_links(memory, claimed, links)
    sending = (_make_so(store, slack, row, now, count, files) for row in claimed)
    ended = await asyncio.gather(*sending, return_exceptions=True)
    for problem in ended:
        if problem is not None:
            raise problem
    async with store.read() as memory:
        return await memory.messages.next_due_at(files=files is not None)


async def _make_so(
    store: Store,
    slack: SlackClient,
    row: ToSend,
    now: datetime,
    count: Callable[[str], None],
    files: FileSender | None,
) -> None:
    try:
        await (_call(store, slack, row, now) if files is None else _put(files, slack, row, now))
        count("sent")
    except Unsendable as problem:
        log.error("files_not_sent", message=row.id, kind=row.kind.value, error=str(problem))  # noqa: TRY400  a trace would show names
        count("failed")
        async with store.write() as memory:
            await memory.messages.unwritable(row.id, revision=row.revision, error=str(problem), now=now)
    except NotYet as early:
        async with store.write() as memory:
            await memory.messages.put_off(row, until=early.until, now=now)
    except SlackBusy as busy:
        await _wait(store, row, busy, now)
    except SlackRefused as refused:
        if await _refused(store, row, refused, now):
            count("failed")
    except StorageError:
        raise
    except Exception:  # as the tick runner does, per item: one bad row stops no other
        log.exception("message_not_written", message=row.id, kind=row.kind.value)
        count("failed")
        async with store.write() as memory:
            await memory.messages.unwritable(row.id, revision=row.revision, error="cannot be worded", now=now)


async def _put(files: FileSender, slack: SlackClient, row: ToSend, now: datetime) -> None:
    await files.send(slack, row, None if row.content is None else _words(row, now), now=now)
    log.info("files_sent", message=row.id, kind=row.kind.value)


async def _call(store: Store, slack: SlackClient, row: ToSend, now: datetime) -> None:
    """The call that makes Slack equal to the row, outside of any transaction, and then its result in a short one."""
    if row.content is None:
        await slack.delete(row.channel, row.ts)
        async with store.write() as memory:
            await memory.messages.deleted(row.id, revision=row.revision, now=now)
        return
    link = await _link_to_summary(store, slack, row, now) if row.kind is MessageKind.BOARD else ""
    try:
        channel, ts = await _post_or_edit(slack, row, _words(row, now, link=link))
    except SlackRefused as refused:
        if refused.code not in NEW_BLOCKS_REFUSED or row.kind is not MessageKind.SUMMARY:
            raise
        async with store.write() as memory:
            await memory.messages.attempted(row.id, method=row.method, outcome=refused.code, now=now)
        channel, ts = await _post_or_edit(slack, row, _words(row, now, plain=True))
    async with store.write() as memory:
        await memory.messages.sent(row.id, revision=row.revision, channel=channel, ts=ts, now=now, method=row.method)
        if row.content.get("notice"):
            await memory.people.informed([row.recipient], now=now)
    log.info("message_sent", message=row.id, kind=row.kind.value, method=row.method)


async def _post_or_edit(slack: SlackClient, row: ToSend, message: Message) -> tuple[str, str]:
    if row.ts:
        await slack.edit(row.channel, row.ts, text=message.text, blocks=message.blocks)
        return row.channel, row.ts
    posted = await slack.post(row.address, text=message.text, blocks=message.blocks)
    return posted.channel, posted.ts


def _words(row: ToSend, now: datetime, *, link: str = "", plain: bool = False) -> Message:
    assert row.content is not None
    sent_at = int((row.sent_at or now).timestamp())
    reader = Reader(language=row.language or "en", zone=row.zone or "UTC")
    return render(row.kind, row.content, reader, link=link, plain=plain, sent_at=sent_at)


async def _link_to_summary(store: Store, slack: SlackClient, row: ToSend, now: datetime) -> str:
    """Where the summary of a board's lesson stands; empty while the lesson runs, and where there will be none."""
    if row.content is None or row.content["state"] != "over":
        return ""
    async with store.read() as memory:
        summary = await memory.messages.find(row.subject, MessageKind.SUMMARY, row.recipient)
    if summary is None:
        return ""
    if not summary.ts:
        if summary.state is not MessageState.WAITING:
            return ""
        raise NotYet(max(now + UNTIL_THE_SUMMARY_STANDS, summary.due_at or now))
    try:
        return await slack.permalink(summary.channel, summary.ts)
    except SlackBusy as busy:
        raise NotYet(now + (busy.retry_after or UNTIL_THE_SUMMARY_STANDS)) from None
    except SlackRefused:
        return ""  # somebody deleted it


async def _wait(store: Store, row: ToSend, busy: SlackBusy, now: datetime) -> None:
    method = row.method
    wait = busy.retry_after or BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
    log.warning("slack_busy", message=row.id, method=method, code=busy.code)
    async with store.write() as memory:
        await memory.messages.busy(row.id, retry_at=now + wait, error=busy.code, now=now, method=method)
        if busy.retry_after is not None:
            await memory.pacing.hold(method, now + busy.retry_after)


async def _refused(store: Store, row: ToSend, refused: SlackRefused, now: datetime) -> bool:
    """What Slack refused for good is kept with its reason, and True; what stood and is gone is posted anew."""
    method = row.method
    async with store.write() as memory:
        if refused.code in GONE and method == "chat.delete":
            await memory.messages.deleted(row.id, revision=row.revision, now=now)
        elif refused.code in GONE:
            await memory.messages.lost(row.id, now=now)
        else:
            log.error("slack_refused", message=row.id, kind=row.kind.value, method=method, code=refused.code)
            await memory.messages.rejected(row.id, revision=row.revision, error=refused.code, now=now, method=method)
            return True
    return False
