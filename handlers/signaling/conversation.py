"""One socket from its first frame to its last: what its client says, and what is answered."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from aiohttp import WSMsgType, web

from bot.attendance.checks.joining import JoiningState, joining_state
from bot.attendance.checks.notes import EventWord
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.settings import INITIAL, INTERVAL, CheckSettings, Template, custom, settings_of
from bot.attendance.checks.values import Via
from bot.clock import Clock, stopwatch
from bot.errors import NotFound
from handlers.batches import NotWritten
from handlers.checks import Checks
from handlers.signaling.hub import Guest, Hub, participants
from handlers.signaling.protocol import (
    CONTROL,
    REPORT,
    Command,
    ConfirmPresence,
    DisablePresenceLogging,
    EnablePresenceLogging,
    Join,
    LeftReason,
    Nonsense,
    Participant,
    Payload,
    RoomShown,
    error,
    join_success,
    read_frame,
    write_frame,
)
from handlers.signaling.reaching import Reaching
from handlers.signaling.register import Register
from storage.database import Store
from storage.errors import StorageError
from storage.sockets import OpenSocket, Seat
from storage.tables import new_id

#: Frames a second that somebody may go on sending, and how many at once.
PACE: Final = 10.0
BURST: Final = 30

#: What a command is answered with that somebody sends who has not joined.
RESPONSES: Final[Mapping[type[Command], EventWord]] = {
    EnablePresenceLogging: EventWord.ENABLED,
    DisablePresenceLogging: EventWord.DISABLED,
    ConfirmPresence: EventWord.LOGGED,
}

log = structlog.get_logger()


class Conversation:
    """Reads frames one by one, does what they say, and answers. `run` it once."""

    def __init__(
        self,
        ws: web.WebSocketResponse,
        guest: Guest,
        *,
        store: Store,
        clock: Clock,
        hub: Hub,
        register: Register,
        reaching: Reaching,
        checks: Checks,
    ) -> None:
        self._ws = ws
        self._guest = guest
        self._store = store
        self._clock = clock
        self._hub = hub
        self._register = register
        self._reaching = reaching
        self._checks = checks
        #: until when the client was certainly there
        self._heard_at = clock.now()
        self._has_said_goodbye = False

    @property
    def _seat(self) -> Seat:
        return self._guest.seat

    async def run(self) -> None:
        """Until the socket is closed, by whomever."""
        self._guest.listener.open()
        self._hub.welcome(self._guest)
        try:
            async for frame in self._frames():
                await self._answer(frame)
        finally:
            self._hub.part(self._guest)
            await self._guest.listener.close()
            await self._leave()

    async def _frames(self) -> AsyncIterator[str | bytes]:
        """What the client says. Who says much is read slowly."""
        may_speak_at = stopwatch()
        while True:
            message = await self._ws.receive()
            self._heard_at = self._clock.now() if message.type is not WSMsgType.ERROR else self._heard_at
            if message.type is WSMsgType.PING:
                await self._ws.pong(message.data)
            elif message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                yield message.data
                may_speak_at = max(may_speak_at, stopwatch()) + 1 / PACE
                await asyncio.sleep(max(0.0, may_speak_at - stopwatch() - BURST / PACE))
            elif message.type is not WSMsgType.PONG:
                self._has_said_goodbye = message.type is WSMsgType.CLOSE
                return

    async def _answer(self, frame: str | bytes) -> None:
        try:
            await self._do(read_frame(frame), now=self._clock.now())
        except Nonsense as nonsense:
            self._say(nonsense.namespace, error(nonsense.error))
        except CheckRefused as refusal:
            self._say(REPORT, error(refusal.code))
        except NotFound:
            self._say(REPORT, error(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED))
        except (StorageError, NotWritten, TimeoutError) as problem:
            log.warning("signaling_command_failed", lesson=self._seat.lesson_id, cause=type(problem).__name__)
            self._say(REPORT, error(RefusalCode.STORAGE))

    async def _do(self, command: Command, *, now: datetime) -> None:
        """What follows from a command is told as an event, like all that others do, to everybody who has joined."""
        lesson_id, person_id = self._seat.lesson_id, self._seat.person_id
        match command:
            case Join():
                await self._join()
            case EnablePresenceLogging():
                await self._checks.enable(lesson_id, person_id, _settings(command), now=now)
            case DisablePresenceLogging():
                await self._checks.disable(lesson_id, person_id, now=now)
            case ConfirmPresence():
                await self._checks.confirm(lesson_id, person_id, via=Via.WEB, now=now)
        self._hub.wake()
        if not self._guest.socket_id:
            self._say(REPORT, {"message": RESPONSES[type(command)].value})

    async def _join(self) -> None:
        if self._guest.socket_id:
            raise Nonsense("already_joined")
        socket_id = new_id()
        await self._register.enter(socket_id, self._seat)
        self._guest.socket_id = socket_id
        seat = self._seat
        try:
            sockets, state = await self._scene()
        except StorageError:
            self._guest.dismiss()  # they are in, and would never be told anything: they shall come back
            raise
        there = participants(sockets)
        others = [who for person_id, who in there.items() if person_id != seat.person_id]
        me = there.get(seat.person_id) or Participant(
            id=seat.person_id, name=seat.name, is_owner=seat.is_owner, joined_at=self._clock.now()
        )
        self._say(CONTROL, join_success(me, others, _shown(seat), state))
        self._guest.sees = frozenset({*there, seat.person_id})
        self._hub.seat(self._guest)
        if state is JoiningState.WAITING_FOR_CONFIRMATION:
            self._reaching.reached(seat)

    async def _scene(self) -> tuple[Sequence[OpenSocket], JoiningState]:
        """Who is there, and how the presence check stands; what happens from here on is told as events."""
        seat = self._seat
        async with self._store.read() as memory:
            self._guest.after = await memory.checks.last_event_id()
            sockets = await memory.sockets.in_lessons([seat.lesson_id])
            logging = (await memory.checks.of([seat.lesson_id], person_ids=[seat.person_id])).get(seat.lesson_id)
        return sockets, joining_state(logging, seat.person_id, is_creator=not seat.is_student)

    async def _leave(self) -> None:
        """Who is dismissed because this process ends did not leave: they come back to the next one."""
        if not self._guest.socket_id or self._hub.is_closing:
            return
        is_orderly = self._has_said_goodbye or self._guest.is_dismissed
        reason = LeftReason.QUIT if is_orderly else LeftReason.TIMEOUT
        await self._register.leave(self._guest.socket_id, self._seat, reason, at=self._heard_at)
        self._hub.moved()

    def _say(self, namespace: str, payload: Payload) -> None:
        self._guest.listener.say(write_frame(namespace, payload, now=self._clock.now()))


def _settings(command: EnablePresenceLogging) -> CheckSettings:
    """As the protocol has it: a question stays open until the next one. Raises `CheckRefused` for other ranges."""
    initial, interval = command.initial_checkpoint_delay or INITIAL, command.checkpoint_interval or INTERVAL
    if (initial, interval) == (INITIAL, INTERVAL):
        return settings_of(Template.OPENTALK)
    return custom(initial, interval, window=None)


def _shown(seat: Seat) -> RoomShown:
    return RoomShown(
        lesson_id=seat.lesson_id,
        course_id=seat.course_id,
        course=seat.course,
        owner=seat.trainer,
        closes_at=seat.planned_end,
    )
