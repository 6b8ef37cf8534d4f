"""Who is this connection? Section 6 of the definitions of attendance, rule by rule."""

from typing import Any

import pytest

from bot.attendance.attendance import sheet_of
from bot.attendance.events import EventKind, Handle, PresenceEvent
from bot.attendance.lessons import CorrectionKind, Link, LinkKind, Person, Role
from bot.attendance.sheet import Flag, QuestionKind, Sheet, Verdict
from tests.builders import (
    ADA,
    BOB,
    EVE,
    INSPECTOR,
    ROSTER,
    SESSION,
    an_ended_lesson,
    at,
    correction,
    during,
    event,
    facts,
    joined,
    left,
    replace,
    stay,
    the_trainer,
)

CAROL = Person(id="carol", name="Carol Shaw", role=Role.STUDENT, email="carol@example.com")


def ended(*events: Any, **changes: Any) -> Sheet:
    given = {"lesson": an_ended_lesson(), **changes}
    return sheet_of(facts(the_trainer(), *events, **given), now=at(300))


def there(sheet: Sheet) -> set[str]:
    """Who was there for the hour: ids of students, and names that nobody knows."""
    students = {person.person_id for person in sheet.students if person.attended.planned == 3600}
    return students | {stranger.display_name for stranger in sheet.strangers if stranger.attended_seconds == 3600}


def an_hour(**handle: Any) -> tuple[PresenceEvent, ...]:
    """An hour on one connection of its own, as somebody of whom the platform says only this."""
    return stay(Handle(**handle), 0, 60)


def named(name: str, device: str = "laptop") -> tuple[str, str]:
    """The connection that `an_hour` gives to a display name."""
    return SESSION, f"{name}'s {device}"


class TestCertain:
    @pytest.mark.parametrize(
        "told", [{"registrant_id": "reg-ada"}, {"external_id": "ada-1"}, {"external_id": ADA.id}], ids=str
    )
    def test_an_id_that_the_school_gave_is_certain_under_any_name(self, told: dict[str, str]) -> None:
        sheet = ended(an_hour(name="xX_7_Xx", **told))
        assert there(sheet) == {ADA.id}
        assert sheet.by_id[ADA.id].flags == ()

    def test_a_personal_link_outweighs_the_e_mail_of_another_student_and_raises_a_question(self) -> None:
        sheet = ended(an_hour(name="Bob Kahn", registrant_id="reg-ada", email=BOB.email))
        assert there(sheet) == {ADA.id}
        disagreeing = [each for each in sheet.questions if each.kind is QuestionKind.IDENTITIES_DISAGREE]
        assert [(question.subject, question.person_ids) for question in disagreeing] == [(ADA.id, (BOB.id,))]


class TestStrong:
    def test_an_e_mail_of_the_roster_is_strong(self) -> None:
        sheet = ended(an_hour(name="iPad", email=ADA.email))
        assert there(sheet) == {ADA.id}
        assert Flag.WEAK_IDENTITY not in sheet.by_id[ADA.id].flags

    @pytest.mark.parametrize(
        ("kind", "told"),
        [
            (LinkKind.USER_ID, {"user_id": "u-77"}),
            (LinkKind.EMAIL, {"email": "ada@home.example"}),
            (LinkKind.REGISTRANT_ID, {"registrant_id": "reg-77"}),
            (LinkKind.EXTERNAL_ID, {"external_id": "ext-77"}),
        ],
    )
    def test_an_id_that_was_confirmed_before_is_strong(self, kind: LinkKind, told: dict[str, str]) -> None:
        (value,) = told.values()
        sheet = ended(an_hour(name="iPad", **told), links=[Link(kind=kind, value=value, person_ids=(ADA.id,))])
        assert there(sheet) == {ADA.id}
        assert Flag.WEAK_IDENTITY not in sheet.by_id[ADA.id].flags


class TestAlias:
    def test_a_display_name_that_was_confirmed_before_is_weak(self) -> None:
        sheet = ended(
            an_hour(name="Countess (they/them)"),
            links=[Link(kind=LinkKind.ALIAS, value="countess", person_ids=(ADA.id,))],
        )
        assert there(sheet) == {ADA.id}
        assert sheet.by_id[ADA.id].flags == (Flag.WEAK_IDENTITY,)

    @pytest.mark.parametrize("name", ["iPhone", "iPad (2)", "Galaxy S24", "Zoom User", "Guest", "4930123456", "+49 30"])
    def test_a_device_or_a_number_is_never_remembered_as_somebody(self, name: str) -> None:
        values = {name.casefold(), name.casefold().removesuffix(" (2)")}
        links = [Link(kind=LinkKind.ALIAS, value=value, person_ids=(ADA.id,)) for value in values]
        assert there(ended(an_hour(name=name), links=links)) == {name}

    def test_a_note_taker_that_was_named_before_is_not_a_person(self) -> None:
        link = Link(kind=LinkKind.ALIAS, value="notes by otter", person_ids=())
        sheet = ended(an_hour(name="Notes by Otter"), links=[link])
        assert (there(sheet), sheet.strangers) == (set(), ())


class TestFullName:
    @pytest.mark.parametrize(
        "name",
        ["Ada Lovelace", "ADA LOVELACE", "  Ada Lovelace ", "Ada Lovelace (she/her)", "Ａｄａ Ｌｏｖｅｌａｃｅ"],
    )
    def test_a_full_name_of_the_roster_counts_is_marked_and_is_asked_about(self, name: str) -> None:
        sheet = ended(an_hour(name=name))
        assert there(sheet) == {ADA.id}
        assert sheet.by_id[ADA.id].flags == (Flag.WEAK_IDENTITY,)
        assert (QuestionKind.WEAK_IDENTITY, ADA.id) in [(each.kind, each.subject) for each in sheet.questions]

    @pytest.mark.parametrize(
        "name", ["Ada Lovelac", "Ada", "Lovelace, Ada", "Ada Lovelace 2", "ada@example.com", "ada-1"]
    )
    def test_a_similar_name_or_an_id_typed_into_a_name_is_nobody(self, name: str) -> None:
        assert there(ended(an_hour(name=name))) == {name}

    def test_a_name_counts_for_nobody_where_stronger_evidence_gives_it_to_somebody_else(self) -> None:
        on_bobs_account = an_hour(name="Ada Lovelace", email=BOB.email)
        sheet = ended(on_bobs_account, stay(Handle(name="Ada Lovelace"), 0, 60, device="phone"))
        assert there(sheet) == {BOB.id, "Ada Lovelace"}

    def test_two_students_of_one_name_are_nobody_by_that_name(self) -> None:
        namesake = replace(ADA, id="other-ada", email="other@example.com", external_id="", registrant_id="")
        sheet = ended(an_hour(name="Ada Lovelace"), roster=(*ROSTER, namesake))
        assert there(sheet) == {"Ada Lovelace"}
        assert set(sheet.strangers[0].suggestions[:2]) == {ADA.id, "other-ada"}

    def test_one_student_with_one_name_on_two_devices_counts_once(self) -> None:
        sheet = ended(stay("Ada Lovelace", 0, 40), stay("Ada Lovelace", 20, 60, device="phone"))
        assert there(sheet) == {ADA.id}
        assert [each.connections for each in sheet.by_id[ADA.id].stays] == [2]


class TestOverTime:
    def test_a_rename_never_lowers_who_somebody_is(self) -> None:
        renamed = event(EventKind.ROLE_CHANGED, Handle(name="brb"), at=30, connection="c-1")
        told = (joined(ADA, at=0, connection="c-1"), renamed, left(Handle(name="brb"), at=60, connection="c-1"))
        assert there(ended(told)) == {ADA.id}

    def test_later_evidence_says_who_somebody_was_from_the_beginning(self) -> None:
        told = (joined("iPad", at=0, connection="c-1"), left(ADA, at=60, connection="c-1"))
        sheet = ended(told)
        assert (there(sheet), sheet.strangers) == ({ADA.id}, ())

    def test_a_phone_that_the_platform_binds_to_a_connection_is_the_same_person(self) -> None:
        phone = stay("+49 30 1234", 30, 60, connection="phone")
        bound = event(EventKind.BOUND, "+49 30 1234", at=31, connection="phone", bound_to="c-1")
        sheet = ended(stay(ADA, 0, 40, connection="c-1"), phone, bound)
        assert (there(sheet), sheet.strangers) == ({ADA.id}, ())


class TestSaidByTheTrainer:
    def test_three_students_before_one_screen_were_all_there(self) -> None:
        said = correction(CorrectionKind.LINK, connection=named("Room 3"), person_ids=(ADA.id, BOB.id, CAROL.id))
        sheet = ended(an_hour(name="Room 3"), corrections=[said], roster=(*ROSTER, CAROL))
        assert there(sheet) == {ADA.id, BOB.id, CAROL.id}
        assert [person.verdict for person in sheet.students] == [Verdict.VALIDATED] * 3

    def test_a_connection_that_is_not_a_person_is_listed_nowhere(self) -> None:
        said = correction(CorrectionKind.LINK, connection=named("Notes"), person_ids=())
        sheet = ended(an_hour(name="Notes"), corrections=[said])
        assert (there(sheet), sheet.strangers) == (set(), ())

    def test_what_the_trainer_says_outweighs_what_the_platform_says(self) -> None:
        said = correction(CorrectionKind.LINK, connection=named("Ada Lovelace"), person_ids=(BOB.id,))
        assert there(ended(an_hour(name="Ada Lovelace", email=ADA.email), corrections=[said])) == {BOB.id}

    def test_a_link_taken_back_leaves_the_connection_to_nobody(self) -> None:
        said = correction(CorrectionKind.LINK, at=61, connection=named("Room 3"), person_ids=(ADA.id,))
        taken_back = correction(CorrectionKind.UNLINK, at=62, connection=named("Room 3"))
        assert there(ended(an_hour(name="Room 3"), corrections=[taken_back, said])) == {"Room 3"}


class TestOthers:
    def test_an_observer_is_seen_and_never_counted(self) -> None:
        sheet = ended(stay(INSPECTOR, 0, 60), roster=(*ROSTER, INSPECTOR))
        assert [(each.person_id, each.verdict, each.flags) for each in sheet.observers] == [("inspector", None, ())]
        assert sheet.strangers == ()

    def test_a_person_of_the_workspace_is_not_enrolled_and_not_unknown(self) -> None:
        sheet = ended(stay(EVE, 0, 60), known=(EVE,))
        assert [(each.person_id, each.verdict) for each in sheet.not_enrolled] == [(EVE.id, None)]
        assert sheet.strangers == ()

    def test_somebody_unknown_is_asked_about_with_those_who_are_missing_as_suggestions(self) -> None:
        sheet = ended(an_hour(name="Bobby Kahn"), stay(ADA, 0, 60))
        assert [each.display_name for each in sheet.strangers] == ["Bobby Kahn"]
        asked = next(each for each in sheet.questions if each.kind is QuestionKind.WHO_IS_THIS)
        assert (asked.subject, asked.person_ids) == ("Bobby Kahn", (BOB.id,))

    def test_all_connections_of_one_unknown_name_are_one_stranger(self) -> None:
        sheet = ended(stay("Room 3", 0, 40), stay("Room 3", 20, 60, device="phone"))
        assert [(each.attended_seconds, len(each.connections)) for each in sheet.strangers] == [(3600, 2)]

    def test_breaks_count_for_a_stranger_no_more_than_for_a_student(self) -> None:
        sheet = ended(an_hour(name="Room 3"), lesson=an_ended_lesson(breaks=(during(20, 30),)))
        assert [each.attended_seconds for each in sheet.strangers] == [50 * 60]

    def test_a_trainer_is_recognised_by_the_same_evidence(self) -> None:
        sheet = sheet_of(facts(stay("Grace Hopper", 0, 60), stay(ADA, 0, 60), lesson=an_ended_lesson()), now=at(300))
        assert (sheet.held_seconds, sheet.strangers) == (3600, ())
