"""What the import of a course file does to the memory, on both databases."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.attendance.lessons import CorrectionKind, Interval, LessonState, Role
from bot.timetable.problems import BadCourseFile
from handlers.cli.course import import_text
from handlers.cli.course_import import Imported, import_courses
from storage.database import Store
from storage.lessons import DueLesson
from tests.bot.timetable.builders import a_file, course_text
from tests.builders import GRACE, correction

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = "{start: 2026-11-23T18:00, end: 2026-11-23T21:00}"
TUESDAY = "{start: 2026-11-24T18:00, end: 2026-11-24T21:00}"
ADA = "{name: Ada Lovelace, email: ada@example.com, slack: U0ADA}"
BOB = "{name: Bob Kahn, email: bob@example.com}"


async def imported(
    store: Store, *courses: str, now: datetime = NOW, is_dry_run: bool = False, **keys: str | None
) -> list[Imported]:
    return await import_courses(store, a_file(*courses, **keys), now=now, is_dry_run=is_dry_run)


async def lessons(store: Store) -> list[DueLesson]:
    async with store.read() as memory:
        return await memory.lessons.find()


async def states(store: Store) -> list[tuple[str, str]]:
    return [
        (f"{each.facts.lesson.planned_start:%d %H:%M}", each.facts.lesson.state.value) for each in await lessons(store)
    ]


async def ids(store: Store) -> Mapping[str, str]:
    return {f"{each.facts.lesson.planned_start:%d %H:%M}": each.facts.lesson.id for each in await lessons(store)}


async def roster(store: Store) -> list[tuple[str, str, str]]:
    """(name, role, e-mail) in the first lesson, by name."""
    first = (await lessons(store))[0]
    return sorted((person.name, person.role.value, person.email) for person in first.facts.roster)


async def test_lessons_are_laid_out_with_their_breaks_policy_zone_and_room(store: Store) -> None:
    await imported(
        store,
        schedule=f"[{MONDAY}]",
        breaks="[{after: 85m, for: 10m}]",
        policy="{minimum: 80%}",
        join_url="https://example.com/j/1",
        staff_channel='"#trainers"',
    )
    (found,) = await lessons(store)
    lesson = found.facts.lesson
    assert lesson.title == "Python 101"
    assert lesson.planned == Interval(datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC))
    assert [pause.length for pause in lesson.breaks] == [timedelta(minutes=10)]
    assert (lesson.policy.minimum, lesson.zone, lesson.platform) == (lesson.policy.minimum, "Europe/Rome", "zoom")
    assert str(lesson.policy.minimum) == "4/5"
    assert (lesson.channel, lesson.staff_channel, lesson.join_url) == (
        "#python-101",
        "#trainers",
        "https://example.com/j/1",
    )
    assert not lesson.is_silent


async def test_somebody_looks_at_a_lesson_when_its_window_opens(store: Store) -> None:
    await imported(store, schedule=f"[{MONDAY}]")
    async with store.read() as memory:
        assert await memory.lessons.next_due_at() == datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


async def test_a_lesson_that_was_over_before_it_was_imported_is_laid_out_and_silent(store: Store) -> None:
    await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]", now=datetime(2026, 11, 23, 20, tzinfo=UTC))
    over, ahead = await lessons(store)
    assert (over.facts.lesson.is_silent, ahead.facts.lesson.is_silent) == (True, False)


async def test_the_same_file_again_changes_nothing(store: Store) -> None:
    await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]", students=f"[{ADA}]")
    before = await ids(store)
    (again,) = await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]", students=f"[{ADA}]")
    assert (again.is_new, again.new, again.moved, again.cancelled) == (False, (), (), 0)
    assert (again.enrolments.new, again.enrolments.changed, again.enrolments.ended) == ((), (), ())
    assert await ids(store) == before


async def test_a_course_is_found_by_its_key_and_may_be_renamed(store: Store) -> None:
    await imported(store, key="py")
    (again,) = await imported(store, key="py", name="Python for all")
    assert not again.is_new
    assert [each.facts.lesson.title for each in await lessons(store)] == ["Python for all"]


async def test_two_courses_may_share_a_room_and_its_people(store: Store) -> None:
    await imported(
        store,
        course_text(students=f"[{ADA}]"),
        course_text(name="Rust 101", schedule=f"[{TUESDAY}]", students=f"[{ADA}, {BOB}]"),
    )
    first, second = await lessons(store)
    ada = {person.id for person in first.facts.roster}
    assert len(ada) == 1
    assert ada < {person.id for person in second.facts.roster}


class TestAChangedSchedule:
    async def test_a_lesson_that_vanished_is_cancelled_and_comes_back_with_the_file(self, store: Store) -> None:
        await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]")
        before = await ids(store)
        await imported(store, schedule=f"[{TUESDAY}]")
        assert await states(store) == [("23 17:00", "cancelled"), ("24 17:00", "planned")]
        await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]")
        assert await states(store) == [("23 17:00", "planned"), ("24 17:00", "planned")]
        assert await ids(store) == before

    async def test_a_lesson_that_was_moved_keeps_its_id(self, store: Store) -> None:
        await imported(store, schedule=f"[{MONDAY}]")
        before = await ids(store)
        (again,) = await imported(store, schedule=f"[{MONDAY.replace('18:00', '18:30')}]")
        assert len(again.moved) == 1
        assert await ids(store) == {"23 17:30": before["23 17:00"]}
        (same,) = await imported(store, schedule=f"[{MONDAY.replace('18:00', '18:30')}]")
        assert same.moved == ()

    async def test_another_room_or_other_breaks_reach_the_lessons_ahead(self, store: Store) -> None:
        await imported(store, schedule=f"[{MONDAY}]")
        (again,) = await imported(store, schedule=f"[{MONDAY}]", room="42", breaks="[{after: 1h, for: 5m}]")
        assert len(again.moved) == 1
        assert len((await lessons(store))[0].facts.lesson.breaks) == 1

    async def test_a_lesson_that_has_started_is_left_alone(self, store: Store) -> None:
        await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]")
        during = datetime(2026, 11, 23, 17, 10, tzinfo=UTC)
        await imported(store, schedule="[{start: 2026-11-25T18:00, duration: 1h}]", now=during)
        assert await states(store) == [("23 17:00", "planned"), ("24 17:00", "cancelled"), ("25 17:00", "planned")]
        await imported(store, schedule=f"[{MONDAY.replace('18:00', '18:30')}]", now=during)
        assert ("23 17:00", "planned") in await states(store)

    async def test_a_lesson_that_a_person_called_off_is_not_brought_back(self, store: Store) -> None:
        await imported(store, schedule=f"[{MONDAY}]", trainers="[{name: Grace Hopper, email: grace@example.com}]")
        (lesson_id,) = (await ids(store)).values()
        async with store.write() as memory:
            said = correction(CorrectionKind.CANCELLED, at=NOW, actor=GRACE)
            await memory.corrections.add(lesson_id, said, now=NOW)
            (due,) = await memory.lessons.due(now=NOW, limit=9)
        await imported(store, schedule=f"[{TUESDAY}]")
        await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]")
        assert due.facts.corrections == (said,)
        async with store.read() as memory:
            again = await memory.lessons.facts(lesson_id)
        assert again is not None
        assert again.facts.corrections == (said,)


class TestAChangedRoster:
    async def test_people_have_their_places_and_a_coordinator_need_not_be_one_of_them(self, store: Store) -> None:
        await imported(
            store,
            trainers="[{name: Grace Hopper, email: grace@example.com}]",
            students=f"[{ADA}, {BOB}]",
            observers="[{name: Inspector, email: inspector@example.com}]",
            coordinator="{email: office@example.com}",
        )
        assert await roster(store) == [
            ("Ada Lovelace", "student", "ada@example.com"),
            ("Bob Kahn", "student", "bob@example.com"),
            ("Grace Hopper", "trainer", "grace@example.com"),
            ("Inspector", "observer", "inspector@example.com"),
        ]
        assert (await lessons(store))[0].facts.lesson.coordinator

    async def test_who_is_removed_from_the_file_has_left_today(self, store: Store) -> None:
        await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]", students=f"[{ADA}, {BOB}]")
        monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
        (again,) = await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]", students=f"[{ADA}]", now=monday)
        assert [enrolment.until_on for _, enrolment in again.enrolments.ended] == [date(2026, 11, 23)]
        today, tomorrow = await lessons(store)
        assert [len(each.facts.roster) for each in (today, tomorrow)] == [2, 1]

    async def test_who_enrols_or_leaves_in_mid_course_is_on_the_roster_of_those_days_only(self, store: Store) -> None:
        students = "[{name: Ada, until: 2026-11-23}, {name: Bob, from: 2026-11-24}]"
        await imported(store, schedule=f"[{MONDAY}, {TUESDAY}]", students=students)
        assert [[person.name for person in each.facts.roster] for each in await lessons(store)] == [["Ada"], ["Bob"]]

    async def test_the_same_e_mail_is_the_same_person_whatever_the_name(self, store: Store) -> None:
        await imported(store, students=f"[{ADA}]")
        (again,) = await imported(store, students="[{name: Ada King, email: ADA@example.com}]")
        assert again.enrolments.new == ()
        (ada,) = (await lessons(store))[0].facts.roster
        assert (ada.name, ada.slack_user_id) == ("Ada King", "U0ADA")

    async def test_without_an_e_mail_the_slack_id_then_the_name_in_the_course_tells(self, store: Store) -> None:
        await imported(store, students="[{name: Ada, slack: U0ADA}, {name: Bob}]")
        (again,) = await imported(store, students="[{name: Ada L, slack: U0ADA, email: ada@example.com}, {name: Bob}]")
        assert (again.enrolments.new, again.enrolments.ended) == ((), ())

    async def test_two_people_of_one_name_are_two(self, store: Store) -> None:
        twins = "[{name: Ann Lee, email: ann1@example.com}, {name: Ann Lee, email: ann2@example.com}]"
        await imported(store, students=twins)
        (again,) = await imported(store, students=twins)
        assert len(await roster(store)) == 2
        assert (again.enrolments.new, again.enrolments.ended) == ((), ())

    async def test_a_trainer_may_coordinate(self, store: Store) -> None:
        await imported(
            store,
            trainers="[{name: Grace Hopper, email: grace@example.com}]",
            coordinator="{email: grace@example.com, name: Grace Hopper}",
        )
        (found,) = await lessons(store)
        (grace,) = found.facts.roster
        assert found.facts.lesson.coordinator == grace.id
        assert grace.role is Role.TRAINER


async def test_a_dry_run_says_what_would_change_and_changes_nothing(store: Store) -> None:
    (would_be,) = await imported(store, schedule=f"[{MONDAY}]", students=f"[{ADA}]", is_dry_run=True)
    assert (would_be.is_new, len(would_be.new), len(would_be.enrolments.new)) == (True, 1, 1)
    assert await lessons(store) == []
    async with store.read() as memory:
        assert (await memory.history.head()).seq == 0


async def test_a_file_of_which_one_course_cannot_be_written_writes_none(store: Store) -> None:
    file = a_file(course_text(), course_text(name="Rust 101", schedule=f"[{TUESDAY}]"))
    broken = replace(file.courses[1], policy=object())  # what no column can hold
    with pytest.raises(TypeError):
        await import_courses(store, replace(file, courses=(file.courses[0], broken)), now=NOW)
    assert await lessons(store) == []


async def test_every_import_stands_in_the_history(store: Store) -> None:
    await imported(store, schedule=f"[{MONDAY}]")
    async with store.read() as memory:
        assert (await memory.history.head()).seq == 1
        assert await memory.history.verify() is None


async def test_an_endless_rule_is_laid_out_sixty_days_ahead(store: Store) -> None:
    (found,) = await imported(store, schedule='[{rrule: "FREQ=DAILY", start: 2026-11-21T18:00, duration: 1h}]')
    assert len(found.new) == 60
    assert (await lessons(store))[-1].facts.lesson.planned_start <= NOW + timedelta(days=60)
    assert {each.facts.lesson.state for each in await lessons(store)} == {LessonState.PLANNED}


async def test_a_text_that_stands_alone_can_be_imported_too(store: Store) -> None:
    await import_text(store, f"courses:\n{course_text()}", now=NOW)
    assert len(await lessons(store)) == 1
    with pytest.raises(BadCourseFile, match="this course file stands alone"):
        await import_text(store, f"courses:\n{course_text(students='[{csv: roster.csv}]')}", now=NOW)
