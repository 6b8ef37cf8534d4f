"""What a changed roster changes: who is enrolled from when until when."""

from datetime import date

from bot.attendance.lessons import Role
from bot.timetable.enrolments import EnrolmentChanges, EnrolmentPlan, enrolment_changes

TODAY = date(2026, 11, 21)
NOTHING = EnrolmentChanges(new=(), changed=(), ended=())


def ada(role: Role = Role.STUDENT, *, start: str = "", end: str = "", registrant: str = "") -> EnrolmentPlan:
    return EnrolmentPlan(
        person_id="ada",
        role=role,
        registrant_id=registrant,
        from_on=date.fromisoformat(start) if start else None,
        until_on=date.fromisoformat(end) if end else None,
    )


def change(kept: list[EnrolmentPlan], planned: list[EnrolmentPlan]) -> EnrolmentChanges:
    numbered = [(f"enrolment {number}", each) for number, each in enumerate(kept, start=1)]
    return enrolment_changes(numbered, planned, today=TODAY)


def test_who_is_new_on_the_roster_is_enrolled() -> None:
    assert change([], [ada(start="2026-12-01")]) == EnrolmentChanges(
        new=(ada(start="2026-12-01"),), changed=(), ended=()
    )


def test_who_is_still_on_it_stays() -> None:
    assert change([ada()], [ada()]) == NOTHING


def test_who_was_removed_from_it_left_today() -> None:
    assert change([ada()], []).ended == (("enrolment 1", ada(end="2026-11-21")),)
    assert change([ada(end="2027-02-26")], []).ended == (("enrolment 1", ada(end="2026-11-21")),)


def test_who_left_before_is_not_touched() -> None:
    assert change([ada(end="2026-11-01")], []) == NOTHING
    assert change([ada(end="2026-11-21")], []) == NOTHING


def test_who_was_removed_by_mistake_is_in_the_course_as_before() -> None:
    assert change([ada(end="2026-11-21")], [ada()]).changed == (("enrolment 1", ada()),)


def test_new_dates_or_ids_change_the_enrolment() -> None:
    assert change([ada()], [ada(end="2027-02-26")]).changed == (("enrolment 1", ada(end="2027-02-26")),)
    assert change([ada()], [ada(start="2026-12-01")]).changed == (("enrolment 1", ada(start="2026-12-01")),)
    assert change([ada()], [ada(registrant="reg-1")]).changed == (("enrolment 1", ada(registrant="reg-1")),)


def test_who_left_and_comes_back_later_has_a_second_enrolment() -> None:
    assert change([ada(end="2026-10-01")], [ada(start="2026-12-01")]).new == (ada(start="2026-12-01"),)


def test_a_student_who_becomes_a_trainer_leaves_as_a_student() -> None:
    assert change([ada()], [ada(Role.TRAINER)]) == EnrolmentChanges(
        new=(ada(Role.TRAINER),), changed=(), ended=(("enrolment 1", ada(end="2026-11-21")),)
    )
