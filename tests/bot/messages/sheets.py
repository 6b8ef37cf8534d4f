"""A sheet and its people, for what the commands answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.attendance.lessons import Confirmation, Feed, Lesson, LessonState, RecordState, Role
from bot.attendance.sheet import (
    Change,
    ChangeKind,
    Flag,
    PersonSheet,
    Presence,
    Seconds,
    Sheet,
    Stay,
    Stranger,
    Verdict,
)
from tests.bot.messages.contents import LESSON, SIX


def at(minutes: float) -> datetime:
    """So many minutes after the planned start."""
    return datetime.fromtimestamp(SIX, UTC) + timedelta(minutes=minutes)


PYTHON_101 = Lesson(
    id=LESSON,
    title="Python 101",
    planned_start=at(0),
    planned_end=at(180),
    state=LessonState.LIVE,
    zone="Europe/Rome",
    platform="zoom",
)


def a_person(name: str = "Bob Stone", **changes: Any) -> PersonSheet:
    base: dict[str, Any] = {
        "person_id": name.lower().replace(" ", "-"),
        "name": name,
        "role": Role.STUDENT,
        "email": "",
        "slack_user_id": "",
        "presence": Presence.PRESENT,
        "verdict": Verdict.PENDING,
        "flags": (),
        "first_joined_at": at(0),
        "last_left_at": None,
        "late_by": None,
        "attended": Seconds(planned=168 * 60, held=168 * 60),
        "denominator": Seconds(planned=180 * 60, held=177 * 60),
        "permille_planned": 933,
        "permille_held": 949,
        "assumed_seconds": 0,
        "waited_seconds": 0,
        "waited": (),
        "measured_seconds": 168 * 60,
        "bridged_seconds": 0,
        "stays": (),
        "since": None,
    }
    return PersonSheet(**{**base, **changes})


def change(kind: ChangeKind, minutes: float, **changes: Any) -> Change:
    until = changes.pop("until", None)
    return Change(
        **{
            "kind": kind,
            "at": at(minutes),
            "until": None if until is None else at(until),
            "source": "zoom webhook",
            **changes,
        }
    )


#: joined 18:07 from the iPad, lost 3 min at 18:31, back, left 20:58
BOB = a_person(
    presence=Presence.LEFT,
    verdict=Verdict.VALIDATED,
    flags=(Flag.LATE,),
    late_by=timedelta(minutes=7, seconds=20),
    stays=(Stay(joined_at=at(7), left_at=at(31), lost=True), Stay(joined_at=at(34), left_at=at(178))),
    changes=(
        change(ChangeKind.JOINED, 7, device="iPad"),
        change(ChangeKind.LOST, 31, device="iPad"),
        change(ChangeKind.BACK, 34, device="iPad"),
        change(ChangeKind.LEFT, 178, device="iPad"),
    ),
)

EVERYTHING_CHANGED = a_person(
    "Ada Lovelace",
    verdict=Verdict.PARTIAL,
    flags=(Flag.WAITED, Flag.BRIDGED, Flag.ASSUMED, Flag.WEAK_IDENTITY, Flag.CORRECTED),
    assumed_seconds=120,
    waited_seconds=480,
    bridged_seconds=45,
    stays=(Stay(joined_at=at(8), left_at=at(60)), Stay(joined_at=at(70), left_at=None)),
    changes=(
        change(ChangeKind.SAID, -5, source="ada-lovelace", note="on_my_way"),
        change(ChangeKind.WAITING, 0, until=8),
        change(ChangeKind.ADMITTED, 8),
        change(ChangeKind.JOINED, 8, source="assumed", is_assumed=True),
        change(ChangeKind.MOVED, 20, note="breakout"),
        change(ChangeKind.MOVED, 40, note="main"),
        change(ChangeKind.BRIDGED, 50, until=50.75, source="rule"),
        change(ChangeKind.LEFT, 60, is_assumed=True),
        change(ChangeKind.BACK, 30),
        change(ChangeKind.BACK, 40, device="iPad"),
        change(ChangeKind.BACK, 70),
        change(ChangeKind.WAITING, 75),
        change(ChangeKind.CREDITED, 0, until=8, source="grace-hopper", note="she waited"),
        change(ChangeKind.TAKEN_AWAY, 90, until=95, source="grace-hopper"),
        change(ChangeKind.EXCUSED, 100, until=110, source="grace-hopper"),
        change(ChangeKind.SAID, 185, source="ada-lovelace", note="disputed: I was there"),
        change(ChangeKind.SAID, 190, source="grace-hopper", note="something new: words"),
    ),
)

NAMES = {"ada-lovelace": "Ada Lovelace", "grace-hopper": "Grace Hopper"}


def a_stranger(name: str = "iPad (2)", **changes: Any) -> Stranger:
    base: dict[str, Any] = {
        "connections": (("session-1", "c9"),),
        "display_name": name,
        "platform": "zoom",
        "presence": Presence.PRESENT,
        "attended_seconds": 300,
        "stays": (),
        "is_host": False,
    }
    return Stranger(**{**base, **changes})


def a_sheet(*people: PersonSheet, **changes: Any) -> Sheet:
    base: dict[str, Any] = {
        "lesson_id": LESSON,
        "title": "Python 101",
        "state": LessonState.LIVE,
        "confirmation": Confirmation.CONFIRMED,
        "feed": Feed.PROVEN,
        "record": RecordState.PENDING,
        "computed_at": at(31),
        "planned_start": at(0),
        "planned_end": at(180),
        "actual_start": at(0),
        "actual_end": None,
        "planned_seconds": 180 * 60,
        "held_seconds": 177 * 60,
        "sources": ("webhooks",),
        "people": people,
        "strangers": (),
        "not_enrolled": (),
        "observers": (),
    }
    return Sheet(**{**base, **changes})
