"""The schedule of a course as written, and the lessons that it plans."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from bot.attendance.lessons import Interval
from bot.timetable import calendars, rules
from bot.timetable.local_time import instant

MOST_LESSONS = 1_000
LONGEST_COURSE = timedelta(days=800)
#: how far ahead the lessons of an endless rule are laid out
AHEAD = timedelta(days=60)
#: what is longer is a slip of the pen, and no night class either
LONGEST_LESSON = timedelta(hours=24)

#: fixed for ever: every lesson's id grows from it
_LESSONS = UUID("5d0f0a52-8f5e-5b0a-9d5f-0c8a6f1d3b7e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A planned break of every lesson."""

    #: from the lesson's start
    after: timedelta
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One lesson. Local times are naive; one with an offset keeps it."""

    start: datetime
    #: the local end, or the elapsed length
    ends: datetime | timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A lesson that repeats by a rule, at the local time of its start."""

    #: as `rules.rule` gives it
    rule: str
    start: datetime
    length: timedelta
    except_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The lessons of a calendar file."""

    ics: str


Item = Single | Repeated | Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What the course file says about when a course meets."""

    items: tuple[Item, ...] = ()
    #: every session of the room becomes a lesson
    from_sessions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLesson:
    """One lesson that a schedule plans."""

    #: which part of the schedule it belongs to: empty for dates and rules, `ics:UID` for calendars
    item: str
    #: the local start that it was first planned for, as ISO text; empty where the item is one lesson by itself
    original_start: str
    start: datetime
    end: datetime
    breaks: tuple[Interval, ...] = ()

    def id_in(self, course_id: str) -> str:
        """The id of this lesson in a course: the same on every machine and after every import.

        Dates and rules of a course are one item, so a lesson keeps its id when items are put in another order, when a
        date becomes part of a rule, and when length, zone or breaks change. An event of a calendar goes by its UID.
        """
        return uuid5(_LESSONS, "\n".join((course_id, self.item, self.original_start))).hex


def lay_out(
    schedule: Schedule, *, zone: ZoneInfo, breaks: Sequence[Break] = (), until: datetime | None = None
) -> tuple[PlannedLesson, ...]:
    """The lessons of a schedule in order of time: at most 1,000, within 800 days of the first.

    Endless rules give lessons that start up to `until`, and without it as far as the limits go; others give all.
    """
    found = sorted(every_lesson(schedule, zone=zone, until=until), key=lambda lesson: lesson.start)
    within = [lesson for lesson in found if lesson.start - found[0].start <= LONGEST_COURSE]
    return tuple(replace(lesson, breaks=breaks_of(lesson, breaks)) for lesson in within[:MOST_LESSONS])


def every_lesson(schedule: Schedule, *, zone: ZoneInfo, until: datetime | None = None) -> Iterator[PlannedLesson]:
    """The lessons of each item, unsorted. An item that breaks a limit gives one lesson too many, which shows it."""
    for item in schedule.items:
        yield from lessons_of(item, zone=zone, until=until)


def lessons_of(item: Item, *, zone: ZoneInfo, until: datetime | None = None) -> Iterable[PlannedLesson]:
    """The lessons of one item, without their breaks."""
    if isinstance(item, Single):
        return [_single(item, zone)]
    return _repeated(item, zone, until) if isinstance(item, Repeated) else _of_calendar(item, zone, until)


def is_endless(item: Item) -> bool:
    """Whether an item goes on for ever: then it is laid out ahead again and again."""
    if isinstance(item, Single):
        return False
    return rules.is_endless(item.rule) if isinstance(item, Repeated) else calendars.is_endless(item.ics)


def breaks_of(lesson: PlannedLesson, breaks: Sequence[Break]) -> tuple[Interval, ...]:
    """The planned breaks as instants; what lies outside of a short lesson is cut off."""
    planned = [(lesson.start + pause.after, lesson.start + pause.after + pause.length) for pause in breaks]
    return tuple(Interval(start, min(end, lesson.end)) for start, end in planned if start < lesson.end)


def _single(item: Single, zone: ZoneInfo) -> PlannedLesson:
    start = instant(item.start, zone)
    end = start + item.ends if isinstance(item.ends, timedelta) else instant(item.ends, zone)
    return PlannedLesson(item="", original_start=_wall(item.start), start=start, end=end)


def _repeated(item: Repeated, zone: ZoneInfo, until: datetime | None) -> Iterator[PlannedLesson]:
    goes_on = is_endless(item)
    for count, local in enumerate(rules.local_starts(item.rule, item.start, zone)):
        start = instant(local, zone)
        is_beyond = count >= MOST_LESSONS or local - item.start > LONGEST_COURSE
        if goes_on and (is_beyond or (until is not None and start > until)):
            return
        if local.date() not in item.except_on:
            yield PlannedLesson(item="", original_start=_wall(local), start=start, end=start + item.length)
        if is_beyond:
            return


def _of_calendar(item: Calendar, zone: ZoneInfo, until: datetime | None) -> Iterator[PlannedLesson]:
    for event in calendars.events(item.ics, zone=zone, until=until, most=MOST_LESSONS, longest=LONGEST_COURSE):
        yield PlannedLesson(
            item=f"ics:{event.uid}", original_start=event.original_start, start=event.start, end=event.end
        )


def _wall(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="minutes")
