"""A process may die right before or right after any of its commits: the presence check comes out as if it had not."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count, groupby
from typing import Any

import pytest

from bot.attendance.checks.refused import CheckRefused
from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import CheckSettings, Template, TimeRange
from bot.attendance.checks.values import AnswerState
from storage.memory import Memory
from tests.builders import ADA, BOB, GRACE, Moment, at
from tests.handlers.check_class import CheckClass, Document


class Died(BaseException):
    """As nothing that a process does catches, `kill -9` least of all."""


class Life(CheckClass):
    """A class whose process dies once it is armed: before or after its n-th commit about presence checks."""

    def __init__(self, url: str, lesson_id: str = "") -> None:
        super().__init__(url)
        self.lesson_id = lesson_id
        self.reports = self._counted
        self.has_died = False
        #: how many answers the newest report has as a trainer decided them
        self.decided = 0
        self._is_about_checks = True

    def arm(self, at_commit: int, *, is_after: bool) -> None:
        write, numbers = self.store.write, count()

        @asynccontextmanager
        async def dying() -> AsyncIterator[Memory]:
            is_it = self._is_about_checks and next(numbers) == at_commit
            async with write() as memory:
                yield memory
                if is_it and not is_after:
                    self._die()
            if is_it:
                self._die()

        self.store.write = dying  # type: ignore[method-assign]  # the point of it

    async def look(self, moment: Moment) -> None:
        self._is_about_checks = False  # lessons and Slack have tests of their own
        await super().look(moment)
        self._is_about_checks = True

    async def look_at_checks(self, moment: Moment) -> None:
        self._is_about_checks = True
        await super().look_at_checks(moment)
        self._is_about_checks = False

    def _die(self) -> None:
        self.has_died = True
        raise Died

    async def _counted(self, check_id: str) -> Document:
        self.decided = sum(each.decided_at is not None for each in (await self.logging()).answers)
        return Document(f"asset of {check_id}", "participation.pdf")


AT_ONCE = CheckSettings(
    template=Template.CUSTOM, initial=TimeRange(60, 0), interval=TimeRange(1200, 0), window=timedelta(minutes=1)
)
Step = Callable[[Life], Awaitable[Any]]


async def waives(lesson: Life) -> None:
    question = await lesson.question(1)
    await lesson.checks.waive(question.id, BOB.id, GRACE.id, "His line was down", now=at(4))


BEGINS: list[Step] = [
    lambda lesson: lesson.enable(0, AT_ONCE),
    lambda lesson: lesson.until(1.2),
    lambda lesson: lesson.press(ADA, 1.5),
    lambda lesson: lesson.until(2.5),
]
ENDS: list[Step] = [
    lambda lesson: lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(3)),
    lambda lesson: lesson.look(3.2),
    waives,
    lambda lesson: lesson.look(4.2),
]


async def live(lesson: Life, steps: Iterable[Step]) -> None:
    """Who gets no answer tries again; time goes on by itself."""
    for step in steps:
        try:
            await step(lesson)
        except Died:
            await lesson.restart()
            with suppress(CheckRefused):  # it was done, and cannot be done twice
                await step(lesson)


async def outcome(lesson: Life) -> dict[str, Any]:
    """How it came out, without ids and moments; a press that is repeated is told again."""
    logging = await lesson.logging()
    (check,) = logging.checks
    rows = await lesson.everything()
    return {
        "state": (logging.state, check.is_over, bool(check.asset_id), check.trouble),
        "answers": {
            (logging.checkpoints[each.checkpoint_id].number, each.person_id): each.state for each in logging.answers
        },
        "decided": lesson.decided,
        "told": [kind for kind, _ in groupby(each.kind for each in await lesson.told())],
        "messages": (len(rows["message"]), sum("waiting" in row for row in rows["message"])),
        "history": len(rows["history"]),
    }


@pytest.mark.parametrize(
    ("before", "steps", "state", "bobs", "decided"),
    [
        ([], BEGINS, RunState.COLLECTING, AnswerState.MISSED, 0),
        (BEGINS, ENDS, RunState.IDLE_WITH_CREATOR, AnswerState.WAIVED, 1),
    ],
    ids=["it begins and asks", "it ends and is reported"],
)
@pytest.mark.parametrize("is_after", [False, True], ids=["before a commit", "after a commit"])
async def test_it_comes_out_the_same_wherever_the_process_dies(
    sqlite_url: str,
    before: list[Step],
    steps: list[Step],
    state: RunState,
    bobs: AnswerState,
    decided: int,
    *,
    is_after: bool,
) -> None:
    first = Life(sqlite_url)
    await first.open()
    await first.class_is_in()
    await live(first, before)
    await first.restart()
    outcomes = {}
    for at_commit in range(-1, 100):  # the first one lives
        life = Life(another(sqlite_url, at_commit), first.lesson_id)
        await life.start()
        life.arm(at_commit, is_after=is_after)
        await live(life, [*steps, lambda lesson: lesson.look(5), lambda lesson: lesson.look(5.5)])
        outcomes[at_commit] = await outcome(life)
        await life.close()
        if not life.has_died and at_commit >= 0:
            break
    await first.close()
    as_it_should = outcomes[-1]
    assert (as_it_should["state"][0], as_it_should["answers"][1, BOB.id], as_it_should["decided"]) == (
        state,
        bobs,
        decided,
    )
    assert {at_commit: each for at_commit, each in outcomes.items() if each != as_it_should} == {}
    assert at_commit > len(steps)


def another(url: str, number: int) -> str:
    """A copy of a database that nobody writes to."""
    place = url.split("///")[1]
    new = place.replace("rollcall.db", f"life-{number}.db")
    shutil.copyfile(place, new)
    return url.replace(place, new)
