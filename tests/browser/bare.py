"""A workspace without any bot behind a page: to draw blocks and views, whoever made them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.clock import ManualClock
from sandbox.page import Page, Scene
from sandbox.slack.model import Channel, Message, View
from sandbox.slack.workspace import Workspace

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
HTML = '<img src="x" onerror="alert(1)"><b>Bob</b>'
PEOPLE = {
    "U0GRACE": ("Grace Hopper", "Europe/Rome"),
    "U0ADA": ("Ada Lovelace", "Europe/Berlin"),
    "U0NOOR": ("نور الأمين", "Africa/Cairo"),
    "U0MEI": ("王小明", "Asia/Shanghai"),
    "U0LONG": ("Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine the Second of the Elder House", "UTC"),
    "U0HTML": (HTML, "America/New_York"),
}
ROLES = {"U0GRACE": "trainer", "U0ADA": "student"}


@dataclass
class Bare:
    """The workspace, and what a test does in it without anybody's say."""

    workspace: Workspace
    clock: ManualClock
    channel: Channel
    url: str = ""
    posted: list[Message] = field(default_factory=list)

    def post(self, text: str, blocks: Iterable[Any] = (), *, author: str | None = None, **more: Any) -> Message:
        """Post a message, half a minute after the one before; the bot is its author unless told."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=30))
        by = author or self.workspace.bot.id
        said = self.workspace.messages.post(more.pop("channel", self.channel), by, text, blocks=tuple(blocks), **more)
        self.posted.append(said)
        return said

    def edit(self, message: Message, **changes: Any) -> Message:
        return self.workspace.messages.edit(message, **changes)

    def open(self, view: dict[str, Any], person: str = "U0GRACE") -> View:
        """Open a modal before somebody."""
        return self.workspace.views.open(person, view)

    def of(self, person: str = "U0GRACE") -> str:
        return f"{self.url}#/{person}/{self.channel.id}"


@asynccontextmanager
async def bare() -> AsyncIterator[Bare]:
    """A workspace with people of all kinds of names, behind a page."""
    clock = ManualClock(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    workspace = Workspace(clock=clock, manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")))
    people = [
        workspace.add_person(id=each, name=name, email=f"{each}@example.com", zone=zone)
        for each, (name, zone) in PEOPLE.items()
    ]
    channel = workspace.add_channel("python-101", members=people)
    workspace.add_channel("a-channel-with-a-name-that-is-far-too-long-for-any-list-of-channels", members=people)
    held = Bare(workspace, clock, channel)
    page = Page(Scene(workspace=workspace, roles=ROLES, zone="Europe/Rome"))
    held.url = await page.start()
    try:
        yield held
    finally:
        await page.stop()
        await workspace.close()
