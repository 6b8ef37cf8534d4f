"""The demo to look at: a lesson on a running clock, told line by line and shown on a page to act in."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import SteerableClock
from bot.errors import BadInput, in_words
from bot.reports.attendance_text import attendance_text
from handlers.attendance import current_sheet
from handlers.cli.context import Context, Program
from handlers.cli.demo_text import aligned, introduction, stage_direction
from handlers.cli.demo_world import World, settled
from sandbox.page import Page, Scene
from sandbox.page.scenery import scene_of
from sandbox.running import Running
from sandbox.scenario_file import load, names
from sandbox.story import Scenario

#: Of the page, unless something else listens there already.
USUAL_PORT = 8300
#: The play begins this long before the first thing happens.
PRELUDE = timedelta(minutes=1)
#: Wire seconds after which a step on does not wait any longer for what is under way.
SETTLED_WITHIN = 5.0
#: Deliveries on their way beside each other, as a clock that runs does not wait for them.
AT_ONCE = 4


class Demo:
    """One page, and behind it one world after the other."""

    def __init__(self, context: Context, *, speed: float) -> None:
        self._context = context
        self._speed = speed
        self._performance: Performance | None = None
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, scenario: Scenario, *, port: int | None) -> None:
        """Show and play it, and whatever is chosen on the page then, until cancelled."""
        titles = [(name, load(name).title) for name in names()]
        try:
            self._performance = await self._opened(scenario)
            page = Page(self._performance.scene, scenarios=titles, play=self._play)
            try:
                print(f"Look at {await _listening(page, port)}\n", flush=True)
                self._begin(page)
                await self._broken
            finally:
                await page.stop()
        finally:
            if self._performance is not None:
                await self._performance.close()

    async def _opened(self, scenario: Scenario) -> "Performance":
        performance = Performance(self._context, scenario, speed=self._speed)
        await performance.open()
        return performance

    async def _play(self, name: str) -> Scene:
        """Take down what is on, and put up another scenario."""
        scenario = load(name)
        assert self._performance is not None  # there is a page, so something is on
        old, self._performance = self._performance, None
        await old.close()
        self._performance = await self._opened(scenario)
        self._begin(old.page)
        return self._performance.scene

    def _begin(self, page: Page) -> None:
        assert self._performance is not None  # it has just been opened
        self._performance.begin(page, on_broken=self._on_broken)

    def _on_broken(self, problem: BaseException) -> None:
        if not self._broken.done():
            self._broken.set_exception(problem)


class Performance:
    """One scenario on a clock that the page steers. `open` it, `begin` it, `close` it."""

    page: Page
    scene: Scene

    def __init__(self, context: Context, scenario: Scenario, *, speed: float) -> None:
        first = min((step.at for step in scenario.happens), default=scenario.begins_at)
        self._begins_at = max(scenario.begins_at, first - PRELUDE)
        self._scenario = scenario
        self._speed = speed
        self._clock = SteerableClock(start=self._begins_at, speed=speed)
        self._world = World(context, scenario, self._clock)
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Put everything up, and nothing happens yet."""
        try:
            await self._world.open(lambda line: print(aligned(self._scenario, line), flush=True))
        except BaseException:
            await self._world.close()
            raise
        for room in self._world.classrooms.values():
            room.deliveries.at_once = AT_ONCE
        self._running = Running(self._world.player, self._world.classrooms, self._clock)
        self.scene = scene_of(self._scenario, self._world.workspace, self._world.classrooms, clock=self._clock)
        self.scene.after_steering = self._world.program.wake
        self.scene.meddled = self._running.wake
        self.scene.step_to = self._step_to
        self.scene.lookup = self._world.became

    def begin(self, page: Page, *, on_broken: Callable[[BaseException], None]) -> None:
        """Let it happen in the background."""
        self.page = page
        print(introduction(self._scenario, begins_at=self._begins_at, speed=self._speed), flush=True)
        self._task = asyncio.get_running_loop().create_task(self._perform(), name="performance")

        def look(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (problem := task.exception()) is not None:
                on_broken(problem)

        self._task.add_done_callback(look)

    async def close(self) -> None:
        """Stop it wherever it is, and throw everything away."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._world.close()

    async def _perform(self) -> None:
        async with asyncio.TaskGroup() as both:
            both.create_task(self._running.run())
            both.create_task(self._direct())
            both.create_task(self._end())

    async def _direct(self) -> None:
        """Say what people do when they do it."""
        for step in self._scenario.happens:
            await self._clock.sleep(max(0.0, (step.at - self._clock.now()).total_seconds()))
            if direction := stage_direction(self._scenario, step):
                print(direction, flush=True)

    async def _end(self) -> None:
        """When the story is over, show the sheets; people may go on."""
        await self._running.is_over.wait()
        bill = self.scene.bill
        assert bill is not None  # it is a scenario's scene
        bill.is_over, bill.differences = True, list(self._world.player.problems)
        self.page.refresh()
        print(
            f"\nThe lesson is over. Its attendance sheet:\n\n"
            f"{await _sheets(self._world.program, now=self._clock.now())}\n"
            "Rollcall runs on, until Ctrl-C, and its HTTP API with it:\n"
            f"  curl -H 'Authorization: Bearer {self._world.api_token}' {self._world.url}/api/v1/lessons",
            flush=True,
        )

    async def _step_to(self, target: datetime | None) -> None:
        """Move the standing clock on, by way of every moment at which something is due."""
        if target is None:
            target = self._next_at() or self._clock.now()
        while (at := self._next_at()) is not None and at <= target and not self._clock.is_running:
            await self._step(at)
        if not self._clock.is_running:
            await self._step(target)

    def _next_at(self) -> datetime | None:
        moments = (self._running.next_at(), self._world.program.next_due_at())
        return min((at for at in moments if at is not None), default=None)

    async def _step(self, at: datetime) -> None:
        self._clock.move_to(at)
        self._world.program.wake_due()
        self._running.wake()
        await settled(lambda: self._world.program.is_idle and self._running.is_idle, within=SETTLED_WITHIN)


async def _listening(page: Page, port: int | None) -> str:
    try:
        return await page.start(USUAL_PORT if port is None else port, or_any=port is None)
    except OSError as problem:
        message = f"--port {port}: cannot listen there ({in_words(problem)}); choose another"
        raise BadInput(message) from None


async def _sheets(program: Program, *, now: datetime) -> str:
    async with program.store.read() as memory:
        found = await memory.lessons.find()
    return "\n".join(attendance_text(current_sheet(each.facts, now=now), zone=each.facts.lesson.zone) for each in found)
