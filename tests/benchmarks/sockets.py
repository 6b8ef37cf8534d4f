"""How soon who confirms on a socket hears that it is kept: three hundred within a second, in a lesson of a thousand.

The whole bot runs as its own process, and so do the three hundred's clients, with one socket each, in a classroom of
our own.
"""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt

from bot.clock import stopwatch, wire_now
from bot.scopes import Scope
from handlers.keys import Keys
from handlers.signaling.protocol import CONTROL, REPORT
from storage.database import Store
from tests.benchmarks.bot_process import SECRET_KEY, RunningBot, a_bot, a_slack
from tests.benchmarks.ingest import a_postgresql
from tests.benchmarks.presses import STUDENTS, a_large_lesson, say
from tests.benchmarks.school import channel_of

SOCKETS, SECONDS = 300, 1.0
#: So many come in together, and are told of one another.
AT_ONCE = 25
GIVEN_UP_AFTER = 60.0


class Voice:
    """Somebody's socket."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws
        self._heard: dict[str, asyncio.Event] = {}
        self._reading = asyncio.create_task(self._read())

    async def says(self, namespace: str, action: str, **fields: Any) -> None:
        await self._ws.send_json({"namespace": namespace, "payload": {"action": action, **fields}})

    async def hears(self, message: str) -> None:
        """Until they are told this."""
        async with asyncio.timeout(GIVEN_UP_AFTER):
            await self._event(message).wait()

    async def leaves(self) -> None:
        await self._ws.close()
        await self._reading

    async def _read(self) -> None:
        async for frame in self._ws:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._event(json.loads(frame.data)["payload"].get("message", "")).set()

    def _event(self, message: str) -> asyncio.Event:
        return self._heard.setdefault(message, asyncio.Event())


async def _token(store: Store, keys: Keys, place: int, role: str) -> str:
    end = wire_now() + timedelta(hours=1)
    person_id = f"p0-{place}"
    async with store.write() as memory:
        issued = await memory.api_tokens.issue(
            scopes=[Scope.SIGNALING], lesson_id="l0-0", person_id=person_id, expires_at=end, now=wire_now()
        )
    claims = {"jti": issued, "exp": end, "lesson": "l0-0", "person": person_id, "role": role}
    return jwt.encode(claims, keys.signing[0], algorithm="HS256")


async def _joined(http: aiohttp.ClientSession, bot: RunningBot, tokens: Sequence[str]) -> list[Voice]:
    async def join(token: str) -> Voice:
        voice = Voice(await http.ws_connect(f"{bot.url}/signaling", params={"token": token}))
        await voice.says(CONTROL, "join", display_name="Somebody")
        await voice.hears("join_success")
        return voice

    voices: list[Voice] = []
    for first in range(0, len(tokens), AT_ONCE):
        voices += await asyncio.gather(*(join(token) for token in tokens[first : first + AT_ONCE]))
    return voices


async def _confirm(voice: Voice, after: float) -> float:
    """Seconds from saying so to being told that it is kept."""
    await asyncio.sleep(after)
    begun = stopwatch()
    await voice.says(REPORT, "confirm_presence")
    await voice.hears("presence_confirmation_logged")
    return stopwatch() - begun


async def _measure(name: str, url: str, folder: Path, *, students: int, sockets: int) -> None:
    keys = Keys([SECRET_KEY])
    async with (
        a_large_lesson(url, students=students, platform="signaling") as store,
        a_slack([channel_of(0)]) as slack,
        a_bot(folder, slack, url) as bot,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
    ):
        trainers = [await _token(store, keys, students, "trainer")]
        tokens = [await _token(store, keys, place, "student") for place in range(sockets)]
        (trainer,) = await _joined(http, bot, trainers)
        voices = await _joined(http, bot, tokens)
        at_once = {"after": 1, "within": 0}
        await trainer.says(REPORT, "enable_presence_logging", initial_checkpoint_delay=at_once)
        await asyncio.gather(*(voice.hears("presence_confirmation_requested") for voice in voices))
        await asyncio.sleep(2)  # people read, and that they were asked is kept
        before = bot.seconds_of_processor()
        waits = await asyncio.gather(
            *(_confirm(voice, place * SECONDS / sockets) for place, voice in enumerate(voices))
        )
        used, waited = (after - earlier for earlier, after in zip(before, bot.seconds_of_processor(), strict=True))
        say(f"{name}: {sockets} confirmations on sockets in {SECONDS:.0f} s", waits)
        print(f"      the bot used {used:.1f} s of a processor and waited {waited:.1f} s for one")
        await asyncio.gather(*(voice.leaves() for voice in [trainer, *voices]))


def report(*, students: int = STUDENTS, sockets: int = SOCKETS) -> None:
    """Print how long people waited, on either database."""
    with tempfile.TemporaryDirectory() as folder, a_postgresql() as postgresql:
        lite = Path(folder)
        for name, url in (("SQLite", f"sqlite+aiosqlite:///{lite / 'sockets.db'}"), ("PostgreSQL", postgresql)):
            asyncio.run(_measure(name, url, lite, students=students, sockets=sockets))


if __name__ == "__main__":
    report()
