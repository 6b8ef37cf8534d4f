"""From the schedule to the lessons: dates, rules and calendars, breaks, clock changes and limits."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.lessons import Interval
from tests.bot.timetable.builders import a_course, a_file, local_starts, mistakes, only


def one(start: str, end: str, **keys: str) -> Interval:
    """The only lesson of a schedule with one date."""
    lesson = only(a_course(schedule=f"[{{start: {start}, {end}}}]", **keys).lessons())
    return Interval(lesson.start, lesson.end)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestDates:
    @pytest.mark.parametrize(
        "start",
        [
            "2026-11-23T18:00",
            "2026-11-23T18:00:00",
            '"2026-11-23T18:00"',
            "'2026-11-23 18:00'",
            "2026-11-23T18:00+01:00",
        ],
    )
    def test_a_local_time_may_have_seconds_quotes_or_an_offset(self, start: str) -> None:
        assert one(start, "end: 2026-11-23T21:00") == Interval(utc("2026-11-23T17:00"), utc("2026-11-23T20:00"))

    def test_an_offset_wins_over_the_zone_of_the_course(self) -> None:
        assert one("2026-11-23T18:00Z", "end: 2026-11-23T14:00-05:30").start == utc("2026-11-23T18:00")
        assert one("2026-11-23T18:00Z", "end: 2026-11-23T14:00-05:30").end == utc("2026-11-23T19:30")

    def test_a_lesson_may_cross_midnight(self) -> None:
        assert one("2026-11-23T23:00", "end: 2026-11-24T01:30") == Interval(
            utc("2026-11-23T22:00"), utc("2026-11-24T00:30")
        )
        assert one("2026-11-23T23:00", "duration: 2h30m") == Interval(utc("2026-11-23T22:00"), utc("2026-11-24T00:30"))

    def test_a_lesson_that_ends_when_it_starts_is_a_mistake(self) -> None:
        (mistake,) = mistakes(schedule="[{start: 2026-11-23T18:00, end: 2026-11-23T18:00}]")
        assert "write an end after its start" in mistake

    def test_either_an_end_or_a_length(self) -> None:
        (mistake,) = mistakes(schedule="[{start: 2026-11-23T18:00, end: 2026-11-23T21:00, duration: 3h}]")
        assert mistake == "7: courses[0].schedule[0]: has both end and duration: keep one of the two"


class TestTheNightOfAClockChange:
    """Rome: on 2026-03-29 02:00 becomes 03:00, on 2026-10-25 03:00 becomes 02:00."""

    def test_a_start_that_does_not_exist_moves_forward(self) -> None:
        assert one("2026-03-29T02:30", "duration: 1h") == Interval(utc("2026-03-29T01:30"), utc("2026-03-29T02:30"))

    def test_a_start_that_exists_twice_is_the_first(self) -> None:
        assert one("2026-10-25T02:30", "duration: 1h") == Interval(utc("2026-10-25T00:30"), utc("2026-10-25T01:30"))

    @pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
    def test_start_and_duration_is_elapsed_time(self, day: str) -> None:
        night = one(f"{day}T23:00", "duration: 6h")
        assert night.length == timedelta(hours=6)

    def test_start_and_end_are_what_the_clocks_show(self) -> None:
        assert one("2026-03-28T23:00", "end: 2026-03-29T05:00").length == timedelta(hours=5)
        assert one("2026-10-24T23:00", "end: 2026-10-25T05:00").length == timedelta(hours=7)

    def test_a_rule_keeps_the_local_time_and_the_elapsed_length(self) -> None:
        course = a_course(schedule='[{rrule: "FREQ=DAILY;COUNT=3", start: 2026-03-28T02:30, duration: 2h}]')
        assert local_starts(course) == ["2026-03-28 02:30", "2026-03-29 03:30", "2026-03-30 02:30"]
        assert {lesson.end - lesson.start for lesson in course.lessons()} == {timedelta(hours=2)}


class TestRules:
    def rule(self, rule: str, start: str = "2026-11-25T18:00", more: str = "") -> list[str]:
        return local_starts(a_course(schedule=f'[{{rrule: "{rule}", start: {start}, duration: 3h{more}}}]'))

    def test_a_rule_repeats_and_its_exceptions_fall_out(self) -> None:
        found = self.rule("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10", more=", except: [2026-12-07, 2026-12-16]")
        assert found == [
            *("2026-11-25 18:00", "2026-11-30 18:00", "2026-12-02 18:00", "2026-12-09 18:00"),
            *("2026-12-14 18:00", "2026-12-21 18:00", "2026-12-23 18:00", "2026-12-28 18:00"),
        ]

    @pytest.mark.parametrize("until", ["20261202", "20261202T180000", "20261202T170000Z"])
    def test_the_day_until_which_it_repeats_belongs_to_it(self, until: str) -> None:
        assert self.rule(f"FREQ=WEEKLY;UNTIL={until}") == ["2026-11-25 18:00", "2026-12-02 18:00"]

    def test_a_rule_ends_before_the_lesson_that_until_leaves_out(self) -> None:
        assert self.rule("FREQ=WEEKLY;UNTIL=20261202T165959Z") == ["2026-11-25 18:00"]

    def test_it_may_be_written_as_in_a_calendar(self) -> None:
        assert self.rule("rrule:freq=weekly; count=2;") == ["2026-11-25 18:00", "2026-12-02 18:00"]

    def test_the_offset_of_its_start_holds_for_all_of_them(self) -> None:
        course = a_course(schedule='[{rrule: "FREQ=DAILY;COUNT=2", start: "2026-03-28T18:00+01:00", duration: 1h}]')
        assert [lesson.start for lesson in course.lessons()] == [utc("2026-03-28T17:00"), utc("2026-03-29T17:00")]

    def test_days_of_the_month_from_its_end(self) -> None:
        assert self.rule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2") == ["2026-11-27 18:00", "2026-12-25 18:00"]

    @pytest.mark.parametrize(
        ("rule", "part"),
        [
            ("FREQ=SECONDLY;COUNT=2", "`FREQ=SECONDLY` repeats within a day"),
            ("FREQ=MINUTELY;COUNT=2", "`FREQ=MINUTELY` repeats within a day"),
            ("FREQ=HOURLY;COUNT=2", "`FREQ=HOURLY` repeats within a day"),
            ("FREQ=DAILY;BYHOUR=9,10;COUNT=2", "`BYHOUR=9,10` repeats within a day"),
            ("FREQ=SOMETIMES", "`SOMETIMES` is not possible for FREQ"),
            ("BYDAY=MO", "`BYDAY=MO` has no FREQ"),
            ("FREQ=DAILY;INTERVAL=0;COUNT=2", "`0` is not possible for INTERVAL"),
            ("FREQ=DAILY;COUNT=0", "`0` is not possible for COUNT"),
            ("FREQ=DAILY;COUNT=2;COUNT=3", "`COUNT` stands twice"),
            ("FREQ=DAILY;COUNT=2;UNTIL=20261202", "has both COUNT and UNTIL"),
            ("FREQ=DAILY;UNTIL=20261340", "is no rule"),
            ("FREQ=WEEKLY;BYDAY=MO,XX;COUNT=2", "`MO,XX` is not possible for BYDAY"),
            ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2", "`32` is not possible for BYMONTHDAY"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "plans no lesson at all"),
            ("FREQ=WEEKLY;UNTIL=20250101", "plans no lesson at all"),
        ],
    )
    def test_what_is_no_rule_or_too_fine_a_one_is_refused(self, rule: str, part: str) -> None:
        (mistake,) = mistakes(schedule=f'[{{rrule: "{rule}", start: 2026-11-25T18:00, duration: 1h}}]')
        assert mistake.startswith("7: courses[0].schedule[0]")
        assert part in mistake

    def test_a_rule_needs_a_start_and_a_length(self) -> None:
        assert mistakes(schedule='[{rrule: "FREQ=DAILY;COUNT=2", end: 2026-11-25T18:00}]') == [
            "7: courses[0].schedule[0].start: is missing: write when the first lesson begins, 2026-11-25T18:00",
            "7: courses[0].schedule[0].duration: is missing: write how long each lesson takes, 3h",
            "7: courses[0].schedule[0].end: is unknown here: known are ics, rrule, start, duration, except",
        ]

    def test_an_exception_or_a_start_that_is_no_day_of_the_rule_is_a_warning(self) -> None:
        rule = '[{rrule: "FREQ=WEEKLY;BYDAY=MO;COUNT=2", start: 2026-11-25T18:00, duration: 1h, except: [2026-12-08]}]'
        assert [str(warning) for warning in a_file(schedule=rule).warnings] == [
            "courses[0].schedule[0].except: `2026-12-08` is no day of the rule: nothing falls out",
            "courses[0].schedule[0].start: is no day of the rule: the first lesson is that of 2026-11-30 18:00",
        ]


class TestAnEndlessRule:
    ENDLESS = '[{rrule: "FREQ=WEEKLY", start: 2026-11-25T18:00, duration: 1h}, {start: 2027-06-01T18:00, duration: 1h}]'

    def test_it_is_laid_out_as_far_as_asked_and_dates_are_laid_out_whole(self) -> None:
        course = a_course(schedule=self.ENDLESS)
        assert local_starts(course, until=utc("2026-12-09T17:00")) == [
            *("2026-11-25 18:00", "2026-12-02 18:00", "2026-12-09 18:00", "2027-06-01 18:00"),
        ]

    def test_it_ends_800_days_after_the_first_lesson_and_the_import_says_so(self) -> None:
        file = a_file(schedule=self.ENDLESS)
        lessons = file.courses[0].lessons(until=utc("2040-01-01T00:00"))
        assert lessons[-1].start - lessons[0].start <= timedelta(days=800)
        assert [str(warning) for warning in file.warnings] == [
            "courses[0].schedule[0]: has no end: lessons are laid out 60 days ahead, and none after 2029-02-02 18:00"
        ]

    def test_it_never_gives_more_than_a_thousand(self) -> None:
        twice = ", ".join(f'{{rrule: "FREQ=DAILY", start: 2026-11-25T{hour}:00, duration: 1h}}' for hour in (9, 10))
        assert len(a_course(schedule=f"[{twice}]".replace("T9", "T09")).lessons()) == 1000


class TestLimits:
    def test_a_thousand_lessons_are_possible_and_one_more_is_not(self) -> None:
        def daily(count: int) -> str:
            both = [
                '{rrule: "FREQ=DAILY;COUNT=500", start: 2026-11-25T09:00, duration: 1h}',
                f'{{rrule: "FREQ=DAILY;COUNT={count}", start: 2026-11-25T10:00, duration: 1h}}',
            ]
            return f"[{', '.join(both)}]"

        assert len(a_course(schedule=daily(500)).lessons()) == 1000
        (mistake,) = mistakes(schedule=daily(501))
        assert "plans more than 1,000 lessons" in mistake

    def test_800_days_are_possible_and_one_more_is_not(self) -> None:
        a_course(schedule="[{start: 2026-01-01T18:00, duration: 1h}, {start: 2028-03-11T18:00, duration: 1h}]")
        (mistake,) = mistakes(
            schedule="[{start: 2026-01-01T18:00, duration: 1h}, {start: 2028-03-12T18:00, duration: 1h}]"
        )
        assert mistake == (
            "7: courses[0].schedule: plans lessons from 2026-01-01 18:00 to 2028-03-12 18:00: "
            "a course has at most 800 days, make two of it"
        )

    @pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=999999", "FREQ=YEARLY;COUNT=1000", "FREQ=DAILY;UNTIL=20991231"])
    def test_a_rule_that_breaks_them_is_named_and_not_run_to_its_end(self, rule: str) -> None:
        (mistake,) = mistakes(schedule=f'[{{rrule: "{rule}", start: 2026-11-25T18:00, duration: 1h}}]')
        assert "a course has at most 800 days" in mistake

    def test_one_lesson_planned_twice_is_a_mistake(self) -> None:
        rule = '{rrule: "FREQ=DAILY;COUNT=2", start: 2026-11-25T18:00, duration: 1h}'
        (mistake,) = mistakes(schedule=f"[{rule}, {{start: 2026-11-26T18:00, duration: 2h}}]")
        assert mistake == (
            "7: courses[0].schedule[1]: the lesson of 2026-11-26 18:00 stands already at courses[0].schedule[0] (line 7): "
            "take it out of one of the two"
        )


class TestBreaks:
    def test_a_break_is_counted_from_the_start_of_each_lesson(self) -> None:
        schedule = "[{start: 2026-11-23T18:00, duration: 3h}, {start: 2026-11-24T10:00, duration: 3h}]"
        course = a_course(schedule=schedule, breaks="[{after: 85m, for: 10m}]")
        assert [lesson.breaks for lesson in course.lessons()] == [
            (Interval(utc("2026-11-23T18:25"), utc("2026-11-23T18:35")),),
            (Interval(utc("2026-11-24T10:25"), utc("2026-11-24T10:35")),),
        ]

    def test_what_lies_outside_of_a_short_lesson_is_cut_off(self) -> None:
        course = a_course(
            schedule="[{start: 2026-11-23T18:00, duration: 90m}]",
            breaks="[{after: 85m, for: 10m}, {after: 2h, for: 10m}]",
        )
        assert only(course.lessons()).breaks == (Interval(utc("2026-11-23T18:25"), utc("2026-11-23T18:30")),)


class TestSessions:
    def test_a_course_may_take_every_session_of_its_room(self) -> None:
        course = a_course(schedule="sessions")
        assert course.schedule.from_sessions
        assert course.lessons() == ()

    def test_no_other_word_is_a_schedule(self) -> None:
        assert mistakes(schedule="session") == [
            "7: courses[0].schedule: `session` is no schedule: write a list of lessons, or the word sessions"
        ]
