"""What an admin looks after: the connections to platforms, and who cannot be reached in Slack."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.attendance.lessons import LessonState
from storage import tables
from storage.deliveries import DeliveryState
from storage.message_rows import MessageState
from storage.tables import table_of
from storage.transaction import Transaction

ACCOUNT, DELIVERY, ENROLMENT, LESSON, MESSAGE, PERSON, SOCKET = (
    table_of(model)
    for model in (
        tables.PlatformAccount,
        tables.Delivery,
        tables.Enrolment,
        tables.Lesson,
        tables.Message,
        tables.Person,
        tables.Socket,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformHealth:
    """An account on a platform, and when its newest delivery that told something arrived; None: never."""

    platform: str
    last_received_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What there is to do just now."""

    deliveries_waiting: int
    #: when the oldest of them came; None: none waits
    oldest_received_at: datetime | None
    messages_waiting: int
    lessons_live: int
    sockets_open: int


class Overview:
    """Counts and states of the workspace as a whole."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def platforms(self) -> list[PlatformHealth]:
        """Every account, by platform."""
        query = (
            select(ACCOUNT.c.platform, ACCOUNT.c.last_received_at)
            .where(ACCOUNT.c.workspace_id == self._transaction.workspace_id)
            .order_by(ACCOUNT.c.platform, ACCOUNT.c.name)
        )
        return [PlatformHealth(**row._asdict()) for row in await self._transaction.all(query)]

    async def load(self) -> Load:
        """What waits, and what runs."""
        waits = DELIVERY.c.state == DeliveryState.RECEIVED
        oldest = select(DELIVERY.c.received_at).where(waits).order_by(DELIVERY.c.id).limit(1)
        # Who runs is due: of the lessons of a year the index gives only those that somebody still looks at.
        is_live = (LESSON.c.state == LessonState.LIVE, LESSON.c.due_at.is_not(None))
        count = self._transaction.value
        return Load(
            deliveries_waiting=await count(select(func.count()).select_from(DELIVERY).where(waits)),
            oldest_received_at=await self._transaction.value(oldest),
            messages_waiting=await count(
                select(func.count()).select_from(MESSAGE).where(MESSAGE.c.state == MessageState.WAITING)
            ),
            lessons_live=await count(select(func.count()).select_from(LESSON).where(*is_live)),
            sockets_open=await count(select(func.count()).select_from(SOCKET).where(SOCKET.c.left_at.is_(None))),
        )

    async def without_account(self, *, limit: int) -> tuple[int, list[str]]:
        """How many stand on a roster and are not found in Slack, and the names of the first of them."""
        is_enrolled = select(ENROLMENT.c.id).where(ENROLMENT.c.person_id == PERSON.c.id).exists()
        unreachable = (
            PERSON.c.workspace_id == self._transaction.workspace_id,
            PERSON.c.slack_user_id == "",
            PERSON.c.merged_into.is_(None),
            is_enrolled,
        )
        count = await self._transaction.value(select(func.count()).select_from(PERSON).where(*unreachable))
        query = select(PERSON.c.name).where(*unreachable).order_by(PERSON.c.name, PERSON.c.id).limit(limit)
        return int(count), [row.name for row in await self._transaction.all(query)]
