"""Ask Slack who the people are whose e-mail we do not know: who has an account here is *not enrolled*, not unknown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.errors import SlackBusy, SlackRefused
from handlers.slack_client import SlackClient
from handlers.ticks.refresh_people import RETRY, is_ours
from storage.database import Store
from storage.pacing import LOOK_UP
from storage.slack_accounts import SlackAccount

#: Where no answer was kept, because Slack gave none or we were stopped, it is asked again after this.
LEASE = timedelta(minutes=1)
#: What Slack says of an address that it cannot read: it will never be anybody's.
UNREADABLE = "invalid_arguments"

log = structlog.get_logger()


async def tick(store: Store, slack: SlackClient, *, now: datetime, wake: Callable[[], None]) -> datetime | None:
    """Ask about everybody who is due, as fast as Slack allows; when to ask next, None where nobody is unknown.

    `wake` is called where somebody was found: lessons are due.
    """
    async with store.read() as memory:
        due_at = await memory.strangers.next_due_at()
    if due_at is None or due_at > now:
        return due_at
    try:
        if not await is_ours(store, slack):
            return await _wait(store, now + RETRY, "other_workspace")
        await _ask(store, slack, now, wake)
    except SlackBusy as busy:
        return await _wait(store, now + (busy.retry_after or RETRY), busy.code)
    except SlackRefused as refused:
        return await _wait(store, now + RETRY, refused.code)
    async with store.read() as memory:
        return await memory.strangers.next_due_at()


async def _wait(store: Store, until: datetime, code: str) -> datetime | None:
    """Not before then, however often this is woken."""
    log.warning("strangers_not_named", code=code)
    async with store.write() as memory:
        await memory.pacing.hold(LOOK_UP, until)
        return await memory.strangers.next_due_at()


async def _ask(store: Store, slack: SlackClient, now: datetime, wake: Callable[[], None]) -> None:
    """Keep each answer as it comes: what follows may fail."""
    async with store.write() as memory:
        emails = await memory.strangers.take(now=now, lease=LEASE)
    found = 0
    for email in emails:
        account = await _account_of(slack, email)
        found += account is not None
        async with store.write() as memory:
            await memory.strangers.answered(email, account, now=now)
        if account is not None:
            wake()
    if emails:
        log.info("strangers_named", asked=len(emails), found=found)


async def _account_of(slack: SlackClient, email: str) -> SlackAccount | None:
    """The person's account that has this e-mail; None where nobody has, or a bot."""
    try:
        found = await slack.lookup_by_email(email)
    except SlackRefused as refused:
        if refused.code == UNREADABLE:
            return None
        raise
    if found is None or found.is_bot:
        return None
    # The look-up does not tell the language.
    profile = await slack.profile(found.account.user_id)
    return replace(profile.account, email=email)
