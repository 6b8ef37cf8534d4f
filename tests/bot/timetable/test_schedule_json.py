"""A schedule that was kept lays out the same lessons as the file it came from."""

import json

from bot.timetable.schedule_json import breaks_as_json, breaks_from_json, schedule_as_json, schedule_from_json
from tests.bot.timetable.builders import a_course, calendar


def test_every_kind_of_item_comes_back_as_it_was() -> None:
    course = a_course(
        schedule="""
      - {start: 2026-11-23T18:00, end: 2026-11-23T21:00}
      - {start: "2026-11-24T18:00+02:00", duration: 1h30m}
      - {rrule: "FREQ=WEEKLY;COUNT=3", start: 2026-11-25T18:00, duration: 3h, except: [2026-12-02]}
      - {ics: t.ics}""",
        breaks="[{after: 85m, for: 10m}]",
        files={"t.ics": calendar("UID:a\nDTSTART:20261201T170000Z\nDURATION:PT1H")},
    )
    kept = json.loads(json.dumps([schedule_as_json(course.schedule), breaks_as_json(course.breaks)]))
    assert schedule_from_json(kept[0]) == course.schedule
    assert breaks_from_json(kept[1]) == course.breaks


def test_what_was_never_kept_is_empty() -> None:
    assert schedule_from_json(None, from_sessions=True) == a_course(schedule="sessions").schedule
    assert breaks_from_json(None) == ()
