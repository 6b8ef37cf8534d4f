"""Ask the platforms who is in rooms of which nothing is heard (attendance-rules, section 5).

Which lessons, and when, the rules say; a platform has seconds to answer, and what it does not answer says nothing. A
lesson whose room turns out not to be empty is decided again where everything is decided.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.attendance.inside import Inside
from bot.attendance.lessons import Feed
from bot.clock import wire_now
from bot.connectors import AskedRoom, RoomClient
from bot.errors import BotError
from storage.accounts import DEFAULT
from storage.database import Store
from storage.room_looks import LookWanted

#: Lessons asked for at once; Zoom tells of all of them in one answer.
AT_ONCE = 100
#: Wire seconds that a platform has for all its rooms, every attempt included: then the ladder is about to speak.
PATIENCE_SECONDS = 25.0
#: Wire time after which who asked is given up for lost, and somebody else may.
LEASE = timedelta(minutes=2)

log = structlog.get_logger()

#: By lesson id what is shown of its room, None where nothing is, and why that is.
Answers = dict[str, tuple[Inside | None, str]]


async def tick(
    store: Store,
    clients: Mapping[str, RoomClient],
    *,
    now: datetime,
    patience_seconds: float = PATIENCE_SECONDS,
    wake: Callable[[], None] = lambda: None,
) -> datetime | None:
    """Ask once about each room that is due; the moment at which the next one is.

    `clients` are the platforms that can be asked, by name, with the credentials of the account `default`. `wake` is
    called where somebody is in a room that was thought to be empty.
    """
    async with store.read() as memory:
        due_at = await memory.room_looks.next_due_at(wire_now=wire_now())
    if due_at is None or due_at > now:
        return due_at
    async with store.write() as memory:
        wanted = await memory.room_looks.claim(now=now, wire_now=wire_now(), limit=AT_ONCE, lease=LEASE)
    rooms: dict[str, list[LookWanted]] = defaultdict(list)
    for each in wanted:
        if each.account == DEFAULT and each.feed is Feed.UNKNOWN and now < each.planned_end:
            rooms[each.platform].append(each)
    asked = [_ask(clients[name], name, each, now, patience_seconds) for name, each in rooms.items() if name in clients]
    answers: Answers = {}
    for found in await asyncio.gather(*asked):
        answers |= found
    if await _keep(store, wanted, answers, now=now):
        wake()
    async with store.read() as memory:
        return await memory.room_looks.next_due_at(wire_now=wire_now())


async def _ask(
    client: RoomClient, platform: str, wanted: Sequence[LookWanted], now: datetime, patience_seconds: float
) -> Answers:
    """What one platform shows of its rooms; whatever goes wrong, nothing is known."""
    rooms = [AskedRoom(account=each.account_id, room=each.room, start=each.window_start, end=now) for each in wanted]
    found: Mapping[str, Inside] = {}
    error = ""
    try:
        async with asyncio.timeout(patience_seconds):
            found = await client.inside(rooms, now=now)
    except TimeoutError:
        error = "no answer in time"
    except Exception as problem:  # noqa: BLE001  per platform, as the ticks do: one bad answer stops no other
        # The words of an error that we do not know may quote what was told.
        error = str(problem) if isinstance(problem, BotError) else type(problem).__name__
    told = sum(found[each.room].people > 0 for each in wanted if each.room in found)
    log.info("rooms_looked_into", platform=platform, rooms=len(rooms), shown=len(found), in_use=told, problem=error)
    return {each.lesson_id: (found.get(each.room), error) for each in wanted}


async def _keep(store: Store, wanted: Sequence[LookWanted], answers: Answers, *, now: datetime) -> bool:
    """Keep what was shown; whether somebody is in a room that was thought to be empty."""
    in_use = [id_ for id_, (inside, _) in answers.items() if inside is not None and inside.people > 0]
    async with store.write() as memory:
        await memory.lessons.touch(in_use, now)  # before the looks, as whoever keeps a decision does
        for each in wanted:
            inside, error = answers.get(each.lesson_id, (None, ""))
            await memory.room_looks.answered(each, inside, now=now, error=error)
    return bool(in_use)
