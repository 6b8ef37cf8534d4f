"""Ask the platforms for their own records of lessons that are over (attendance-rules, section 5).

Whom to ask and when stands in rows, so a restart forgets nothing and two replicas do not ask twice. What comes is kept
as it came; what it changes is decided where everything is decided.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.attendance.asking import after_no_answer, next_attempt
from bot.attendance.records import PlatformRecord
from bot.clock import wire_now
from bot.connectors import AskedRoom, AskedSession, RecordClient
from bot.errors import BotError, PlatformBusy, PlatformRefused
from storage.accounts import DEFAULT
from storage.database import Store
from storage.errors import StorageError
from storage.record_requests import Request

#: Lessons asked for at once.
AT_ONCE = 5
#: Wire time after which a request is given up for lost, and its lesson may be asked for again.
LEASE = timedelta(minutes=5)

log = structlog.get_logger()


@dataclass(slots=True)
class Answer:
    """What a platform gave for one lesson."""

    records: list[PlatformRecord] = field(default_factory=list)
    #: the record of every session that is known of is in, to its end
    is_whole: bool = False
    #: there was no usable answer to some of it, and it is worth asking again soon
    is_missing: bool = False
    asked_to_wait: timedelta | None = None
    error: str = ""

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Whatever a platform does to us in here is noted, and the next thing is asked for.

        What can mend itself is asked for again soon, what was refused at the next attempt.
        """
        try:
            yield
        except Exception as problem:  # noqa: BLE001  per item, as the ticks do: one bad answer stops no other
            # The words of an error that we do not know may quote what was told.
            is_ours = isinstance(problem, BotError)
            self.error = f"{type(problem).__name__}: {problem}" if is_ours else type(problem).__name__
            self.is_missing = self.is_missing or not isinstance(problem, PlatformRefused)
            if isinstance(problem, PlatformBusy):
                self.asked_to_wait = problem.retry_after


async def tick(
    store: Store,
    clients: Mapping[str, RecordClient],
    *,
    now: datetime,
    lease: timedelta = LEASE,
    wake: Callable[[], None] = lambda: None,
) -> datetime | None:
    """Ask for everything that is due; the moment at which the next request is.

    `clients` are the platforms that can be asked, by name, with the credentials of the account `default`. `wake` is
    called where something came of it for lessons.
    """
    async with store.read() as memory:
        due_at = await memory.record_requests.next_due_at(wire_now=wire_now())
    if due_at is None or due_at > now:
        return due_at
    async with store.write() as memory:
        requests = await memory.record_requests.claim(now=now, wire_now=wire_now(), limit=AT_ONCE, lease=lease)
    asking = (_ask(store, clients, request, now=now) for request in requests)
    for problem in await asyncio.gather(*asking, return_exceptions=True):
        if problem is not None:
            raise problem
    wake()
    async with store.read() as memory:
        return await memory.record_requests.next_due_at(wire_now=wire_now())


async def _ask(store: Store, clients: Mapping[str, RecordClient], request: Request, *, now: datetime) -> None:
    client = clients.get(request.platform) if request.account == DEFAULT else None
    answer = Answer() if client is None else await _answer(client, request, now=now)
    if answer.error:
        log.warning("record_not_given", lesson=request.lesson_id, platform=request.platform, problem=answer.error)
    try:
        await _keep(store, request, answer, now=now)
    except Exception as problem:
        if isinstance(problem, StorageError) and problem.is_passing:
            raise  # no record's fault: its lease runs out, and it is asked for again
        log.exception("record_refused", lesson=request.lesson_id, platform=request.platform)
        await _keep(store, request, Answer(error=type(problem).__name__), now=now)
    log.info("record_asked_for", lesson=request.lesson_id, platform=request.platform, records=len(answer.records))


async def _keep(store: Store, request: Request, answer: Answer, *, now: datetime) -> None:
    due_at, tries = _due(request, answer, now=now)
    made = request.made + (tries == 0)
    async with store.write() as memory:
        asked = [(request.account_id, record) for record in answer.records]
        await memory.presence.record([], now, asked=asked)
        if due_at is None:
            await memory.lessons.touch([request.lesson_id], now)  # before its request, as whoever keeps a decision does
        await memory.record_requests.answered(request, due_at=due_at, made=made, tries=tries, error=answer.error)


def _due(request: Request, answer: Answer, *, now: datetime) -> tuple[datetime | None, int]:
    """When to ask again, and how many answers in a row were none by then."""
    if answer.is_whole:
        return None, 0
    if answer.is_missing:
        return after_no_answer(request.ended_at, tries=request.tries, asked_to_wait=answer.asked_to_wait, now=now)
    return next_attempt(request.ended_at, now=now), 0


async def _answer(client: RecordClient, request: Request, *, now: datetime) -> Answer:
    """Everything that the platform has of a lesson; what fails for one session takes nothing from the others."""
    answer = Answer()
    if request.made == 0:
        with answer.noting():
            await client.replay(since=request.window_start, until=now, now=now)
    whole = {session.ref for session in request.sessions if session.is_recorded}
    refs = [session.ref for session in request.sessions]
    with answer.noting():
        refs += [ref for ref in await client.sessions(_room(request), now=now) if ref not in refs]
    for ref in refs:
        if ref in whole:
            continue
        with answer.noting():
            record = await client.records(_asked(request, ref), now=now)
            if record is not None:
                answer.records.append(record)
                whole |= {ref} if record.ended_at is not None else set()
    answer.is_whole = bool(refs) and whole >= set(refs) and not answer.error
    return answer


def _room(request: Request) -> AskedRoom:
    return AskedRoom(
        account=request.account_id, room=request.room, start=request.planned_start, end=request.planned_end
    )


def _asked(request: Request, ref: str) -> AskedSession:
    known = next((session for session in request.sessions if session.ref == ref), None)
    return AskedSession(
        account=request.account_id,
        room=request.room,
        session=ref,
        planned_start=request.planned_start,
        planned_end=request.planned_end,
        started_at=known.first_at if known is not None else None,
        ended_at=known.ended_at if known is not None else None,
    )
