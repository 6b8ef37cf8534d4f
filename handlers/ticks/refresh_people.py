"""Ask Slack who everybody is: accounts by e-mail, zones, languages, admins, who is deactivated.

Once a day, and soon after somebody new came with a course file, so that nobody has to be looked up while a lesson runs.
"""

from datetime import datetime, timedelta

import structlog

from bot.errors import SlackBusy, SlackRefused
from handlers.slack_client import SlackClient
from storage.database import Store

#: Who was looked up is looked up again after this.
EVERY = timedelta(days=1)
#: After an answer that Slack refused (a token without the scope), or without a time to wait.
RETRY = timedelta(minutes=10)
#: users.list is Slack's tier 2, 20 calls a minute: pages of 1,000 are 20,000 accounts a minute.
PAGE = 1_000
BUCKET = "users.list"

log = structlog.get_logger()


async def tick(store: Store, slack: SlackClient, *, now: datetime) -> datetime | None:
    """Look everybody up if somebody is due; the moment at which somebody is again, None where nobody is known."""
    async with store.read() as memory:
        due_at = await memory.slack_accounts.next_look_up_at(every=EVERY)
        free_at = (await memory.pacing.free_at([BUCKET]))[BUCKET]
    if due_at is None or max(due_at, free_at) > now:
        return None if due_at is None else max(due_at, free_at)
    try:
        found = await _look_up(store, slack, now) if await is_ours(store, slack) else 0
    except SlackBusy as busy:
        return await _wait(store, now + (busy.retry_after or RETRY), busy.code)
    except SlackRefused as refused:
        return await _wait(store, now + RETRY, refused.code)
    async with store.write() as memory:
        await memory.slack_accounts.looked_up(now=now)
    log.info("people_looked_up", found=found)
    return now + EVERY


async def _wait(store: Store, until: datetime, code: str) -> datetime:
    """Not before then, however often this is woken."""
    log.warning("people_not_looked_up", code=code)
    async with store.write() as memory:
        await memory.pacing.hold(BUCKET, until)
    return until


async def is_ours(store: Store, slack: SlackClient) -> bool:
    """Whether the token is of the workspace whose memory this is; the first one is remembered."""
    team = await slack.whose_token()
    async with store.write() as memory:
        is_ours = await memory.door.bind(team_id=team.team_id, enterprise_id=team.enterprise_id, name=team.name)
    if not is_ours:
        log.error("slack_other_workspace", team=team.team_id)
    return is_ours


async def _look_up(store: Store, slack: SlackClient, now: datetime) -> int:
    """Read everybody, page by page; how many of them we know."""
    found, cursor = 0, ""
    while True:
        page = await slack.users_page(cursor, limit=PAGE)
        accounts = [profile.account for profile in page.profiles if not profile.is_bot]
        async with store.write() as memory:
            found += await memory.slack_accounts.remember(accounts, now=now)
        cursor = page.next_cursor
        if not cursor:
            return found
