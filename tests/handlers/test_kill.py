"""A delivery that got 200 is still there when the power goes at once afterwards."""

import asyncio
import os
import signal
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from handlers.platforms.zoom import connector as zoom
from tests.handlers.platforms.fixtures import zoom_fixture
from tests.handlers.platforms.signing import sign_as_zoom

RECORDING = zoom_fixture("left")
CLIENTS = 16


def numbered(number: int) -> bytes:
    return RECORDING.body.replace(b"16778240", str(20_000_000 + number).encode())


async def send_for_ever(port: int, first: int, answered: list[int], enough: int, is_enough: asyncio.Event) -> None:
    """One delivery after the other, each with a number of its own, until the server is gone."""
    number = first
    async with aiohttp.ClientSession() as http:
        try:
            while True:
                body = numbered(number)
                async with http.post(
                    f"http://127.0.0.1:{port}/webhooks/zoom", data=body, headers=sign_as_zoom(body)
                ) as reply:
                    if reply.status == 200:
                        answered.append(number)
                if len(answered) >= enough:
                    is_enough.set()
                number += CLIENTS
        except aiohttp.ClientError:
            pass  # killed


@pytest.mark.parametrize("enough", [25, 300])
async def test_a_delivery_that_got_200_survives_a_kill_of_the_process_group(tmp_path: Path, enough: int) -> None:
    database = tmp_path / "rollcall.db"
    arguments = ("-m", "tests.handlers.door_process", "--database", f"sqlite+aiosqlite:///{database}")
    server = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    answered: list[int] = []
    is_enough = asyncio.Event()
    clients = [
        asyncio.create_task(send_for_ever(port, number, answered, enough, is_enough)) for number in range(CLIENTS)
    ]
    await asyncio.wait_for(is_enough.wait(), timeout=60)
    os.killpg(server.pid, signal.SIGKILL)
    await asyncio.gather(*clients)
    await server.wait()
    assert keys_on_disk(database) >= {key_of(number) for number in answered}


def key_of(number: int) -> str:
    sent = RECORDING.delivery(account="an account")
    return zoom.delivery_key(replace(sent, body=numbered(number)))


def keys_on_disk(database: Path) -> set[str]:
    connection = sqlite3.connect(database)
    keys = {key for (key,) in connection.execute("SELECT delivery_key FROM delivery")}
    connection.close()
    return keys
