"""A platform that can be asked for its records, as a test wants it to answer."""

from collections.abc import Sequence
from datetime import datetime

from bot.attendance.records import PlatformRecord
from bot.connectors import AskedRoom, AskedSession

#: what it gives for a session: a record, nothing, or an error to raise
Answer = PlatformRecord | None | Exception


class FakeRecords:
    """Answers with what it was given, and remembers when it was asked for what."""

    def __init__(self, *answers: Answer, sessions: Sequence[str] | Exception = ()) -> None:
        #: one after the other, the last one again and again
        self.answers = list(answers) or [None]
        self.listed = sessions
        self.asked_at: list[datetime] = []
        self.asked: list[AskedSession] = []
        self.rooms: list[AskedRoom] = []
        self.replays: list[tuple[datetime, datetime]] = []

    async def sessions(self, asked: AskedRoom, *, now: datetime) -> Sequence[str]:
        self.rooms.append(asked)
        self.asked_at.append(now)
        if isinstance(self.listed, Exception):
            raise self.listed
        return self.listed

    async def records(self, asked: AskedSession, *, now: datetime) -> PlatformRecord | None:
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def replay(self, *, since: datetime, until: datetime, now: datetime) -> int:
        self.replays.append((since, until))
        return 0
