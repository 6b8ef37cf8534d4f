"""The App Home: what concerns the person who opens it, a student, a trainer, an admin, or several of these."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.actions import (
    JOIN,
    MENU_CHECK,
    MENU_HELP,
    MENU_MARK,
    MENU_ME,
    MENU_NOW,
    MENU_SUMMARY,
    MENU_WHY,
    ButtonValue,
)
from bot.messages.blocks import actions, button, context, divider, section
from bot.messages.formatting import Writer, cut, escape
from bot.messages.me import OwnCourse, course_sum, prospect
from bot.messages.message import Block, Reader

#: courses and lessons that are told one by one; Slack takes a hundred blocks
MOST_LISTED = 10
ROOM_FOR_NAMES = 1_000
ROOM_FOR_LESSONS = 2_400


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeLesson:
    """A lesson as the Home names it; moments in seconds of the epoch."""

    lesson_id: str
    title: str
    start: int
    end: int
    join_url: str = ""
    #: of one that runs or is over: how many of how many came, and how many questions wait for a trainer
    here: int | None = None
    expected: int = 0
    questions: int = 0
    is_live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What a student asked and nobody has decided yet: to be excused, or else that a verdict is wrong."""

    title: str
    start: int
    is_excuse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentHome:
    """What a student sees."""

    next_lesson: HomeLesson | None
    courses: Sequence[OwnCourse]
    requests: Sequence[OpenRequest]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerHome:
    """What a trainer sees: the lessons of the day, in order, and their courses."""

    today: Sequence[HomeLesson]
    courses: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformState:
    """A connection to a platform, and when it last delivered something; None: never."""

    platform: str
    last_received_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminHome:
    """What an admin sees: the connections, and who cannot be reached in Slack."""

    platforms: Sequence[PlatformState]
    unreachable: int
    #: the first of them, by name
    names: Sequence[str]


def home(
    *,
    name: str,
    student: StudentHome | None,
    trainer: TrainerHome | None,
    admin: AdminHome | None,
    reader: Reader,
) -> Block:
    """The view of the Home tab; what does not concern the person is left out."""
    write = Writer(reader)
    _ = write.text
    parts = [
        *([_student(write, student)] if student else []),
        *([_trainer(write, trainer)] if trainer else []),
        *([_admin(write, admin)] if admin else []),
    ]
    if not parts:
        hello = _("Hello {name}, you are on no roster yet.", name=escape(name)) if name else _("Hello!")
        ask = _("Rollcall writes the attendance of online lessons. Ask who runs your courses to enrol you.")
        parts = [[section(f"*{hello}*\n{ask}")]]
    blocks = [block for part in parts for block in (*part, divider())]
    blocks += actions(button(_("Help"), action=MENU_HELP))
    blocks.append(context(_("As it was when you opened this. `/rollcall` does the same anywhere in Slack.")))
    return {"type": "home", "blocks": blocks}


def _student(write: Writer, student: StudentHome) -> list[Block]:
    _, coming = write.text, student.next_lesson
    blocks = [section(f"*{_('Your next lesson')}*\n{_next(write, coming)}")]
    if coming is not None and coming.join_url:
        blocks += actions(
            button(
                _("Join"),
                action=JOIN,
                value=ButtonValue(coming.lesson_id),
                url=coming.join_url,
                is_primary=True,
                label=_("Join {title}", title=cut(coming.title, 60)),
            )
        )
    for course in student.courses[:MOST_LISTED]:
        blocks.append(section("\n".join(filter(None, (f"*{course_sum(write, course)}*", prospect(write, course))))))
    left = len(student.courses) - MOST_LISTED
    if left > 0:
        blocks.append(context(write.count("and {n} more course", "and {n} more courses", left)))
    if student.requests:
        asked = [_request(write, each) for each in student.requests]
        listed = write.listed(asked, room=ROOM_FOR_NAMES, between="\n")
        blocks.append(section(f"*{_('Not decided yet')}*\n{listed}"))
    return [*blocks, *actions(button(_("My attendance"), action=MENU_ME), button(_("Why?"), action=MENU_WHY))]


def _next(write: Writer, coming: HomeLesson | None) -> str:
    _ = write.text
    if coming is None:
        return _("No lesson is planned.")
    title = escape(coming.title)
    if coming.is_live:
        return _("{title} is running since {time}", title=title, time=write.time(coming.start))
    return _("{title}, {date}", title=title, date=write.date(coming.start))


def _request(write: Writer, request: OpenRequest) -> str:
    _, title, date = write.text, escape(request.title), write.date(request.start)
    if request.is_excuse:
        return _("{title}, {date}: you asked to be excused", title=title, date=date)
    return _("{title}, {date}: you said that the verdict is wrong", title=title, date=date)


def _trainer(write: Writer, trainer: TrainerHome) -> list[Block]:
    _ = write.text
    lines = [_lesson(write, lesson) for lesson in trainer.today[:MOST_LISTED]] or [_("No lesson of yours today.")]
    left = max(0, len(trainer.today) - MOST_LISTED)
    open_questions = sum(lesson.questions for lesson in trainer.today)
    listed = write.listed(lines, room=ROOM_FOR_LESSONS, between="\n", more=left)
    told = [f"*{_('Your lessons today')}*", listed]
    if open_questions:
        told.append(write.count("{n} question waits for you.", "{n} questions wait for you.", open_questions))
    blocks = [section("\n".join(told))]
    if trainer.courses:
        blocks.append(context(_("You teach {courses}", courses=write.names(trainer.courses, room=ROOM_FOR_NAMES))))
    return [
        *blocks,
        *actions(
            button(_("Who is here"), action=MENU_NOW),
            button(_("Presence check"), action=MENU_CHECK),
            button(_("Mark…"), action=MENU_MARK, label=_("Mark a student")),
            button(_("Post the summary"), action=MENU_SUMMARY),
        ),
    ]


def _lesson(write: Writer, lesson: HomeLesson) -> str:
    _ = write.text
    span = f"{write.time(lesson.start)} – {write.time(lesson.end)}"
    parts = [_("{time}  {title}", time=span, title=escape(lesson.title))]
    if lesson.here is not None and lesson.is_live:
        parts.append(_("{n} of {total} here", n=lesson.here, total=lesson.expected))
    elif lesson.here is not None:
        parts.append(_("{n} of {total} came", n=lesson.here, total=lesson.expected))
    if lesson.questions:
        parts.append(write.count("{n} question", "{n} questions", lesson.questions))
    return " · ".join(parts)


def _admin(write: Writer, admin: AdminHome) -> list[Block]:
    _ = write.text
    lines = [_platform(write, each) for each in admin.platforms] or [_("No platform has delivered anything yet.")]
    blocks = [section("\n".join([f"*{_('Connections')}*", *lines]))]
    if admin.unreachable:
        counted = write.count(
            "{n} person is on a roster and not found in Slack: {names}",
            "{n} people are on a roster and not found in Slack: {names}",
            admin.unreachable,
            names=write.names(admin.names, room=ROOM_FOR_NAMES, more=admin.unreachable - len(admin.names)),
        )
        remedy = _("Give them a Slack account with the same e-mail, or name it in the course file.")
        blocks.append(section(f"{counted}\n{remedy}"))
    return blocks


def _platform(write: Writer, state: PlatformState) -> str:
    _, platform = write.text, escape(state.platform[:1].upper() + state.platform[1:])
    if state.last_received_at is None:
        return _("{platform}: nothing was ever delivered; check the webhook's address and secret", platform=platform)
    return _("{platform}: last heard of at {date}", platform=platform, date=write.date(state.last_received_at))
