"""What a changed file changes: a lesson that people would call the same keeps its id."""

from datetime import UTC, datetime

import pytest

from bot.timetable.changes import Changes, LaidOutLesson, changes
from bot.timetable.course_file import CoursePlan
from bot.timetable.schedule import PlannedLesson
from tests.bot.timetable.builders import ROME, a_course, calendar, ids

MONDAY = "{start: 2026-11-23T18:00, end: 2026-11-23T21:00}"
TUESDAY = "{start: 2026-11-24T18:00, duration: 3h}"
RULE = '{rrule: "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", start: 2026-11-25T18:00, duration: 3h}'

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def course(*items: str, **keys: str) -> CoursePlan:
    return a_course(schedule=f"[{', '.join(items)}]", **keys)


class TestTheIdOfALessonStays:
    def test_when_the_file_is_imported_again(self) -> None:
        assert ids(course(MONDAY, RULE)) == ids(course(MONDAY, RULE))

    def test_and_is_another_one_in_another_course(self) -> None:
        assert not set(ids(course(MONDAY)).values()) & set(ids(course(MONDAY), course_id="course-2").values())

    def test_when_items_are_put_in_another_order(self) -> None:
        assert ids(course(MONDAY, TUESDAY, RULE)) == ids(course(RULE, TUESDAY, MONDAY))

    def test_when_an_item_is_added(self) -> None:
        assert ids(course(MONDAY)).items() <= ids(course(TUESDAY, MONDAY, RULE)).items()

    def test_when_its_length_changes(self) -> None:
        assert ids(course(MONDAY, RULE)) == ids(course(MONDAY.replace("21:00", "20:30"), RULE.replace("3h", "90m")))

    def test_when_an_end_is_written_as_a_length(self) -> None:
        assert ids(course(MONDAY)) == ids(course("{start: 2026-11-23T18:00, duration: 3h}"))

    def test_when_breaks_platform_room_or_people_change(self) -> None:
        changed = course(
            MONDAY,
            breaks="[{after: 1h, for: 5m}]",
            platform="signaling",
            room="42",
            students="[{name: Ada}]",
            name="Python 102",
        )
        assert ids(course(MONDAY)) == ids(changed)

    def test_when_the_zone_of_the_course_changes(self) -> None:
        assert ids(course(MONDAY, RULE)) == ids(course(MONDAY, RULE, timezone="America/New_York"))

    def test_when_an_offset_is_written_behind_it(self) -> None:
        assert ids(course(MONDAY)) == ids(course(MONDAY.replace("18:00", "18:00:00+01:00")))

    def test_when_a_date_becomes_part_of_a_rule(self) -> None:
        dates = course(*(f"{{start: 2026-{day}T18:00, duration: 3h}}" for day in ("11-25", "11-30", "12-02", "12-07")))
        assert ids(dates) == ids(course(RULE))

    def test_when_its_rule_gets_other_days_more_lessons_or_exceptions(self) -> None:
        changed = course(
            RULE.replace("MO,WE", "WE,FR").replace("COUNT=4", "COUNT=9").replace("3h}", "3h, except: [2026-11-27]}")
        )
        both = ids(course(RULE)).keys() & ids(changed).keys()
        assert both == {"2026-11-25 18:00", "2026-12-02 18:00"}
        assert {ids(course(RULE))[start] for start in both} == {ids(changed)[start] for start in both}


class TestTheIdOfAnEventOfACalendarStays:
    SERIES = "UID:s\nDTSTART;TZID=Europe/Rome:20261123T180000\nDURATION:PT3H\nRRULE:FREQ=DAILY;COUNT=3"
    OVERRIDE = (
        "UID:s\nRECURRENCE-ID;TZID=Europe/Rome:20261124T180000\nDTSTART;TZID=Europe/Rome:20261126T100000\nDURATION:PT1H"
    )
    SINGLE = "UID:one\nDTSTART:20261201T170000Z\nDURATION:PT1H"

    def ids(self, *events: str, item: str = "{ics: t.ics}") -> dict[str, str]:
        return ids(a_course(schedule=f"[{item}]", files={"t.ics": calendar(*events), "new.ics": calendar(*events)}))

    def test_when_one_occurrence_is_moved(self) -> None:
        before, after = self.ids(self.SERIES), self.ids(self.SERIES, self.OVERRIDE)
        assert after["2026-11-26 10:00"] == before["2026-11-24 18:00"]
        assert after["2026-11-25 18:00"] == before["2026-11-25 18:00"]

    def test_when_the_tool_names_the_moved_one_in_utc(self) -> None:
        in_utc = self.OVERRIDE.replace(
            "RECURRENCE-ID;TZID=Europe/Rome:20261124T180000", "RECURRENCE-ID:20261124T170000Z"
        )
        assert self.ids(self.SERIES, in_utc) == self.ids(self.SERIES, self.OVERRIDE)

    def test_when_a_single_event_is_moved_to_another_day(self) -> None:
        moved = self.SINGLE.replace("20261201", "20261208")
        assert list(self.ids(self.SINGLE).values()) == list(self.ids(moved).values())

    def test_when_the_file_has_another_name_or_order(self) -> None:
        assert self.ids(self.SERIES, self.SINGLE) == self.ids(self.SINGLE, self.SERIES, item="{ics: new.ics}")

    def test_and_an_occurrence_without_its_series_keeps_its_own(self) -> None:
        assert self.ids(self.OVERRIDE)["2026-11-26 10:00"] == self.ids(self.SERIES)["2026-11-24 18:00"]


def laid_out(
    plan: CoursePlan, *, now: datetime = LONG_AGO, cancelled: str = "", by_a_person: bool = False
) -> list[LaidOutLesson]:
    """The rows that an import of this course left behind; `cancelled` is the local start of a lesson."""
    found = []
    for (start, lesson_id), lesson in zip(ids(plan).items(), plan.lessons(), strict=True):
        is_cancelled = start == cancelled
        is_open = lesson.start > now and not (is_cancelled and by_a_person)
        found.append(
            LaidOutLesson(id=lesson_id, planned_start=lesson.start, is_open=is_open, is_cancelled=is_cancelled)
        )
    return found


def change(before: list[LaidOutLesson], after: CoursePlan) -> Changes:
    return changes(before, after.lessons(), course_id="course-1", zone=ROME)


def starts(pairs: tuple[tuple[str, PlannedLesson], ...]) -> list[str]:
    return [f"{lesson.start.astimezone(ROME):%Y-%m-%d %H:%M}" for _, lesson in pairs]


class TestAFileThatIsImportedAgain:
    def test_the_first_time_all_lessons_are_new(self) -> None:
        first = change([], course(MONDAY, TUESDAY))
        assert starts(first.new) == ["2026-11-23 18:00", "2026-11-24 18:00"]
        assert (first.kept, first.cancelled) == ((), ())

    def test_unchanged_it_keeps_all_of_them(self) -> None:
        same = course(MONDAY, RULE)
        again = change(laid_out(same), same)
        assert dict(again.kept).keys() == set(ids(same).values())
        assert (again.new, again.cancelled) == ((), ())

    def test_a_lesson_that_vanished_is_cancelled(self) -> None:
        found = change(laid_out(course(MONDAY, TUESDAY)), course(TUESDAY))
        assert found.cancelled == (ids(course(MONDAY))["2026-11-23 18:00"],)
        assert starts(found.kept) == ["2026-11-24 18:00"]

    def test_a_lesson_that_was_cancelled_by_the_file_comes_back_with_it(self) -> None:
        gone = laid_out(course(MONDAY, TUESDAY), cancelled="2026-11-23 18:00")
        assert starts(change(gone, course(MONDAY, TUESDAY)).kept) == ["2026-11-23 18:00", "2026-11-24 18:00"]
        assert change(gone, course(TUESDAY)).cancelled == ()

    def test_a_lesson_that_a_person_cancelled_stays_so(self) -> None:
        gone = laid_out(course(MONDAY), cancelled="2026-11-23 18:00", by_a_person=True)
        assert change(gone, course(MONDAY)) == Changes(new=(), kept=(), cancelled=())

    @pytest.mark.parametrize("hour", ["08:00", "18:30", "20:59"])
    def test_a_lesson_that_gets_another_hour_of_its_day_stays_the_same(self, hour: str) -> None:
        later = course(MONDAY.replace("18:00", hour))
        found = change(laid_out(course(MONDAY)), later)
        assert found.kept == ((ids(course(MONDAY))["2026-11-23 18:00"], later.lessons()[0]),)
        assert (found.new, found.cancelled) == ((), ())

    def test_and_stays_the_same_in_the_import_after_it(self) -> None:
        later = course(MONDAY.replace("18:00", "18:30"))
        (kept,) = change(laid_out(course(MONDAY)), later).kept
        moved = LaidOutLesson(id=kept[0], planned_start=kept[1].start, is_open=True)
        assert change([moved], later).kept == (kept,)

    def test_when_a_rule_gets_another_hour_all_of_its_lessons_stay_the_same(self) -> None:
        found = change(laid_out(course(RULE)), course(RULE.replace("18:00", "17:30")))
        assert list(dict(found.kept)) == list(ids(course(RULE)).values())
        assert starts(found.kept)[0] == "2026-11-25 17:30"

    def test_two_lessons_of_one_day_change_places_with_nobody(self) -> None:
        morning = "{start: 2026-11-23T09:00, duration: 1h}"
        found = change(laid_out(course(morning, MONDAY)), course(MONDAY, morning.replace("09:00", "10:00")))
        assert starts(found.kept) == ["2026-11-23 18:00", "2026-11-23 10:00"]
        assert found.kept[1][0] == ids(course(morning))["2026-11-23 09:00"]

    def test_of_two_lessons_of_its_day_the_one_that_is_not_cancelled_is_moved(self) -> None:
        morning = "{start: 2026-11-23T09:00, duration: 1h}"
        both = laid_out(course(morning, MONDAY), cancelled="2026-11-23 09:00")
        (kept,) = change(both, course(MONDAY.replace("18:00", "17:00"))).kept
        assert kept[0] == ids(course(MONDAY))["2026-11-23 18:00"]

    def test_a_lesson_on_another_day_is_another_lesson(self) -> None:
        found = change(laid_out(course(MONDAY)), course(TUESDAY))
        assert (starts(found.new), found.cancelled) == (["2026-11-24 18:00"], tuple(ids(course(MONDAY)).values()))

    def test_dates_that_become_a_calendar_stay_the_same_lessons(self) -> None:
        event = "UID:x\nDTSTART:20261123T170000Z\nDURATION:PT3H"
        now_ics = a_course(schedule="[{ics: t.ics}]", files={"t.ics": calendar(event)})
        found = change(laid_out(course(MONDAY)), now_ics)
        assert [lesson_id for lesson_id, _ in found.kept] == list(ids(course(MONDAY)).values())

    def test_a_lesson_that_is_over_or_running_is_never_moved_cancelled_or_laid_out_twice(self) -> None:
        began = laid_out(course(MONDAY, TUESDAY), now=datetime(2026, 11, 23, 17, 30, tzinfo=UTC))
        moved = change(began, course(MONDAY.replace("18:00", "18:30"), TUESDAY))
        assert (starts(moved.new), starts(moved.kept), moved.cancelled) == ([], ["2026-11-24 18:00"], ())
        gone = change(began, course(TUESDAY))
        assert (gone.new, gone.cancelled) == ((), ())
