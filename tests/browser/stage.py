"""A scenario with the whole bot beside it, shown on a page, on a clock that stands until a test moves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from bot.__main__ import Program
from handlers.cli.context import Context
from handlers.cli.demo_page import Performance
from sandbox.page import Page, Scene
from sandbox.scenario_file import load, names

SCHOOL = ZoneInfo("Europe/Rome")
CONTEXT = Context(environment={}, assemble=Program)


@dataclass
class Stage:
    """What is on: its page's address, and the way through lesson time."""

    performance: Performance
    url: str = ""
    page: Page | None = None

    @property
    def scene(self) -> Scene:
        return self.performance.scene

    async def until(self, when: str | datetime) -> None:
        """Let everything happen until this time of day at the school, or this moment, and stand there."""
        assert self.scene.step_to is not None  # the stage's clock stands
        await self.scene.step_to(self.at(when) if isinstance(when, str) else when)
        if self.page is not None:
            self.page.refresh()

    def at(self, local: str) -> datetime:
        """This time of day at the school, on the day of the lesson."""
        assert self.scene.bill is not None  # a scenario is on
        day = self.scene.bill.begins_at.astimezone(SCHOOL).date()
        return datetime.combine(day, time.fromisoformat(local), SCHOOL)

    def of(self, person: str, place: str = "app") -> str:
        """The address at which one is this person, in a channel by its name, or in the conversation with the bot."""
        channel = self.scene.workspace.channel_named(place) if place not in {"app", "home"} else None
        return f"{self.url}#/{person}/{channel.id if channel else place}"


@cache
def stories() -> list[tuple[str, str]]:
    """The name and the title of each scenario: they are read once for all tests."""
    return [(name, load(name).title) for name in names()]


@asynccontextmanager
async def stage(scenario: str) -> AsyncIterator[Stage]:
    """Put a scenario up, and take it down again; the page can play the others too."""
    put_up = await _put_up(scenario)

    async def play(name: str) -> Scene:
        await put_up.performance.close()
        put_up.performance = (await _put_up(name)).performance
        put_up.performance.begin(page, on_broken=_raise)
        return put_up.scene

    page = Page(put_up.scene, scenarios=stories(), play=play)
    try:
        put_up.url, put_up.page = await page.start(), page
        put_up.performance.begin(page, on_broken=_raise)
        yield put_up
    finally:
        await page.stop()
        await put_up.performance.close()


async def _put_up(scenario: str) -> Stage:
    performance = Performance(CONTEXT, load(scenario), speed=1.0)
    await performance.open()
    clock = performance.scene.steerable
    assert clock is not None  # the demo's clock is one
    clock.steer(is_running=False)
    return Stage(performance)


def _raise(problem: BaseException) -> None:
    raise problem
