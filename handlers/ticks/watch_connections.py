"""Look at the connections: is something refused or late of which the admins should hear?"""

from datetime import datetime

from bot.attendance.connection_trouble import decide_account, decide_channel, subject_of_channel, subjects_of
from storage.database import Store


async def tick(store: Store, *, now: datetime) -> datetime | None:
    """Tell the admins what they should know; when to look again, None while nothing is wrong.

    Nobody wakes it: a trouble of this kind is told of some seconds later just as well, so the poll is enough.
    """
    async with store.read() as memory:
        accounts = await memory.troubles.accounts()
        channels = await memory.troubles.channels(now=now)
        subjects = [subject for account in accounts for subject in subjects_of(account)]
        subjects += [subject_of_channel(channel) for channel in channels]
        standing = await memory.troubles.standing(subjects)
        admins = await memory.troubles.admins()
    decisions = [decide_account(account, admins=admins, standing=standing, now=now) for account in accounts]
    wanted = [each for decision in decisions for each in decision.wanted]
    for channel in channels:
        wanted += decide_channel(channel, admins=admins, standing=standing, now=now)
    changed = [
        decision
        for account, decision in zip(accounts, decisions, strict=True)
        if decision.is_quiet or decision.late_first_at != account.late_first_at
    ]
    if wanted or changed:
        async with store.write() as memory:
            await memory.messages.want(wanted, now=now)
            await memory.troubles.keep(changed, now=now)
    looks = [decision.next_look_at for decision in decisions if decision.next_look_at is not None]
    return min(looks, default=None)
