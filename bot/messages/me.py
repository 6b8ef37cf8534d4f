"""A student's own attendance: what `/rollcall me` answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.attendance.course import CourseTotals, Outlook
from bot.messages.blocks import context, divider, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
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
    """One course of the student's, its lessons in order; the totals are those of the course rule."""

    title: str
    lessons: Sequence[OwnLesson]
    #: of all that counts, to be attended
    minimum: Fraction
    totals: CourseTotals
    #: the board and the summary in its channel name the student
    names_in_channel: bool = False


def me(*, name: str, courses: Sequence[OwnCourse], reader: Reader) -> Message:
    """The newest lessons of each course first, and the sums of all."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        if not courses:
            return _("{name}, you are a student of no course here", name=escape(name))
        return _(
            "Your attendance: {courses}",
            courses=write.listed([course_sum(write, each) for each in courses], room=1_000),
        )

    blocks = [section(f"*{fact(rich)}*" if len(courses) <= 1 else f"*{rich.text('Your attendance')}*")]
    for course in courses[:MOST_COURSES]:
        room = ROOM_FOR_LESSONS // min(len(courses), MOST_COURSES)
        blocks += [divider(), section(_course(rich, course, room=room, has_sum=len(courses) > 1))]
    others = courses[MOST_COURSES:]
    if others:
        blocks.append(section(rich.listed([course_sum(rich, each) for each in others], room=1_000, between="\n")))
    if courses:
        blocks.append(context(_who_sees_it(rich, courses)))
    return Message(fact(plain), blocks)


def _who_sees_it(write: Writer, courses: Sequence[OwnCourse]) -> str:
    _ = write.text
    named = [course.title for course in courses if course.names_in_channel]
    others = (
        _("In the channel of {courses} the board and the summary name you.", courses=write.names(named))
        if named
        else _("Other students do not.")
    )
    return " ".join(
        [_("Your trainers and your school see this too."), others, _("`/rollcall why` explains a verdict.")]
    )


def course_sum(write: Writer, course: OwnCourse) -> str:
    """*Python 101 94.9 % (168 min of 177 min)*."""
    _ = write.text
    title, found = escape(course.title), course.totals
    if found.permille is None:
        return _("{title}, nothing to count yet", title=title)
    return _(
        "{title} {percent} ({attended} of {base})",
        title=title,
        percent=write.percent(found.permille),
        attended=write.length(found.attended_seconds),
        base=write.length(found.base_seconds),
    )


def prospect(write: Writer, course: OwnCourse) -> str:
    """*You can still miss 3 h 20 min*, or why not; empty where nothing is to come and nothing was."""
    _, found, needed = write.text, course.totals, f"{float(course.minimum * 100):g} %"
    if found.outlook is Outlook.LOST and found.to_come_seconds:
        best = write.percent(found.best_permille)
        return _("{percent} can no longer be reached: {best} at best.", percent=needed, best=best)
    if found.outlook is Outlook.LOST:
        return _("{percent} were needed.", percent=needed)
    if not found.to_come_seconds:
        return ""
    if not found.may_miss_seconds:
        return _("You can miss nothing more: {percent} are needed.", percent=needed)
    length = write.length(found.may_miss_seconds)
    if found.outlook is Outlook.AT_RISK:
        return _(
            "You can still miss {length}, but no whole lesson: {percent} are needed.", length=length, percent=needed
        )
    return _("You can still miss {length} ({percent} are needed).", length=length, percent=needed)


def _hours(write: Writer, course: OwnCourse) -> str:
    """What was planned and held, which need not be what counts for the student."""
    found = course.totals
    if not found.planned_seconds:
        return ""
    planned, held = write.length(found.planned_seconds), write.length(found.held_seconds)
    return write.text("Lessons so far: {planned} planned, {held} held.", planned=planned, held=held)


def _course(write: Writer, course: OwnCourse, *, room: int, has_sum: bool) -> str:
    """`has_sum`: with the sum, which stands above already where there is one course."""
    newest_first = sorted(course.lessons, key=lambda lesson: lesson.start, reverse=True)
    lines = [_lesson(write, lesson) for lesson in newest_first] or [write.text("No lesson yet.")]
    sums = [f"*{course_sum(write, course)}*"] if has_sum else []
    facts = [*sums, *filter(None, (prospect(write, course), _hours(write, course)))]
    return "\n".join([*facts, write.listed(lines, room=room, between="\n")])


def _lesson(write: Writer, lesson: OwnLesson) -> str:
    parts = [verdict_words(write, lesson.verdict), *flag_words(write, lesson.flags, late_seconds=lesson.late_seconds)]
    if lesson.permille is not None:
        parts.append(f"{write.length(lesson.attended_seconds)} = {write.percent(lesson.permille)}")
    return f"{write.date(lesson.start)}: {', '.join(parts)}"
