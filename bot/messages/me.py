"""A student's own attendance: what `/rollcall me` answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.blocks import context, divider, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Block, Message, Reader
from bot.messages.verdicts import flag_words, verdict_words

ROOM_FOR_LESSONS = 2_600
#: courses that get a list of their lessons; others only their sum
MOST_COURSES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLesson:
    """One lesson of the student's; lengths on the basis of the course."""

    start: int
    verdict: str
    flags: Sequence[str] = ()
    late_seconds: int | None = None
    attended_seconds: int
    base_seconds: int
    permille: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCourse:
    """One course of the student's, its lessons in order. The sums are those of the course rule."""

    title: str
    lessons: Sequence[OwnLesson]
    attended_seconds: int
    base_seconds: int
    permille: int | None


def me(*, name: str, courses: Sequence[OwnCourse], reader: Reader) -> Message:
    """The newest lessons of each course first, and the sums of all."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        if not courses:
            return _("{name}, you are in no course yet", name=escape(name))
        return _(
            "Your attendance: {courses}", courses=write.listed([_sum(write, each) for each in courses], room=1_000)
        )

    blocks = [section(f"*{fact(rich)}*" if len(courses) <= 1 else f"*{rich.text('Your attendance')}*")]
    for course in courses[:MOST_COURSES]:
        blocks += [divider(), *_course(rich, course, room=ROOM_FOR_LESSONS // min(len(courses), MOST_COURSES))]
    others = courses[MOST_COURSES:]
    if others:
        blocks.append(section(rich.listed([_sum(rich, each) for each in others], room=1_000, between="\n")))
    blocks.append(
        context(rich.text("Only you, your trainers and your school see this. `/rollcall why` explains a verdict."))
    )
    return Message(fact(plain), blocks)


def _sum(write: Writer, course: OwnCourse) -> str:
    _ = write.text
    title = escape(course.title)
    if course.permille is None:
        return _("{title}, nothing to count yet", title=title)
    return _(
        "{title} {percent} ({attended} of {base})",
        title=title,
        percent=write.percent(course.permille),
        attended=write.length(course.attended_seconds),
        base=write.length(course.base_seconds),
    )


def _course(write: Writer, course: OwnCourse, *, room: int) -> list[Block]:
    newest_first = sorted(course.lessons, key=lambda lesson: lesson.start, reverse=True)
    lines = [_lesson(write, lesson) for lesson in newest_first] or [write.text("No lesson yet.")]
    return [section(f"*{_sum(write, course)}*\n" + write.listed(lines, room=room, between="\n"))]


def _lesson(write: Writer, lesson: OwnLesson) -> str:
    parts = [verdict_words(write, lesson.verdict), *flag_words(write, lesson.flags, late_seconds=lesson.late_seconds)]
    if lesson.permille is not None:
        parts.append(f"{write.length(lesson.attended_seconds)} = {write.percent(lesson.permille)}")
    return f"{write.date(lesson.start)}: {', '.join(parts)}"
