"""Look at the presence checks that are due: ask, close what is past its deadline, end runs, have their reports made."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.attendance.checks.machine import Machine
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.run import RunState
from bot.attendance.checks.step import Report, Step
from bot.errors import SlackBusy, SlackRefused
from bot.reports.participation_of import report_version
from handlers.check_looks import Known, keep_look, look_at, read_checks
from handlers.keys import Keys
from handlers.slack_client import SlackClient
from storage.database import Store
from storage.errors import StorageError

#: Lessons read with one set of queries.
CHUNK: Final = 20
#: A lesson that changes while it is looked at is due again at once; after so many rounds the others have their turn.
MOST_ROUNDS: Final = 10
#: After how many minutes a lesson that could not be looked at is tried again: the first time, the second …
RETRY_MINUTES: Final = (1, 2, 4, 8, 16, 32, 60)

log = structlog.get_logger()


class Document(Protocol):
    """A report that was made and stored."""

    @property
    def id(self) -> str: ...

    @property
    def file_name(self) -> str: ...


class MakeReport(Protocol):
    """Makes the participation report of a run and stores it; asked again after a crash, it gives the same one.

    Raises `CheckRefused` (storage exceeded, generate, storage) where there will be none.
    """

    async def __call__(self, check_id: str, *, now: datetime) -> Document: ...


async def tick(
    store: Store,
    keys: Keys,
    *,
    now: datetime,
    make_report: MakeReport,
    is_slack_well: Callable[[], Awaitable[bool]],
    wake: Callable[[], None] = lambda: None,
) -> datetime | None:
    """Look at everything that is due; the moment at which the next look is. `wake` is told that some were.

    `is_slack_well` is asked while somebody is awaited who answers in Slack: as long as it does not, nobody misses
    anything.
    """
    for _ in range(MOST_ROUNDS):
        async with store.read() as memory:
            due = await memory.checks.due(now=now, limit=CHUNK)
        if not due:
            break
        await _look_at_all(store, keys, due, now=now, make_report=make_report, is_slack_well=is_slack_well)
        wake()
    async with store.read() as memory:
        return await memory.checks.next_due_at()


async def _look_at_all(
    store: Store,
    keys: Keys,
    lesson_ids: Sequence[str],
    *,
    now: datetime,
    make_report: MakeReport,
    is_slack_well: Callable[[], Awaitable[bool]],
) -> None:
    found = await _read(store, lesson_ids, now=now)
    is_down = any(known.awaits_slack for known in found) and not await is_slack_well()
    for known in found:
        try:
            # Before the look is kept: who dies in between has it due still.
            await _renew(known, now=now, make_report=make_report)
            step = await _look(store, keys, known, Machine.settle, now=now, is_slack_down=is_down)
            if step is not None and step.needs_report:
                await _report(store, keys, step, now=now, make_report=make_report)
        except StorageError:
            raise  # no lesson's fault
        except Exception as problem:  # noqa: BLE001  the tick runner's own handling, per item: one bad row stops no tick
            await _put_aside(store, known.lesson.facts.lesson.id, problem, now=now)


async def _read(store: Store, lesson_ids: Sequence[str], *, now: datetime) -> list[Known]:
    """Together; after a failure one by one, and the one that cannot be read waits alone."""
    try:
        async with store.read() as memory:
            return await read_checks(memory, lesson_ids)
    except StorageError:
        raise
    except Exception as problem:  # noqa: BLE001  whichever of them it is: it fails again alone, and is told of there
        if len(lesson_ids) == 1:
            await _put_aside(store, lesson_ids[0], problem, now=now)
            return []
    return [known for each in lesson_ids for known in await _read(store, [each], now=now)]


async def _look(
    store: Store,
    keys: Keys,
    known: Known,
    act: Callable[[Machine], None],
    *,
    now: datetime,
    is_slack_down: bool = False,
) -> Step | None:
    """What the look came to; None if the lesson has changed meanwhile, and then it is due again."""
    look = look_at(known, keys, now=now, is_slack_down=is_slack_down)
    act(look.machine)
    step = look.machine.step()
    async with store.write() as memory:
        return step if await keep_look(memory, look, step, now=now) else None


async def _report(store: Store, keys: Keys, step: Step, *, now: datetime, make_report: MakeReport) -> None:
    """Have the report made, outside of any transaction; where the process dies meanwhile, it is asked for again."""
    run = step.after.current
    assert run is not None
    report = await _made(make_report, run.id, now=now)

    def reported(machine: Machine) -> None:
        machine.report_made(report)
        machine.settle()

    for _ in range(MOST_ROUNDS):
        async with store.read() as memory:
            (known,) = await read_checks(memory, [step.after.lesson_id])
        current = known.logging.current
        if known.logging.state is not RunState.FINALISING or current is None or current.id != run.id:
            return  # another replica has kept the same report
        if await _look(store, keys, known, reported, now=now) is not None:
            return


async def _renew(known: Known, *, now: datetime, make_report: MakeReport) -> None:
    """A report since which a trainer has decided answers is made anew; one that was renewed already is only found."""
    logging = known.logging
    for run in logging.checks:
        if run.asset_id and report_version(run, logging.answers_in(run)) > 1:
            await _made(make_report, run.id, now=now)


async def _made(make_report: MakeReport, check_id: str, *, now: datetime) -> Report:
    try:
        document = await make_report(check_id, now=now)
    except CheckRefused as refused:
        log.error("report_not_made", check=check_id, code=refused.code.value)  # noqa: TRY400  a known trouble needs no traceback
        return Report(trouble=refused.code)
    except StorageError:
        raise  # it is asked for again, as after a crash
    except Exception:
        log.exception("report_not_made", check=check_id)
        return Report(trouble=RefusalCode.GENERATE)
    return Report(asset_id=document.id, filename=document.file_name)


async def _put_aside(store: Store, lesson_id: str, problem: Exception, *, now: datetime) -> None:
    log.error("checks_not_looked_at", lesson=lesson_id, exc_info=problem)
    async with store.write() as memory:
        failures = (await memory.checks.failures([lesson_id])).get(lesson_id, 0)
        minutes = RETRY_MINUTES[min(failures, len(RETRY_MINUTES) - 1)]
        error = f"{type(problem).__name__}: could not be looked at"
        await memory.checks.fail(lesson_id, error=error, retry_at=now + timedelta(minutes=minutes))


async def does_slack_answer(slack: SlackClient) -> bool:
    """Whether buttons can reach us: who asks us to wait answers too."""
    try:
        await slack.whose_token()
    except SlackBusy as busy:
        return busy.code == "ratelimited"
    except SlackRefused:
        return True
    return True
