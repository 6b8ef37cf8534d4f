"""A calendar file as a timetable: series, exceptions, moved and cancelled occurrences, zones, and what is wrong in it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bot.timetable.builders import a_course, a_file, calendar, local_starts, mistakes


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestCalendars:
    SERIES = """
UID:series
DTSTART;TZID=Europe/Rome:20261024T010000
DTEND;TZID=Europe/Rome:20261024T040000
RRULE:FREQ=DAILY;COUNT=5
EXDATE;TZID=Europe/Rome:20261026T010000
"""
    MOVED = """
UID:series
RECURRENCE-ID;TZID=Europe/Rome:20261027T010000
DTSTART;TZID=Europe/Rome:20261027T120000
DTEND;TZID=Europe/Rome:20261027T133000
"""

    def of(self, *events: str, **keys: str) -> list[tuple[str, timedelta]]:
        course = a_course(schedule="[{ics: timetable.ics}]", files={"timetable.ics": calendar(*events)}, **keys)
        lengths = [lesson.end - lesson.start for lesson in course.lessons()]
        return list(zip(local_starts(course), lengths, strict=True))

    def test_a_series_with_an_exception_and_a_moved_occurrence(self) -> None:
        three = timedelta(hours=3)
        assert self.of(self.SERIES, self.MOVED) == [
            ("2026-10-24 01:00", three),
            ("2026-10-25 01:00", three),  # the night in which the clocks change: elapsed time
            ("2026-10-27 12:00", timedelta(minutes=90)),
            ("2026-10-28 01:00", three),
        ]

    def test_a_moved_occurrence_ends_when_the_clocks_show_its_end(self) -> None:
        night = self.MOVED.replace("20261027T120000", "20261024T230000").replace("20261027T133000", "20261025T050000")
        assert ("2026-10-24 23:00", timedelta(hours=7)) in self.of(self.SERIES, night)

    def test_a_cancelled_occurrence_is_no_lesson(self) -> None:
        cancelled = self.MOVED.replace("DTSTART", "STATUS:CANCELLED\nDTSTART", 1)
        assert [start for start, _ in self.of(self.SERIES, cancelled)] == [
            *("2026-10-24 01:00", "2026-10-25 01:00", "2026-10-28 01:00"),
        ]

    @pytest.mark.parametrize(
        "times",
        [
            "DTSTART:20261123T170000Z\nDTEND:20261123T180000Z",
            "DTSTART;TZID=America/New_York:20261123T120000\nDTEND;TZID=America/New_York:20261123T130000",
            "DTSTART;TZID=W. Europe Standard Time:20261123T180000\nDURATION:PT1H",
            "DTSTART:20261123T180000\nDTEND:20261123T190000",  # a time without a zone is the course's
        ],
    )
    def test_its_times_may_be_in_any_zone_and_those_without_are_in_the_course_s(self, times: str) -> None:
        assert self.of(f"UID:a\n{times}") == [("2026-11-23 18:00", timedelta(hours=1))]

    def test_all_day_events_are_left_out_with_a_warning(self) -> None:
        holiday = "UID:h\nDTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY"
        lesson = "UID:a\nDTSTART:20261123T170000Z\nDURATION:PT1H"
        file = a_file(schedule="[{ics: t.ics}]", files={"t.ics": calendar(holiday, lesson)})
        assert local_starts(file.courses[0]) == ["2026-11-23 18:00"]
        assert [str(warning) for warning in file.warnings] == [
            "courses[0].schedule[0].ics: 1 of the events last all day: they are no lessons and are left out"
        ]

    def test_a_series_without_end_is_laid_out_ahead(self) -> None:
        endless = "UID:a\nDTSTART:20261123T170000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
        course = a_course(schedule="[{ics: t.ics}]", files={"t.ics": calendar(endless)})
        assert local_starts(course, until=utc("2026-12-01T00:00")) == ["2026-11-23 18:00", "2026-11-30 18:00"]
        assert course.lessons()[-1].start == utc("2029-01-29T17:00")

    @pytest.mark.parametrize(
        ("event", "part"),
        [
            ("UID:a\nSUMMARY:Python\nDTSTART:whenever", "the event `Python` cannot be read"),
            ("UID:a\nDTEND:20261123T180000Z", "the event `a` cannot be read"),
            ("UID:a\nDTSTART:20261123T170000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY", "repeats within a day"),
            (
                "UID:a\nDTSTART:20261123T170000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0",
                "not possible for INTERVAL",
            ),
            ("UID:a\nDTSTART;TZID=Middle/Earth:20261123T170000\nDURATION:PT1H", "`Middle/Earth`, which nobody knows"),
            ("UID:a\nDTSTART:20261123T170000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY; COUNT=3", "cannot be repeated"),
            ("UID:a\nDTSTART:20261123T170000Z", "write an end after its start"),
            ("UID:a\nDTSTART:20261123T170000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;COUNT=9", "at most 800 days"),
            ("UID:a\nDTSTART:20261123T170000Z\nDURATION:PT5M\nRRULE:FREQ=DAILY;COUNT=5000", "at most 800 days"),
        ],
    )
    def test_what_a_calendar_has_wrong_is_named(self, event: str, part: str) -> None:
        (mistake,) = mistakes(schedule="[{ics: t.ics}]", files={"t.ics": calendar(event)})
        assert part in mistake

    def test_a_calendar_of_holidays_alone_plans_nothing(self) -> None:
        holiday = calendar("UID:h\nDTSTART;VALUE=DATE:20261225")
        (mistake,) = mistakes(schedule="[{ics: t.ics}]", files={"t.ics": holiday})
        assert mistake == "7: courses[0].schedule[0]: plans no lesson at all: look at the rule and its exceptions"

    def test_an_occurrence_may_be_named_by_its_day(self) -> None:
        moved = "UID:s\nRECURRENCE-ID;VALUE=DATE:20261124\nDTSTART:20261124T170000Z\nDURATION:PT1H"
        assert self.of(moved) == [("2026-11-24 18:00", timedelta(hours=1))]

    @pytest.mark.parametrize("text", ["", "no calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
    def test_what_is_no_calendar_or_has_no_event_is_refused(self, text: str) -> None:
        (mistake,) = mistakes(schedule="[{ics: t.ics}]", files={"t.ics": text})
        assert mistake.startswith("7: courses[0].schedule[0].ics: ")
