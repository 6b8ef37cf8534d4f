"""The platform's own record is the truth about whom it names; what it takes away stands on the sheet."""

from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.events import EventKind, Handle
from bot.attendance.lessons import Feed, FeedFacts, Person, RecordState
from bot.attendance.records import PlatformRecord, RecordedStay
from bot.attendance.sheet import Difference, Flag, Sheet, Verdict
from bot.reports.attendance_json import attendance_json
from tests.bot.attendance.test_counting import TRAINER, TWO_DEVICES, came, told, waits, went
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    ROOM,
    SESSION,
    Moment,
    an_ended_lesson,
    at,
    facts,
    replace,
    session_ended,
)

GUEST = Handle(name="Bob Kahn")


def was_in(who: Person, start: Moment, end: Moment, **changes: Any) -> RecordedStay:
    handle = Handle(external_id=who.external_id)
    return RecordedStay(handle=handle, joined_at=at(start), left_at=at(end), **changes)


def a_record(*stays: RecordedStay, **changes: Any) -> PlatformRecord:
    """Pushed five minutes after the end, with Grace in it."""
    given = PlatformRecord(
        room=ROOM,
        session=SESSION,
        source="vcaas_data",
        received_at=at(75),
        started_at=at(-10),
        ended_at=at(70),
        stays=(was_in(GRACE, -10, 70), *stays),
    )
    return replace(given, **changes)


def ended(*events: Any, records: tuple[PlatformRecord, ...] = (), **changes: Any) -> Sheet:
    given = facts(*events, lesson=an_ended_lesson(), records=records, **changes)
    return sheet_of(given, now=at(300))


def test_what_was_assumed_of_two_devices_is_known_from_the_record():
    line = ended(*TWO_DEVICES, *TRAINER, records=(a_record(was_in(ADA, 0, 60)),)).by_id[ADA.id]
    assert (line.verdict, line.flags, line.assumed_seconds) == (Verdict.VALIDATED, (), 0)


def test_a_record_replaces_what_was_told_live_and_says_what_that_was():
    sheet = ended(came(ADA, 0), went(ADA, 60), *TRAINER, records=(a_record(was_in(ADA, 0, 20)),))
    assert sheet.by_id[ADA.id].attended.planned == 1200
    assert sheet.differences == (Difference(person_id="ada", webhooks_seconds=3600, record_seconds=1200),)
    assert attendance_json(sheet)["lesson"]["differences"] == [
        {"person": "ada", "webhooks_seconds": 3600, "record_seconds": 1200}
    ]


def test_a_difference_of_a_minute_is_silent():
    sheet = ended(came(ADA, 0), went(ADA, 60), *TRAINER, records=(a_record(was_in(ADA, 1, 60)),))
    assert (sheet.by_id[ADA.id].attended.planned, sheet.differences) == (59 * 60, ())


def test_with_a_record_the_sheet_says_so():
    sheet = ended(*TWO_DEVICES, *TRAINER, records=(a_record(was_in(ADA, 0, 60)),))
    assert (sheet.record, sheet.sources) == (RecordState.IN, ("webhooks", "vcaas_data"))
    assert ended(*TWO_DEVICES, *TRAINER).record is RecordState.PENDING


def test_the_record_alone_yields_the_sheet():
    feed = FeedFacts(room_heard_at=at(75))
    sheet = ended(records=(a_record(was_in(ADA, 0, 60), was_in(BOB, 30, 60)),), feed=feed)
    assert (sheet.feed, sheet.sources) == (Feed.PROVEN, ("vcaas_data",))
    assert [(line.person_id, line.verdict) for line in sheet.students] == [
        ("ada", Verdict.VALIDATED),
        ("bob", Verdict.PARTIAL),
    ]


def test_whom_the_record_does_not_know_was_not_there():
    sheet = ended(
        came(ADA, 0), went(ADA, 60), came(BOB, 0), went(BOB, 60), *TRAINER, records=(a_record(was_in(ADA, 0, 60)),)
    )
    assert (sheet.by_id[BOB.id].verdict, [each.person_id for each in sheet.differences]) == (Verdict.ABSENT, ["bob"])


def test_who_is_only_a_name_stands_in_no_record_and_stays_as_told():
    guest = [told(kind, BOB, moment, handle=GUEST) for kind, moment in ((EventKind.JOINED, 0), (EventKind.LEFT, 60))]
    line = ended(*guest, *TRAINER, records=(a_record(was_in(ADA, 0, 60)),)).by_id[BOB.id]
    assert (line.verdict, line.flags) == (Verdict.VALIDATED, (Flag.WEAK_IDENTITY,))


def test_names_and_hosts_are_those_that_were_told_live():
    """Grace teaches under an id that no course has: only the role that was told live makes her the host."""
    unknown = replace(GRACE, external_id="grace-at-home", email="")
    host = Handle(name="Room 3", external_id="grace-at-home", is_host=True)
    live = [told(EventKind.JOINED, unknown, -10, handle=host), told(EventKind.LEFT, unknown, 70, handle=host)]
    record = a_record(was_in(ADA, 0, 60))
    record = replace(record, stays=(was_in(unknown, -10, 70), *record.stays[1:]))
    sheet = ended(*live, *TWO_DEVICES, records=(record,))
    assert sheet.held_seconds == 3600
    assert [each.display_name for each in sheet.strangers] == ["Room 3"]


@pytest.mark.parametrize(("is_host", "confirmation"), [(True, "confirmed"), (False, "unconfirmed")])
def test_a_trainer_whom_nobody_recognises_is_known_from_the_record_alone_as_the_host(is_host: bool, confirmation: str):
    room = RecordedStay(handle=Handle(name="Room 3", is_host=is_host), joined_at=at(-10), left_at=at(70))
    record = replace(a_record(), source="zoom_report", is_whole=False, stays=(room, was_in(ADA, 0, 60)))
    sheet = ended(records=(record,), feed=FeedFacts(room_heard_at=at(75)))
    assert (sheet.confirmation, [each.display_name for each in sheet.strangers]) == (confirmation, ["Room 3"])


def test_waiting_stands_in_no_record_and_stays_as_told():
    line = ended(waits(ADA, 0), came(ADA, 8), went(ADA, 60), *TRAINER, records=(a_record(was_in(ADA, 8, 60)),)).by_id[
        ADA.id
    ]
    assert (line.waited_seconds, line.flags) == (480, (Flag.WAITED,))


def test_a_lost_connection_in_the_record_is_a_drop():
    line = ended(*TRAINER, records=(a_record(was_in(ADA, 0, 40, lost=True)),)).by_id[ADA.id]
    assert line.flags == (Flag.DROPPED,)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_versions_the_one_received_last_counts(order: int):
    first = a_record(was_in(ADA, 0, 20))
    second = a_record(was_in(ADA, 0, 60), received_at=at(80))
    assert ended(*TRAINER, records=(first, second)[::order]).by_id[ADA.id].attended.planned == 3600


def test_a_record_of_another_session_replaces_nothing():
    events = (came(ADA, 0), went(ADA, 60), session_ended(at=70), *TRAINER)
    sheet = ended(*events, records=(a_record(was_in(ADA, 0, 5), session="another"),))
    assert sheet.by_id[ADA.id].attended.planned == 3600


def test_a_meeting_that_goes_on_after_its_record_keeps_what_was_told_since():
    """The network ended it at minute 29, and the record of that is here before everybody has left for good."""
    first = a_record(was_in(ADA, 0, 29), ended_at=at(29), received_at=at(34))
    first = replace(first, stays=(was_in(GRACE, -10, 29), *first.stays[1:]))
    before = (came(ADA, 0), went(ADA, 29.01), came(GRACE, -10), went(GRACE, 29.02), session_ended(at=29))
    since = (came(GRACE, 31), came(ADA, 32), went(ADA, 60), went(GRACE, 61), session_ended(at=61))
    line = ended(*before, *since, records=(first,)).by_id[ADA.id]
    assert [(stay.joined_at, stay.left_at) for stay in line.stays] == [(at(0), at(29)), (at(32), at(60))]
    assert line.flags == ()


def test_a_left_that_is_told_after_the_end_belongs_to_the_record():
    events = (came(ADA, 0), went(ADA, 50.5), came(GRACE, -10), went(GRACE, 50.5), session_ended(at=50))
    record = a_record(was_in(ADA, 0, 50), ended_at=at(50))
    record = replace(record, stays=(was_in(GRACE, -10, 50), *record.stays[1:]))
    line = ended(*events, records=(record,)).by_id[ADA.id]
    assert ([stay.left_at for stay in line.stays], line.flags) == ([at(50)], ())
