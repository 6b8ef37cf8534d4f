"""All that Rollcall can say, with one student and with five hundred, of any name: what goes through the judges.

A table per kind of thing, keyed by the name of the function that makes it; the test beside it fails when a function of
`bot.messages` has no sample here.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any
from uuid import UUID

import bot.messages
from bot.attendance.checks.refused import RefusalCode
from bot.attendance.course_report import ReportedStudent, report_lines
from bot.attendance.lessons import Lesson, LessonState
from bot.attendance.sheet import PersonSheet, Presence, Verdict
from bot.attendance.wanted import Choice, MessageKind
from bot.messages import check_views, views
from bot.messages.answers import Answers
from bot.messages.check_answers import CheckAnswers
from bot.messages.course_report import ReportAnswers, course_report
from bot.messages.help import HELP, help_
from bot.messages.home import AdminHome, OpenRequest, PlatformState, StudentHome, TrainerHome, home
from bot.messages.me import me
from bot.messages.menu import menu
from bot.messages.message import Block, Message
from bot.messages.now import now
from bot.messages.pick import LessonChoice, which_lesson, which_person
from bot.messages.render import WRITTEN_BY
from bot.messages.why import why
from bot.permissions import Action
from tests.bot.course_reports import A_REPORT, tally
from tests.bot.messages.contents import LESSON, ROME, SIX, Content, clock, written
from tests.bot.messages.crowds import everything_about
from tests.bot.messages.sheets import EVERYTHING_CHANGED, PYTHON_101, a_person, a_sheet, a_stranger
from tests.bot.messages.spoken import COUNTED, OWN_LESSONS, a_home_lesson, own_course
from tests.builders import replace

#: Half of a lesson, and of another one nothing.
TALLY = tally(Verdict.PARTIAL, 2, 1_800, 7_200)
#: What somebody may be called; repeated up to eighty letters.
NAMES = {
    "80 letters": "Wilhelmina ",
    "right to left": "محمد بن عبد الله ",
    "Hebrew and Latin": "אדה Lovelace ",
    "Chinese": "欧阳娜娜",
    "markup": "*bold* _it_ ~no~ `code` :tada: > quoted ",
    "mentions": "<!channel> <@U0ADA> <#C1> @here <https://example.com|x> ",
    "what escaping makes longer": "&<>",
    "two lines and half a character": "Ada\nLovelace\t\u202e\u0000 𝕬 \ud83d ",
}
COUNTS = (1, 500)


def people_called(name: str, n: int) -> list[str]:
    """So many people of eighty letters, told apart by the number at the end."""
    long = name * 80
    return [f"{long[: 79 - len(str(number))]} {number}" for number in range(n)]


def everybody(who: list[str]) -> list[Choice]:
    """These people to choose from, under ids as long as real ones."""
    return [Choice(person_id=str(UUID(int=number)), name=name) for number, name in enumerate(who)]


@cache
def _contents(who: tuple[str, ...]) -> dict[MessageKind, list[Content]]:
    return everything_about(len(who), list(who))


def wanted(kind: MessageKind, who: list[str]) -> Iterable[Message]:
    """A wanted message in its fullest forms; a summary without its table too, a board with the way to the summary."""
    for content in _contents(tuple(who))[kind]:
        yield written(kind, content)
        if kind is MessageKind.SUMMARY:
            yield written(kind, content, plain=True)
        if kind is MessageKind.BOARD:
            yield written(kind, content, link="https://school.example.com/archives/C1/p1")


def _lesson(title: str, **changes: Any) -> Lesson:
    return Lesson(
        id=LESSON,
        title=title,
        planned_start=PYTHON_101.planned_start,
        planned_end=PYTHON_101.planned_end,
        state=changes.get("state", LessonState.LIVE),
        zone=PYTHON_101.zone,
        platform=PYTHON_101.platform,
    )


def _students(who: list[str]) -> list[PersonSheet]:
    """As many who are here as who wait, left and are missing."""
    presences = tuple(Presence)
    return [a_person(name, presence=presences[number % len(presences)]) for number, name in enumerate(who)]


def _now(who: list[str]) -> Iterable[Message]:
    strangers = tuple(a_stranger(name) for name in who)
    for state in LessonState:
        sheet = a_sheet(*_students(who), strangers=strangers, state=state)
        yield now(lesson=_lesson(who[0], state=state), sheet=sheet, reader=ROME)


def _why(who: list[str]) -> Iterable[Message]:
    person = a_person(who[0], changes=EVERYTHING_CHANGED.changes * max(1, len(who) // 7))
    known = {"ada-lovelace": who[0], "grace-hopper": who[-1]}
    for can_dispute in (True, False):
        yield why(person=person, lesson=_lesson(who[0]), names=known, reader=ROME, can_dispute=can_dispute)


def _course_report(who: list[str]) -> Iterable[Message]:
    for minimum in (Fraction(1, 10), Fraction(9, 10)):
        students = [ReportedStudent(person_id=name, name=name, email=name, tallies=(TALLY,)) for name in who]
        yield course_report(
            replace(A_REPORT, title=who[0], minimum=minimum, students=report_lines(students, minimum)), reader=ROME
        )


def _me(who: list[str]) -> Iterable[Message]:
    courses = [
        own_course(title, OWN_LESSONS * 20, [COUNTED], *[180 * 60] * ahead) for ahead, title in enumerate(who[:20])
    ]
    yield me(name=who[0], courses=courses, reader=ROME)


def _menu(who: list[str]) -> Iterable[Message]:
    roles = ("is_student", "is_trainer", "is_coordinator", "is_admin")
    for alone in (*roles, "", "all"):
        yield menu(**{role: alone in (role, "all") for role in roles}, running=who, reader=ROME)


def _help(_: list[str]) -> Iterable[Message]:
    for verb in ("", *HELP):
        yield help_(verb=verb, reader=ROME)


def _which_lesson(who: list[str]) -> Iterable[Message]:
    choices = [LessonChoice(LESSON, title, clock(number)) for number, title in enumerate(who)]
    yield which_lesson(choices=choices, verb="mark", person_id=LESSON, reader=ROME)


def _which_person(who: list[str]) -> Iterable[Message]:
    yield which_person(choices=everybody(who), lesson_id=LESSON, detail="mark excused", reader=ROME)


#: What answers a command, by its function.
ANSWERED: dict[str, Callable[[list[str]], Iterable[Message]]] = {
    "help_": _help,
    "me": _me,
    "course_report": _course_report,
    "menu": _menu,
    "now": _now,
    "which_lesson": _which_lesson,
    "which_person": _which_person,
    "why": _why,
}

#: The modals, by their function.
ASKED: dict[str, Callable[[list[str]], Iterable[Block]]] = {
    "loading": lambda _: [views.loading(reader=ROME)],
    "cannot_come_view": lambda who: [views.cannot_come_view(lesson_id=LESSON, title=who[0], reader=ROME)],
    "in_already_view": lambda who: [
        views.in_already_view(lesson_id=LESSON, names=names, reader=ROME) for names in ([], who)
    ],
    "substitute_view": lambda who: [views.substitute_view(lesson_id=LESSON, title=who[0], reader=ROME)],
    "who_is_it_view": lambda who: [
        views.who_is_it_view(lesson_id=LESSON, subject=who[-1] * 2, people=everybody(who), reader=ROME)
    ],
    "why_view": lambda who: [views.why_view(lesson_id=LESSON, people=everybody(who), reader=ROME)],
    "mark_view": lambda who: [views.mark_view(lesson_id=LESSON, title=who[0], people=everybody(who), reader=ROME)],
    "decline_view": lambda who: [
        views.decline_view(lesson_id=LESSON, person_id=LESSON, name=who[0], about_what=what, reader=ROME)
        for what in ("excuse", "dispute")
    ],
    "dispute_view": lambda who: [views.dispute_view(lesson_id=LESSON, title=who[0], reader=ROME)],
    "check_view": lambda who: [
        check_views.check_view(lesson_id=LESSON, title=who[0], template=template, reader=ROME)
        for template in ("off", "cpe")
    ],
    "check_waive_view": lambda who: [
        check_views.check_waive_view(
            lesson_id=LESSON,
            title=who[0],
            answers=[
                check_views.Unconfirmed(LESSON, number, str(UUID(int=number)), name) for number, name in enumerate(who)
            ],
            reader=ROME,
        )
    ],
    "cancel_view": lambda who: [views.cancel_view(lesson_id=LESSON, title=who[0], start=SIX, reader=ROME)],
    "from_to_view": lambda who: [
        views.from_to_view(lesson_id=LESSON, title=who[0], start=SIX, end=clock(180), reader=ROME)
    ],
}


def _homes(who: list[str]) -> Iterable[Block]:
    """Everybody's Home at once: a student's, a trainer's and an admin's."""
    lessons = [
        a_home_lesson(title, here=number, expected=len(who), questions=number, is_live=number % 2 == 0)
        for number, title in enumerate(who)
    ]
    yield home(
        name=who[0],
        student=StudentHome(
            next_lesson=lessons[0],
            courses=[own_course(title, OWN_LESSONS, [COUNTED], 180 * 60) for title in who],
            requests=[OpenRequest(title=title, start=SIX, is_excuse=True) for title in who],
        ),
        trainer=TrainerHome(today=lessons, courses=who),
        admin=AdminHome(
            platforms=[PlatformState(platform="zoom", last_received_at=SIX)], unreachable=len(who), names=who[:12]
        ),
        reader=ROME,
    )


#: The Home tab.
PUBLISHED: dict[str, Callable[[list[str]], Iterable[Block]]] = {"home": _homes}

#: Words of an answer that are our own, and what they may be.
OURS: dict[str, list[str]] = {
    "kind": ["present", "excused", "absent"],
    "error_id": ["e4f2"],
    "suggestion": ["", "now"],
    "code": [*RefusalCode, ""],
    "stage": ["late", "disputed", "accepted", "waived", "disconnected", "void", "cancelled", "missed"],
    "sentence": ["That is noted already."],
}
#: every sentence at the door, with the class that says it
SENTENCES: dict[str, type[Answers | CheckAnswers | ReportAnswers]] = {
    name: says
    for says in (Answers, CheckAnswers, ReportAnswers)
    for name, _ in inspect.getmembers(says, inspect.isfunction)
    if not name.startswith("_")
}


def sentence(name: str, who: list[str]) -> Iterable[str | Block]:
    """An answer at the door with these people in every place for words; `failed_view` is a modal."""
    kinds: dict[Any, Sequence[Any]] = {
        int: [0, 1, SIX],
        int | None: [None, SIX],
        Sequence[str]: [who, []],
        Action: list(Action),
    }
    answer = getattr(SENTENCES[name](ROME), name)
    parameters = inspect.signature(answer).parameters.values()
    given = {each.name: OURS.get(each.name) or kinds.get(each.annotation, [who[0]]) for each in parameters}
    for turn in range(max((len(values) for values in given.values()), default=1)):
        yield answer(**{each: values[turn % len(values)] for each, values in given.items()})


def makers_of(made: type[Message] | str) -> dict[str, str]:
    """The public functions of `bot.messages` that make this, but for those behind `render`: name → module."""
    behind = {getattr(function, "func", function) for function in WRITTEN_BY.values()}
    found = {}
    for module in pkgutil.iter_modules(bot.messages.__path__, "bot.messages."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            is_own = function.__module__ == module.name and not name.startswith("_") and function not in behind
            if is_own and inspect.signature(function).return_annotation == made:
                found[name] = module.name
    return found
