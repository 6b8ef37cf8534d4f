"""VCaaS names no devices and repeats everything: any order, five times over, mixed with the push, is one sheet."""

import json
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attendance.attendance import sheet_of
from bot.attendance.events import PresenceEvent
from bot.attendance.lessons import Lesson
from bot.attendance.records import PlatformRecord
from bot.attendance.sheet import Flag, Sheet, Verdict
from bot.connectors import Delivery
from handlers.platforms.vcaas import connector
from tests.builders import ADA, BOB, GRACE, an_ended_lesson, at, facts

LIVE = {"joined": "0", "left": "1", "waiting": "2"}

PEOPLE = {"ada": ADA, "bob": BOB, "grace": GRACE}
LESSON: Lesson = an_ended_lesson(platform="vcaas")


def seconds(minute: float) -> str:
    return str(milliseconds(minute) // 1000)


def milliseconds(minute: float) -> int:
    return int(at(minute).timestamp() * 1000)


def callback(who: str, what: str, minute: float) -> Delivery:
    person = PEOPLE[who]
    body = {
        "meetingUid": "m",
        "meetingExternalId": "r",
        "userRole": "0" if person is GRACE else "2",
        "externalId": person.external_id,
        "externalName": person.name,
        "userStatus": LIVE[what],
        "timestamp": seconds(minute),
    }
    return _delivered("user-join-leave", body, minute)


def meeting(what: str, minute: float) -> Delivery:
    if what == "clicked":
        return _delivered(
            "end-class-for-all", {"meetingUid": "m", "meetingExternalId": "r", "timestamp": seconds(minute)}, minute
        )
    status = {"started": 0, "ended": 1}[what]
    body = {"meetingUid": "m", "meetingExternalId": "r", "meetingStatus": status, "timestamp": milliseconds(minute)}
    return _delivered("meeting-start-end", body, minute)


def _delivered(route: str, body: object, minute: float) -> Delivery:
    return Delivery(
        account="a",
        route=route,
        headers={},
        body=json.dumps(body).encode(),
        received_at=at(minute) + timedelta(seconds=1),
    )


def push_of(callbacks: Sequence[Delivery], minute: float = 75) -> Delivery:
    """What VCaaS would push of a meeting with these callbacks."""
    details: dict[str, list[dict[str, object]]] = {}
    for each in callbacks:
        told = json.loads(each.body)
        kind = {"0": "AttendeeJoined", "1": "AttendeeLeft"}.get(told.get("userStatus", ""))
        if kind:
            of_person = details.setdefault(told["externalId"], [])
            of_person.append({"type": kind, "timestamp": int(told["timestamp"]) * 1000})
    body = {
        "meetingData": {
            "meetingUid": "m",
            "meetingExternalId": "r",
            "startTime": seconds(-10),
            "endTime": seconds(70),
        },
        "attendeeDatas": [{"externalId": who, "details": told} for who, told in details.items()],
    }
    return _delivered("meeting-data", body, minute)


def sheet_from(arrivals: Sequence[Delivery]) -> Sheet:
    """As the inbox keeps what arrives: what has a known key changes nothing."""
    kept = {connector.delivery_key(each): each for each in reversed(arrivals)}
    told = [fact for each in kept.values() for fact in connector.normalise(each)]
    events = {fact.key: fact for fact in reversed(told) if isinstance(fact, PresenceEvent)}
    records = tuple(fact for fact in told if isinstance(fact, PlatformRecord))
    return sheet_of(facts(*events.values(), lesson=LESSON, records=records), now=at(300))


CALLBACKS = st.lists(
    st.builds(callback, st.sampled_from(sorted(PEOPLE)), st.sampled_from(sorted(LIVE)), st.integers(-20, 80))
    | st.builds(meeting, st.sampled_from(["started", "ended", "clicked"]), st.integers(-20, 80)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(callbacks=CALLBACKS, is_pushed=st.booleans(), data=st.data())
def test_five_times_in_any_order_mixed_with_the_push_is_the_sheet_of_one_delivery(
    callbacks: list[Delivery],
    is_pushed: bool,
    data: st.DataObject,
) -> None:
    once = [*callbacks, push_of(callbacks)] if is_pushed else callbacks
    arrivals = data.draw(st.permutations(once * 5))
    assert sheet_from(arrivals) == sheet_from(once)


@settings(max_examples=100, deadline=None)
@given(
    phone=st.tuples(st.integers(0, 58), st.integers(1, 60)).map(lambda pair: (pair[0], min(sum(pair), 59))),
    is_pushed=st.booleans(),
)
def test_a_phone_beside_the_laptop_never_makes_anybody_absent_and_the_push_clears_what_was_assumed(
    phone: tuple[int, int],
    is_pushed: bool,
) -> None:
    laptop = [callback("ada", "joined", -1), callback("ada", "left", 61)]
    told = [
        callback("grace", "joined", -5),
        *laptop,
        callback("ada", "joined", phone[0]),
        callback("ada", "left", phone[1]),
    ]
    told.append(callback("grace", "left", 62))
    line = sheet_from([*told, push_of(told)] if is_pushed else told).by_id[ADA.id]
    assert line.verdict is Verdict.VALIDATED
    assert line.flags == (() if is_pushed else (Flag.ASSUMED,))
