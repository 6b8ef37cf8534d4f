"""What the commands and modals say, each in its fullest form: for the limits and for the sandbox's judge."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from bot.attendance.course import Attended, totals
from bot.attendance.lessons import LessonState, Role
from bot.attendance.sheet import Flag, PersonSheet, Presence, Seconds, Verdict
from bot.attendance.wanted import Choice
from bot.messages import check_views, views
from bot.messages.course_report import course_report
from bot.messages.help import HELP, help_
from bot.messages.home import AdminHome, HomeLesson, OpenRequest, PlatformState, StudentHome, TrainerHome, home
from bot.messages.me import OwnCourse, OwnLesson, me
from bot.messages.menu import menu
from bot.messages.message import Block, Message
from bot.messages.now import now
from bot.messages.pick import LessonChoice, which_lesson, which_person
from bot.messages.why import why
from tests.bot.course_reports import A_REPORT
from tests.bot.messages.contents import CHECKPOINT, LESSON, ROME, SIX, choice, clock
from tests.bot.messages.sheets import (
    BOB,
    EVERYTHING_CHANGED,
    NAMES,
    PYTHON_101,
    a_person,
    a_sheet,
    a_stranger,
)
from tests.builders import (
    NINE,
    replace,
)

OWN_LESSONS = [
    OwnLesson(
        start=clock(0),
        verdict="validated",
        flags=["late"],
        late_seconds=440,
        attended_seconds=168 * 60,
        base_seconds=177 * 60,
        permille=949,
    ),
    OwnLesson(start=clock(2880), verdict="no_data", attended_seconds=0, base_seconds=0, permille=None),
]
COUNTED = Attended(
    planned_start=NINE,
    basis="held",
    verdict=Verdict.VALIDATED,
    attended=Seconds(planned=168 * 60, held=168 * 60),
    denominator=Seconds(planned=180 * 60, held=177 * 60),
    lesson=Seconds(planned=180 * 60, held=177 * 60),
)


def own_course(title: str, lessons: Sequence[OwnLesson], counted: Sequence[Attended], *ahead: int) -> OwnCourse:
    """A course of which these lessons count, and so many seconds each are to come; 90 % are needed."""
    minimum = Fraction(9, 10)
    return OwnCourse(title=title, lessons=lessons, minimum=minimum, totals=totals(counted, ahead, minimum))


PYTHON = own_course("Python 101", OWN_LESSONS, [COUNTED], *[180 * 60] * 12)
AT_RISK = own_course("Python 101", OWN_LESSONS, [COUNTED], *[180 * 60] * 4)
NOTHING_MORE = own_course("Python 101", OWN_LESSONS, [replace(COUNTED, attended=Seconds(planned=0, held=0))], 177 * 540)
LOST = own_course("Python 101", OWN_LESSONS, [replace(COUNTED, attended=Seconds(planned=0, held=0))], 180 * 60)
LOST_AND_OVER = own_course("Python 101", OWN_LESSONS, [replace(COUNTED, attended=Seconds(planned=0, held=0))])
KEPT_AND_OVER = own_course("Python 101", OWN_LESSONS, [COUNTED])
NEW_COURSE = own_course("Rust 201", [], [])


def class_of(n: int, *, title: str) -> tuple[PersonSheet, ...]:
    return tuple(a_person(f"{title} {number:03}") for number in range(n))


ANSWERS: dict[str, Message] = {
    "why": why(person=BOB, lesson=PYTHON_101, names=NAMES, reader=ROME, can_dispute=True),
    "why with everything": why(person=EVERYTHING_CHANGED, lesson=PYTHON_101, names=NAMES, reader=ROME),
    "why without anything": why(
        person=a_person(verdict=None, permille_held=None), lesson=PYTHON_101, names={}, reader=ROME
    ),
    "why of a thousand changes": why(
        person=a_person("&" * 80, changes=EVERYTHING_CHANGED.changes * 70), lesson=PYTHON_101, names=NAMES, reader=ROME
    ),
    "now": now(
        lesson=PYTHON_101,
        sheet=a_sheet(
            a_person("Ada Lovelace"),
            BOB,
            a_person("Alan Kay", flags=(Flag.LATE,), late_by=BOB.late_by),
            a_person("Jean Bartik", flags=(Flag.LATE,)),
            a_person("Eve Clark", presence=Presence.WAITING),
            a_person("Kay McNulty", presence=Presence.NOT_JOINED),
            a_person("Ida Rhodes", presence=Presence.NOT_JOINED, excused=True),
            a_person("Grace Hopper", role=Role.TRAINER, verdict=None),
            strangers=(a_stranger(), a_stranger("gone", presence=Presence.LEFT)),
        ),
        reader=ROME,
    ),
    "now of five hundred": now(lesson=PYTHON_101, sheet=a_sheet(*class_of(500, title="&" * 70)), reader=ROME),
    "now of nobody": now(lesson=PYTHON_101, sheet=a_sheet(), reader=ROME),
    "now after the end": now(lesson=PYTHON_101, sheet=a_sheet(BOB, state=LessonState.PROVISIONAL), reader=ROME),
    "me": me(name="Bob Stone", courses=[PYTHON], reader=ROME),
    "me where the channel has names": me(
        name="Bob Stone", courses=[replace(PYTHON, names_in_channel=True), NEW_COURSE], reader=ROME
    ),
    "me in two courses": me(name="Bob Stone", courses=[PYTHON, NEW_COURSE], reader=ROME),
    "me at risk": me(name="Bob Stone", courses=[AT_RISK], reader=ROME),
    "me with nothing more to miss": me(name="Bob Stone", courses=[NOTHING_MORE], reader=ROME),
    "me when it is lost": me(name="Bob Stone", courses=[LOST], reader=ROME),
    "me when it is lost and over": me(name="Bob Stone", courses=[LOST_AND_OVER], reader=ROME),
    "me when it is kept and over": me(name="Bob Stone", courses=[KEPT_AND_OVER], reader=ROME),
    "me in no course": me(name="Bob Stone", courses=[], reader=ROME),
    "me in twenty courses": me(
        name="Bob Stone",
        courses=[replace(PYTHON, title="&" * 80, lessons=OWN_LESSONS * 50)] * 20,
        reader=ROME,
    ),
    "menu of a student": menu(
        is_student=True, is_trainer=False, is_coordinator=False, is_admin=False, running=[], reader=ROME
    ),
    "menu of a trainer": menu(
        is_student=False, is_trainer=True, is_coordinator=False, is_admin=False, running=["Python 101"], reader=ROME
    ),
    "menu of a coordinator": menu(
        is_student=False, is_trainer=False, is_coordinator=True, is_admin=False, running=[], reader=ROME
    ),
    "menu of an admin": menu(
        is_student=False, is_trainer=False, is_coordinator=False, is_admin=True, running=[], reader=ROME
    ),
    "menu of a stranger": menu(
        is_student=False, is_trainer=False, is_coordinator=False, is_admin=False, running=[], reader=ROME
    ),
    "help": help_(reader=ROME),
    **{f"help {verb}": help_(verb=verb, reader=ROME) for verb in HELP},
    "a course report": course_report(A_REPORT, reader=ROME),
    "a course report of a thousand": course_report(
        replace(A_REPORT, title="&" * 80, students=(replace(A_REPORT.students[0], name="<" * 80),) * 1_000), reader=ROME
    ),
    "which lesson": which_lesson(
        choices=[LessonChoice(LESSON, "Python 101", clock(1440 * n)) for n in range(30)], verb="mark", reader=ROME
    ),
    "which person": which_person(
        choices=[choice("Bob Stone"), choice("Bob Kahn")], lesson_id=LESSON, detail="mark excused", reader=ROME
    ),
}

PEOPLE = [choice("Bob Stone"), choice("Ada Lovelace")]
MANY_PEOPLE = [Choice(person_id=str(UUID(int=n)), name=f"{'欧' * 76} {n}") for n in range(500)]


def a_home_lesson(title: str = "Python 101", **changes: Any) -> HomeLesson:
    base = HomeLesson(
        lesson_id=LESSON, title=title, start=SIX, end=clock(180), join_url="https://example.com/j/97711976001"
    )
    return replace(base, **changes)


A_STUDENT = StudentHome(
    next_lesson=a_home_lesson(),
    courses=[PYTHON, NEW_COURSE],
    requests=[
        OpenRequest(title="Python 101", start=SIX, is_excuse=True),
        OpenRequest(title="Rust 201", start=SIX, is_excuse=False),
    ],
)
A_TRAINER = TrainerHome(
    today=[
        a_home_lesson(here=18, expected=22, questions=3),
        a_home_lesson("Rust 201", here=4, expected=5, is_live=True),
        a_home_lesson("Go 301"),
    ],
    courses=["Python 101", "Rust 201", "Go 301"],
)
AN_ADMIN = AdminHome(
    platforms=[
        PlatformState(platform="zoom", last_received_at=SIX),
        PlatformState(platform="vcaas", last_received_at=None),
    ],
    unreachable=14,
    names=["Kay McNulty", "Bob Stone"],
)
HOMES: dict[str, Block] = {
    "a student": home(name="Bob Stone", student=A_STUDENT, trainer=None, admin=None, reader=ROME),
    "a student whose lesson runs": home(
        name="Bob Stone",
        student=StudentHome(next_lesson=a_home_lesson(is_live=True, join_url=""), courses=[PYTHON], requests=[]),
        trainer=None,
        admin=None,
        reader=ROME,
    ),
    "a trainer": home(name="Grace Hopper", student=None, trainer=A_TRAINER, admin=None, reader=ROME),
    "an admin": home(name="Rita Root", student=None, trainer=None, admin=AN_ADMIN, reader=ROME),
    "an idle day": home(
        name="Ada",
        student=StudentHome(next_lesson=None, courses=[], requests=[]),
        trainer=TrainerHome(today=[], courses=[]),
        admin=AdminHome(platforms=[], unreachable=0, names=[]),
        reader=ROME,
    ),
    "on no roster": home(name="Hedy Lamarr", student=None, trainer=None, admin=None, reader=ROME),
    "unknown": home(name="", student=None, trainer=None, admin=None, reader=ROME),
}

VIEWS: dict[str, Block] = {
    "loading": views.loading(reader=ROME),
    "presence check": check_views.check_view(lesson_id=LESSON, title="Python 101", template="off", reader=ROME),
    "presence check, the course's template": check_views.check_view(
        lesson_id=LESSON, title="Python 101", template="cle", reader=ROME
    ),
    "waive an answer": check_views.check_waive_view(
        lesson_id=LESSON,
        title="Python 101",
        answers=[
            check_views.Unconfirmed(CHECKPOINT, 2, "p-bob", "Bob Stone"),
            check_views.Unconfirmed(CHECKPOINT, 1, "p-eve", "Eve Clark"),
        ],
        reader=ROME,
    ),
    "cannot come": views.cannot_come_view(lesson_id=LESSON, title="Python 101", reader=ROME),
    "in already": views.in_already_view(lesson_id=LESSON, names=["iPad (2)", "Galaxy"], reader=ROME),
    "in already, nobody unknown": views.in_already_view(lesson_id=LESSON, names=[], reader=ROME),
    "in already, hundreds": views.in_already_view(
        lesson_id=LESSON, names=["x" * 200, *(f"iPad {n}" for n in range(300))], reader=ROME
    ),
    "substitute": views.substitute_view(lesson_id=LESSON, title="Python 101", reader=ROME),
    "who is it": views.who_is_it_view(lesson_id=LESSON, subject="iPad (2)", people=PEOPLE, reader=ROME),
    "who of five hundred": views.who_is_it_view(lesson_id=LESSON, subject="x" * 200, people=MANY_PEOPLE, reader=ROME),
    "why": views.why_view(lesson_id=LESSON, people=PEOPLE, reader=ROME),
    "mark": views.mark_view(lesson_id=LESSON, title="Python 101", people=PEOPLE, reader=ROME),
    "mark one of five hundred": views.mark_view(lesson_id=LESSON, title="&" * 80, people=MANY_PEOPLE, reader=ROME),
    "decline an excuse": views.decline_view(
        lesson_id=LESSON, person_id="bob-stone", name="Bob Stone", about_what="excuse", reader=ROME
    ),
    "decline a dispute": views.decline_view(
        lesson_id=LESSON, person_id="bob-stone", name="Bob Stone", about_what="dispute", reader=ROME
    ),
    "dispute": views.dispute_view(lesson_id=LESSON, title="Python 101", reader=ROME),
    "cancel": views.cancel_view(lesson_id=LESSON, title="Python 101", start=SIX, reader=ROME),
    "from to": views.from_to_view(lesson_id=LESSON, title="Python 101", start=SIX, end=clock(180), reader=ROME),
}
