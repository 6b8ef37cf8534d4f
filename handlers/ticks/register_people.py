"""Register students on Zoom ahead of their lessons, so that each has a link of their own and is known by it.

Zoom counts three registrations a day for each person: who is registered already is only looked up, and who could not
be is tried again hours later. Whatever goes wrong, the course's own link leads in as well.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from handlers.platforms.zoom.client import NewRegistrant, ZoomClient
from handlers.platforms.zoom.replies import Registrant
from storage.database import Store
from storage.registrants import ToRegister

PLATFORM = "zoom"
#: People in one go; as many as Zoom takes in one call.
CHUNK = 30
#: After it somebody else may ask, should we have died in the middle.
LEASE = timedelta(minutes=10)
#: Until the next try after no answer, by number of tries: three in a day at most.
BACK_OFF = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))
#: After a *no*: somebody has to change something in Zoom first.
AFTER_A_NO = timedelta(days=1)
#: Without a time to wait.
SOME_TIME = timedelta(minutes=1)

NO_REGISTRATION = "the meeting takes no registrations"
NO_LINK = "Zoom gave no link: the host has to approve it, or the address is none"

log = structlog.get_logger()

Seal = Callable[[str], str]


async def tick(store: Store, zoom: ZoomClient | None, *, seal: Seal, now: datetime) -> datetime | None:
    """Register who is due; when somebody is again. `seal` encrypts: whoever has a link comes in as its owner."""
    if zoom is None:
        return None
    async with store.read() as memory:
        is_new = bool(await memory.registrants.wanted(PLATFORM, now=now))
        due_at = await memory.registrants.next_due_at()
    if not is_new and (due_at is None or due_at > now):
        return due_at
    async with store.write() as memory:
        await memory.registrants.plan(PLATFORM, now=now)
        taken = await memory.registrants.take(now=now, limit=CHUNK, lease=LEASE)
    by_room: dict[str, list[ToRegister]] = defaultdict(list)
    for each in taken:
        by_room[each.room_id].append(each)
    for room_id, people in by_room.items():
        await _register(store, zoom, room_id, people, seal=seal, now=now)
    async with store.read() as memory:
        return await memory.registrants.next_due_at()


async def _register(
    store: Store, zoom: ZoomClient, room_id: str, people: Sequence[ToRegister], *, seal: Seal, now: datetime
) -> None:
    """Everybody of one room; what Zoom says of the room holds for all who wait for it."""
    try:
        meeting = await zoom.meeting(people[0].room)
        if meeting is None or not meeting.takes_registrants:
            await _put_off(store, room_id, NO_REGISTRATION, now + AFTER_A_NO)
            return
        found = await _links(zoom, people)
    except PlatformBusy as busy:
        await _put_off(store, room_id, str(busy), now + (busy.retry_after or SOME_TIME))
    except PlatformRefused as refused:
        await _put_off(store, room_id, str(refused), now + AFTER_A_NO)
    except PlatformUnavailable as unavailable:
        tries = max(each.attempts for each in people)
        until = now + BACK_OFF[min(tries, len(BACK_OFF) - 1)]
        async with store.write() as memory:
            for each in people:
                await memory.registrants.failed(each, error=str(unavailable), retry_at=until)
    else:
        await _keep(store, people, found, seal=seal, now=now)


async def _links(zoom: ZoomClient, people: Sequence[ToRegister]) -> Mapping[str, Registrant]:
    """By person id; who is not registered yet is. One wrong address makes Zoom refuse all: then each goes alone."""
    room = people[0].room
    found = _matched(people, await zoom.registrants(room))
    fresh = {each.email: _new(each) for each in people if each.person_id not in found}
    if not fresh:
        return found
    try:
        made = await zoom.create_registrants(room, list(fresh.values()))
    except PlatformRefused:
        made = [registrant for person in fresh.values() for registrant in await _alone(zoom, room, person)]
    if not all(each.email for each in made):
        made = await zoom.registrants(room)  # whose each is stands there
    return {**_matched(people, made), **found}


def _matched(people: Sequence[ToRegister], registrants: Sequence[Registrant]) -> dict[str, Registrant]:
    """Whose each is: by the id that a course file tells, else by the e-mail."""
    by_id = {each.registrant_id: each for each in registrants}
    by_email = {each.email: each for each in registrants if each.email}
    found = {each.person_id: by_id.get(each.registrant_id) or by_email.get(each.email) for each in people}
    return {person_id: registrant for person_id, registrant in found.items() if registrant is not None}


async def _alone(zoom: ZoomClient, room: str, person: NewRegistrant) -> list[Registrant]:
    try:
        return await zoom.create_registrants(room, [person])
    except PlatformRefused:
        return []


def _new(person: ToRegister) -> NewRegistrant:
    """Zoom wants a first name: a name of one word is one."""
    first, _, last = person.name.rpartition(" ")
    return NewRegistrant(email=person.email, first_name=first or last or person.email, last_name=last if first else "")


async def _keep(
    store: Store, people: Sequence[ToRegister], found: Mapping[str, Registrant], *, seal: Seal, now: datetime
) -> None:
    count = 0
    async with store.write() as memory:
        for each in people:
            registrant = found.get(each.person_id)
            if registrant is None:
                await memory.registrants.failed(each, error=NO_LINK, retry_at=now + AFTER_A_NO)
                continue
            sealed = seal(registrant.join_url)
            await memory.registrants.made(each, registrant_id=registrant.registrant_id, sealed_url=sealed, now=now)
            count += 1
    log.info("people_registered", room=people[0].room_id, asked=len(people), registered=count)


async def _put_off(store: Store, room_id: str, why: str, until: datetime) -> None:
    log.warning("people_not_registered", room=room_id, why=why)
    async with store.write() as memory:
        await memory.registrants.put_off([room_id], error=why, until=until)
