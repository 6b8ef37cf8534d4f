"""The whole bot: sockets beside its ticks, on a clock that stands, without anybody who wakes it from outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.__main__ import Program
from bot.clock import ManualClock, stopwatch
from handlers.cli.course import import_text
from handlers.signaling.protocol import CONTROL, REPORT
from tests.handlers.signaling.house import COURSE, FIVE, KEY, House
from tests.lessons.world import settings

#: Wire seconds; an answer to a press is there within one of them on a machine that has nothing else to do.
SOON = 20.0


@asynccontextmanager
async def a_program(url: str, clock: ManualClock, data_dir: Any) -> AsyncIterator[tuple[Program, str]]:
    nobody = {
        "slack_api_url": "http://127.0.0.1:9/api/",
        "ROLLCALL_SECRET_KEY": KEY,
        "ROLLCALL_DATA_DIR": str(data_dir),
    }
    program = Program(settings(url, **nobody), clock)
    base = await program.start()
    try:
        yield program, base
    finally:
        await program.stop()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(FIVE)


async def heard(ws: aiohttp.ClientWebSocketResponse, message: str) -> dict[str, Any]:
    """The payload of the next frame of this kind."""
    async with asyncio.timeout(SOON):
        while (payload := (await ws.receive_json())["payload"])["message"] != message:
            assert payload["message"] != "error"
    return dict(payload)


async def test_a_check_goes_over_sockets_and_through_a_restart(
    sqlite_url: str, clock: ManualClock, tmp_path: Any
) -> None:
    async with aiohttp.ClientSession() as session:

        async def join(base: str, token: str) -> tuple[aiohttp.ClientWebSocketResponse, str]:
            ws = await session.ws_connect(f"{base}/signaling?token={token}")
            await ws.send_json({"namespace": CONTROL, "payload": {"action": "join"}})
            return ws, (await heard(ws, "join_success"))["training_participation_report"]["state"]

        async with a_program(sqlite_url, clock, tmp_path) as (program, base):
            await import_text(program.store, COURSE.replace("PLATFORM", "signaling"), now=FIVE)
            house = House(program.store, clock)
            await house.learn(COURSE.replace("PLATFORM", "signaling"))
            tokens = [await house.token("grace"), await house.token("ada")]
            grace, _ = await join(base, tokens[0])
            delay = {"after": 600, "within": 0}
            enable = {"action": "enable_presence_logging", "initial_checkpoint_delay": delay}
            await grace.send_json({"namespace": REPORT, "payload": enable})
            await heard(grace, "presence_logging_enabled")
            ada, _ = await join(base, tokens[1])
            assert (await heard(grace, "presence_logging_started"))["reason"] == "first_participant_joined"
            await heard(ada, "presence_logging_started")
            clock.advance(minutes=10)
            program.wake_due()
            await heard(ada, "presence_confirmation_requested")
            begun = stopwatch()
            await asyncio.gather(program.stop(), grace.receive(), ada.receive())
            assert stopwatch() - begun < SOON
        async with a_program(sqlite_url, clock, tmp_path) as (program, base):
            (grace, of_grace), (ada, of_ada) = await join(base, tokens[0]), await join(base, tokens[1])
            assert (of_grace, of_ada) == ("enabled", "waiting_for_confirmation")
            await ada.send_json({"namespace": REPORT, "payload": {"action": "confirm_presence"}})
            await heard(ada, "presence_confirmation_logged")
            await grace.send_json({"namespace": REPORT, "payload": {"action": "disable_presence_logging"}})
            assert (await heard(ada, "presence_logging_ended"))["reason"] == "stopped_manually"
            report = await heard(grace, "pdf_asset")
            assert report["filename"].endswith(".pdf")
            async with session.get(f"{base}/check/{tokens[1]}") as page:
                assert page.status == 200
            async with program.store.read() as memory:
                assert (await memory.overview.load()).sockets_open == 4  # two of them of the process that is gone
            await asyncio.gather(grace.close(), ada.close())
