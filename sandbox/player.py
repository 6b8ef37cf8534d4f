"""Plays a scenario: moves its people in, lets happen what it says, and keeps what everybody is told."""

import random
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sandbox.classroom.rooms import Classroom
from sandbox.clock import Clock
from sandbox.errors import ClassroomError
from sandbox.platforms import PLATFORMS, Endpoint
from sandbox.reading import first_line, whole
from sandbox.slack.model import CannotDo, MessageEvent
from sandbox.slack.workspace import Workspace
from sandbox.story import Line, Scenario, Step
from sandbox.verbs import Stage

LINES_KEPT = 20_000


def move_in(scenario: Scenario, workspace: Workspace) -> None:
    """Puts the scenario's people and channels into an empty workspace."""
    for face in scenario.people.values():
        if face.slack:
            workspace.add_person(
                id=face.slack, name=face.name, email=face.email, zone=face.zone, is_admin=face.is_admin
            )
    for channel, handles in scenario.channels.items():
        members = [scenario.people[handle].slack for handle in handles if scenario.people[handle].slack]
        workspace.add_channel(channel.removeprefix("#"), members=members)


def open_classrooms(
    scenario: Scenario,
    *,
    endpoints: Mapping[str, Endpoint],
    clock: Clock,
    rng: random.Random,
) -> dict[str, Classroom]:
    """The rooms of the scenario by their ids, those of one platform in one account.

    `endpoints`: for each platform of the scenario, where its rooms report.
    """
    rooms: dict[str, Classroom] = {}
    accounts: dict[str, str] = {}
    for room in scenario.rooms.values():
        opened = PLATFORMS[room.platform](room, endpoints[room.platform], clock, rng, accounts.get(room.platform, ""))
        accounts[room.platform] = opened.account_id
        rooms[room.id] = opened
    return rooms


class StoryPlayer:
    """One performance of a scenario.

    Whoever drives it waits until `is_idle`, sets the lesson clock to `next_at()` (or to the bot's own next moment, if
    that is sooner) and calls `run_due(now)`, until `next_at()` is None: then the story is over, and `differences()`
    says whether it came out as written. `run_due` does what is due in order of time, steps of one moment in the order
    of the file and before the deliveries of that moment, and returns when every request of it got its reply.
    `play()` is such a driver for a clock that runs by itself.

    `on_line` is called with each new line that a person would notice: new messages, and direct messages whose first
    line has changed.
    """

    def __init__(
        self,
        scenario: Scenario,
        workspace: Workspace,
        classrooms: Mapping[str, Classroom],
        clock: Clock,
        *,
        on_line: Callable[[Line], None] = lambda _: None,
    ) -> None:
        self.scenario = scenario
        self.transcript: deque[Line] = deque(maxlen=LINES_KEPT)
        self.problems: list[str] = []
        self._workspace = workspace
        self._classrooms = classrooms
        self._clock = clock
        self._on_line = on_line
        self._steps = deque(scenario.happens)
        self._stage = Stage(classrooms=classrooms, workspace=workspace, people=scenario.people)
        self._is_over = False
        self._is_running = False
        self._handles = {face.slack: face.handle for face in scenario.people.values() if face.slack}
        self._last_texts: dict[tuple[str, str], str] = {}
        workspace.on_message(self._hear)

    @property
    def is_idle(self) -> bool:
        """Whether nothing of the sandbox is under way: no step, no webhook, no click that waits for its reply."""
        rooms_are_idle = all(room.is_idle for room in self._classrooms.values())
        return not self._is_running and rooms_are_idle and self._workspace.is_idle

    def next_at(self) -> datetime | None:
        """The lesson time at which something is to be done next; None once the story is over."""
        if self._is_over:
            return None
        return min(self.scenario.ends_at, self._on_the_grain(self._next_due()))

    async def run_due(self, now: datetime) -> None:
        self._is_running = True
        try:
            while not self._is_over and (at := self._next_due()) <= now:
                if self._steps and self._steps[0].at <= at:
                    await self._do(self._steps.popleft())
                elif at < self.scenario.ends_at:
                    for room in self._classrooms.values():
                        await room.run_due(self._until(now))
                else:
                    self._is_over = True
        finally:
            self._is_running = False

    async def play(self) -> None:
        """Plays to the end by a clock that runs by itself."""
        while (at := self.next_at()) is not None:
            wait = (at - self._clock.now()).total_seconds()
            if wait > 0:
                await self._clock.sleep(wait)
            await self.run_due(self._clock.now())

    def differences(self) -> list[str]:
        """How the performance differs from the written story, one sentence each; empty if it does not."""
        found = [*self.problems, *self.scenario.verdict(tuple(self.transcript))]
        if len(self.transcript) == LINES_KEPT:
            found.append(f"people were told {LINES_KEPT} things and more")
        return found

    def _next_due(self) -> datetime:
        moments = [room.next_at() for room in self._classrooms.values()]
        step = self._steps[0].at if self._steps else None
        return min(at for at in (*moments, step, self.scenario.ends_at) if at is not None)

    def _on_the_grain(self, at: datetime) -> datetime:
        """`at` or the next moment at which the scenario's clock strikes."""
        grain = self.scenario.grain
        if not grain:
            return at
        strikes = -(-(at - self.scenario.begins_at) // grain)
        return self.scenario.begins_at + strikes * grain

    def _until(self, now: datetime) -> datetime:
        """How far the rooms may go on by themselves: steps come first at their moment."""
        next_step_at = self._steps[0].at if self._steps else self.scenario.ends_at
        return min(now, next_step_at - timedelta.resolution)

    async def _do(self, step: Step) -> None:
        try:
            failure = await self._stage.do(step)
        except (ClassroomError, CannotDo) as error:
            failure = str(error)
        if failure:
            at = self.scenario.clock_time(step.at, with_seconds=True)
            self.problems.append(f"{at}  {step.verb} {', '.join(step.who)} (line {step.line}): {failure}")

    def _hear(self, event: MessageEvent) -> None:
        message = event.message
        if message.author in self._workspace.persons:
            return
        to = f"#{event.channel.name}"
        if event.recipient is not None:
            to = self._handles.get(event.recipient.id, event.recipient.name)
        text = first_line(message, self._workspace)
        line = Line(at=event.at, to=to, kind=event.kind, text=text, whole=whole(message, self._workspace))
        self.transcript.append(line)
        if self._is_noticed(event, text):
            self._on_line(line)

    def _is_noticed(self, event: MessageEvent, text: str) -> bool:
        key = (event.message.channel, event.message.ts)
        before = self._last_texts.pop(key, None)
        if event.kind == "deleted":
            return False
        self._last_texts[key] = text
        return event.kind != "edited" or (event.recipient is not None and text != before)
