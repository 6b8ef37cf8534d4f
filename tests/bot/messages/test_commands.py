"""What the commands answer: the menu, help, who is here, one's own attendance, and why."""

import re
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.attendance.lessons import Policy
from bot.attendance.sheet import ChangeKind, Difference, Flag, Presence, Seconds, Verdict
from bot.messages import actions
from bot.messages.actions import ButtonValue
from bot.messages.formatting import Writer
from bot.messages.help import HELP, help_
from bot.messages.me import OwnCourse, OwnLesson, me
from bot.messages.menu import menu
from bot.messages.message import Message
from bot.messages.now import now
from bot.messages.pick import LessonChoice, which_lesson, which_person
from bot.messages.why import arithmetic, why
from tests.bot.messages.contents import LESSON, ROME, SIX, choice, clock
from tests.bot.messages.sheets import BOB, NAMES, PYTHON_101, a_person, a_sheet, a_stranger, change
from tests.bot.messages.spoken import (
    ANSWERS,
    AT_RISK,
    COUNTED,
    KEPT_AND_OVER,
    LOST,
    LOST_AND_OVER,
    NOTHING_MORE,
    PYTHON,
    own_course,
)
from tests.bot.messages.test_limits import check_limits, elements_of, texts_of
from tests.builders import replace

SMALL = {name: answer for name, answer in ANSWERS.items() if not re.search("hundred|thousand|twenty", name)}


def slug(name: str) -> str:
    return name.replace(" ", "_")


@pytest.mark.parametrize("name", SMALL, ids=slug)
def test_the_whole_answer_is_as_it_was_agreed(name: str, snapshot: SnapshotAssertion) -> None:
    answer = SMALL[name]
    assert {"text": answer.text, "blocks": answer.blocks} == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_every_answer_is_within_the_limits(answer: Message) -> None:
    check_limits(answer)


def why_of(**changes: Any) -> list[str]:
    """The lines of the notification for Bob, changed like this."""
    return why(person=replace(BOB, **changes), lesson=PYTHON_101, names=NAMES, reader=ROME).text.split("\n")


def test_why_has_one_line_for_each_change_in_order_with_its_source_and_then_the_arithmetic() -> None:
    assert why_of() == [
        "Bob Stone, Python 101: attended",
        "18:07  joined as “iPad”  (zoom webhook)",
        "18:31  connection lost  (zoom webhook)",
        "18:34  back after 3 min, as “iPad”  (zoom webhook)",
        "20:58  left  (zoom webhook)",
        "168 of 177 min = 94.9 %; late 7 min (grace 5); 90 % needed",
    ]


def test_why_names_who_changed_something_and_the_reason() -> None:
    credited = change(ChangeKind.CREDITED, 0, until=8, source="grace-hopper", note="waited")
    assert why_of(changes=(credited,))[1] == "18:00  counted as present until 18:08 – waited  (Grace Hopper)"


def test_why_says_what_is_assumed() -> None:
    answer = why(
        person=replace(BOB, changes=(change(ChangeKind.LEFT, 60, source="assumed", is_assumed=True),)),
        lesson=PYTHON_101,
        names={},
        reader=ROME,
    )
    assert "19:00  left  (assumed)" in answer.text
    assert any("not told by the platform" in text for text in texts_of(answer.blocks))


def test_why_of_a_second_device_does_not_say_that_somebody_was_away() -> None:
    second = change(ChangeKind.BACK, 20, device="Galaxy")
    assert why_of(changes=(second,))[1] == "18:20  in with another device, “Galaxy”  (zoom webhook)"


def test_why_does_not_repeat_the_name_of_who_joined_under_their_own() -> None:
    joined = change(ChangeKind.JOINED, 7, device="BOB STONE")
    back = change(ChangeKind.BACK, 20, device="Bob Stone")
    assert why_of(changes=(joined, back))[1:3] == [
        "18:07  joined  (zoom webhook)",
        "18:20  in with another device  (zoom webhook)",
    ]


def test_who_may_say_that_it_is_wrong_has_a_button_for_it() -> None:
    with_button = why(person=BOB, lesson=PYTHON_101, names={}, reader=ROME, can_dispute=True)
    [element] = elements_of(with_button.blocks)
    assert element["action_id"] == actions.THIS_IS_WRONG
    assert ButtonValue.read(element["value"]) == ButtonValue(LESSON)
    assert not elements_of(why(person=BOB, lesson=PYTHON_101, names={}, reader=ROME).blocks)


def computed(policy: Policy | None = None, **changes: Any) -> str:
    lesson = replace(PYTHON_101, policy=policy or Policy())
    return arithmetic(Writer(ROME, is_plain=True), person=replace(BOB, **changes), lesson=lesson)


def test_the_arithmetic_is_on_the_basis_of_the_course() -> None:
    assert computed(Policy(basis="planned")).startswith("168 of 180 min = 93.3 %")


def test_the_arithmetic_shows_seconds_where_the_percentage_could_not_be_worked_out_without_them() -> None:
    attended, base = Seconds(planned=0, held=59 * 60 + 1), Seconds(planned=0, held=60 * 60)
    assert computed(attended=attended, denominator=base, permille_held=983).startswith("59:01 of 60:00 min = 98.3 %")


def test_the_arithmetic_names_another_minimum_and_another_grace() -> None:
    policy = Policy(minimum=Fraction(75, 100), late_grace=timedelta(minutes=15))
    assert computed(policy) == "168 of 177 min = 94.9 %; late 7 min (grace 15); 75 % needed"
    assert computed(Policy(minimum=Fraction(825, 1000))).endswith("82.5 % needed")


def test_who_was_not_late_reads_nothing_of_lateness() -> None:
    assert "late" not in computed(flags=())
    assert "late" not in computed(late_by=None)


def test_now_says_who_is_late_and_how_late() -> None:
    late = a_person("Alan Kay", flags=(Flag.LATE,), late_by=timedelta(minutes=7))
    answer = now(lesson=PYTHON_101, sheet=a_sheet(late, a_person("Ada Lovelace")), reader=ROME)
    assert answer.first_line == "Python 101: 2 of 2 here, 1 late"
    assert "*Late*: Alan Kay (7 min)" in texts_of(answer.blocks)


def test_now_offers_to_remind_only_while_somebody_is_missing() -> None:
    def offered(*people: Any, **changes: Any) -> set[str]:
        blocks = now(lesson=PYTHON_101, sheet=a_sheet(*people, **changes), reader=ROME).blocks
        return {element["action_id"] for element in elements_of(blocks)}

    assert offered(a_person()) == {actions.MARK}
    assert offered(a_person(presence=Presence.NOT_JOINED)) == {actions.MARK, actions.REMIND_MISSING}


def test_now_names_strangers_who_are_in_the_room() -> None:
    answer = now(lesson=PYTHON_101, sheet=a_sheet(strangers=(a_stranger("<!here>"),)), reader=ROME)
    assert "*Unknown*: &lt;!here&gt;" in texts_of(answer.blocks)


def test_who_waits_or_is_excused_is_not_missing() -> None:
    people = [a_person(presence=Presence.WAITING), a_person("Ida Rhodes", presence=Presence.NOT_JOINED, excused=True)]
    answer = now(lesson=PYTHON_101, sheet=a_sheet(*people), reader=ROME)
    assert answer.first_line == "Python 101: 0 of 1 here, 1 waiting"


def test_me_begins_with_the_newest_lesson() -> None:
    lessons = [
        OwnLesson(start=clock(day * 1440), verdict=verdict, attended_seconds=60, base_seconds=60, permille=1000)
        for day, verdict in enumerate(["absent", "validated"])
    ]
    course = own_course("Python 101", lessons, [COUNTED])
    answer = me(name="Bob", courses=[course], reader=ROME)
    assert answer.first_line == "Your attendance: Python 101 94.9 % (2 h 48 of 2 h 57)"
    listed = texts_of(answer.blocks)[1]
    assert listed.index("attended") < listed.index("absent")


@pytest.mark.parametrize(
    ("course", "says"),
    [
        (PYTHON, "You can still miss 3\u00a0h\u00a044 (90 % are needed)."),
        (AT_RISK, "You can still miss 1\u00a0h\u00a020, but no whole lesson: 90 % are needed."),
        (NOTHING_MORE, "You can miss nothing more: 90 % are needed."),
        (LOST, "90 % can no longer be reached: 50.4 % at best."),
        (LOST_AND_OVER, "90 % were needed."),
    ],
)
def test_me_says_how_much_may_still_be_missed(course: OwnCourse, says: str) -> None:
    listed = texts_of(me(name="Bob", courses=[course], reader=ROME).blocks)[1]
    assert listed.split("\n")[0] == says
    assert "Lessons so far: 3 h planned, 2\u00a0h\u00a057 held." in listed


def test_me_says_nothing_of_what_is_to_come_where_nothing_is() -> None:
    listed = texts_of(me(name="Bob", courses=[KEPT_AND_OVER], reader=ROME).blocks)[1]
    assert "miss" not in listed


def buttons_for(**roles: bool) -> set[str]:
    asked = {"is_student": False, "is_trainer": False, "is_coordinator": False, "is_admin": False, **roles}
    return {element["action_id"] for element in elements_of(menu(**asked, running=[], reader=ROME).blocks)}


def test_the_menu_offers_what_the_person_may_do() -> None:
    assert buttons_for(is_student=True) == {actions.MENU_ME, actions.MENU_WHY, actions.MENU_HELP}
    assert buttons_for(is_coordinator=True) == {actions.MENU_CANCEL, actions.MENU_HELP}
    assert buttons_for(is_admin=True) == {actions.MENU_HELP}
    assert buttons_for(is_trainer=True) == {
        actions.MENU_NOW,
        actions.MENU_CHECK,
        actions.MENU_MARK,
        actions.MENU_SUMMARY,
        actions.MENU_CANCEL,
        actions.MENU_WHY,
        actions.MENU_REPORT,
        actions.MENU_HELP,
    }


@pytest.mark.parametrize("verb", HELP)
def test_every_verb_has_help_of_its_own(verb: str) -> None:
    assert help_(verb=verb, reader=ROME).first_line.startswith("/rollcall")


def test_help_for_a_verb_that_is_none_lists_them_all() -> None:
    assert help_(verb="dance", reader=ROME) == help_(reader=ROME)


def test_which_lesson_goes_on_with_the_verb_for_the_newest_ten() -> None:
    lessons = [LessonChoice(f"lesson-{n}", "Python 101", SIX + n * 86_400) for n in range(12)]
    answer = which_lesson(choices=lessons, verb="mark", person_id="bob", reader=ROME)
    values = [ButtonValue.read(element["value"]) for element in elements_of(answer.blocks)]
    assert values[0] == ButtonValue("lesson-11", "bob", "mark")
    assert len(values) == 10


def test_which_person_goes_on_with_the_verb_and_its_words() -> None:
    answer = which_person(choices=[choice("Bob Stone")], lesson_id=LESSON, detail="mark excused flu", reader=ROME)
    [element] = elements_of(answer.blocks)
    assert ButtonValue.read(element["value"]) == ButtonValue(LESSON, "bob-stone", "mark excused flu")


def test_a_student_without_a_verdict_reads_that_it_is_not_decided() -> None:
    assert why_of(verdict=None)[0].endswith("not decided yet")
    assert why_of(verdict=Verdict.PENDING)[0].endswith("not decided yet")


def test_why_says_where_the_record_of_the_platform_differs() -> None:
    differing = Difference(person_id="bob-stone", webhooks_seconds=52 * 60, record_seconds=58 * 60)
    answer = why(person=BOB, lesson=PYTHON_101, names=NAMES, reader=ROME, difference=differing)
    assert "Webhooks 52 min, the platform's record 58 min." in texts_of(answer.blocks)


def test_why_says_who_took_the_record_s_word() -> None:
    said = change(ChangeKind.SAID, 90, source="grace-hopper", note="take_record")
    assert why_of(changes=(said,))[1] == "19:30  the platform's record counts  (Grace Hopper)"
