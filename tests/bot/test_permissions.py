"""Who may do what, as a matrix that is read from top to bottom."""

import itertools

import pytest

from bot.attendance.lessons import Role
from bot.permissions import TABLE, Action, Actor, Subject, may

COURSE = "python-101"
OF_BOB = Subject(course_id=COURSE, coordinator_id="olga", substitutes=frozenset({"sam"}), person_id="bob")


def somebody(person_id: str, *roles: Role, course: str = COURSE, is_admin: bool = False) -> Actor:
    return Actor(person_id=person_id, roles={course: frozenset(roles)}, is_admin=is_admin)


PEOPLE = {
    "bob": somebody("bob", Role.STUDENT),
    "ada": somebody("ada", Role.STUDENT),
    "trainer": somebody("grace", Role.TRAINER),
    "substitute": somebody("sam"),
    "elsewhere": somebody("hedy", Role.TRAINER, course="history"),
    "coordinator": somebody("olga"),
    "observer": somebody("ines", Role.OBSERVER),
    "admin": somebody("root", is_admin=True),
    "stranger": Actor(person_id=""),
}

# About Bob, a student of the course that Grace teaches, that Olga coordinates, and in which Sam stands in today.
MATRIX = """
                           bob ada trainer substitute elsewhere coordinator observer admin stranger
see own attendance         yes yes yes     yes        yes       yes         yes      yes   yes
see why                    yes no  yes     yes        no        no          no       no    no
see who is here            no  no  yes     yes        no        no          no       no    no
post the summary           no  no  yes     yes        no        no          no       no    no
see a course's report      no  no  yes     yes        no        no          no       no    no
say about oneself          yes no  no      no         no        no          no       no    no
dispute                    yes no  no      no         no        no          no       no    no
say as the trainer         no  no  yes     yes        no        no          no       no    no
name a substitute          no  no  yes     yes        no        yes         no       no    no
cancel                     no  no  yes     yes        no        yes         no       no    no
mark                       no  no  yes     yes        no        no          no       no    no
lock a lesson              no  no  yes     yes        no        no          no       no    no
settle                     no  no  yes     yes        no        no          no       no    no
identify                   no  no  yes     yes        no        no          no       no    no
remind                     no  no  yes     yes        no        no          no       no    no
tap a break                no  no  yes     yes        no        no          no       no    no
decide if it took place    no  no  yes     yes        no        no          no       no    no
see the connections        no  no  no      no         no        no          no       yes   no
check presence             no  no  yes     yes        no        no          no       no    no
"""


def cells() -> list[tuple[str, str, bool]]:
    header, *rows = MATRIX.strip().splitlines()
    people = header.split()
    answers = []
    for row in rows:
        (*words,) = row.split()
        verdicts = words[-len(people) :]
        action = " ".join(words[: -len(people)])
        answers += [(action, person, verdict == "yes") for person, verdict in zip(people, verdicts, strict=True)]
    return answers


@pytest.mark.parametrize(("action", "person", "allowed"), cells())
def test_the_table_says_who_may_do_what(action: str, person: str, allowed: bool) -> None:
    assert may(PEOPLE[person], Action(action), OF_BOB) is allowed


def test_the_matrix_asks_about_every_action_and_every_person() -> None:
    asked = {(action, person) for action, person, _ in cells()}
    assert asked == set(itertools.product((action.value for action in Action), PEOPLE))
    assert set(TABLE) == set(Action)


def test_where_a_course_names_no_coordinator_the_admins_are_it() -> None:
    nobody_named = Subject(course_id=COURSE)
    assert may(PEOPLE["admin"], Action.CANCEL, nobody_named)
    assert not may(PEOPLE["coordinator"], Action.CANCEL, nobody_named)


def test_an_admin_cancels_nothing_where_a_coordinator_is_named() -> None:
    assert not may(PEOPLE["admin"], Action.CANCEL, OF_BOB)


def test_a_role_in_one_course_is_none_in_another() -> None:
    elsewhere = Subject(course_id="history", coordinator_id="olga", person_id="bob")
    assert not may(PEOPLE["trainer"], Action.MARK, elsewhere)
    assert not may(PEOPLE["bob"], Action.SEE_WHY, elsewhere)


def test_nobody_without_a_name_is_anybody_in_particular() -> None:
    empty = Subject(course_id=COURSE, substitutes=frozenset({""}), coordinator_id="", person_id="")
    stranger = Actor(person_id="", roles={COURSE: frozenset({Role.STUDENT})})
    assert not any(may(stranger, action, empty) for action in Action if action is not Action.SEE_OWN_ATTENDANCE)


def test_a_trainer_who_is_also_enrolled_may_do_both() -> None:
    both = somebody("bob", Role.STUDENT, Role.TRAINER)
    assert may(both, Action.DISPUTE, OF_BOB)
    assert may(both, Action.MARK, OF_BOB)
