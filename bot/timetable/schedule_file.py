"""The keys `schedule` and `breaks` of a course, and whether what they plan is possible."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.timetable import calendars
from bot.timetable.durations import duration_between, written
from bot.timetable.fields import Fields, fields_of
from bot.timetable.files import ReadFile, read_named_file, relative_path
from bot.timetable.nodes import Scalar, Sequence
from bot.timetable.problems import Place, Problems, quoted
from bot.timetable.rules import rule
from bot.timetable.schedule import (
    LONGEST_COURSE,
    LONGEST_LESSON,
    MOST_LESSONS,
    Break,
    Calendar,
    Item,
    PlannedLesson,
    Repeated,
    Schedule,
    Single,
    is_endless,
    lessons_of,
)
from bot.timetable.values import day, local_time

_REMEDY = "write a list of lessons, or the word sessions"
_KINDS = "write {start, end}, {rrule, start, duration} or {ics}"
_SECOND = timedelta(seconds=1)
_lesson_length = duration_between(_SECOND, LONGEST_LESSON)


def read_schedule(course: Fields, *, zone: ZoneInfo, read: ReadFile) -> Schedule:
    """The schedule of a course; items that are wrong are reported and left out."""
    value = course.node("schedule")
    if value is None:
        course.missing("schedule", _REMEDY)
        return Schedule()
    if isinstance(value, Scalar):
        if value.text.strip() != "sessions":
            course.problems.add(course.place_of("schedule"), f"{quoted(value.text)} is no schedule: {_REMEDY}")
        return Schedule(from_sessions=True)
    if isinstance(value, Sequence) and not value.items:
        course.problems.add(course.place_of("schedule"), f"plans nothing: {_REMEDY}")
    found: list[tuple[Item, Place]] = []
    for path, node in course.items("schedule"):
        fields = fields_of(node, path, course.problems)
        item = fields and _item(fields, read)
        if fields and item and not _is_wrong(item, fields, zone):
            found.append((item, fields.place))
    _check_all(found, course.place_of("schedule"), course.problems, zone)
    return Schedule(items=tuple(item for item, _ in found))


def read_breaks(course: Fields) -> tuple[Break, ...]:
    """The planned breaks of a course, in order."""
    found: list[tuple[Break, Place]] = []
    for path, node in course.items("breaks"):
        fields = fields_of(node, path, course.problems)
        if fields is None:
            continue
        after = fields.required("after", duration_between(timedelta(0), LONGEST_LESSON), remedy="write after: 85m")
        length = fields.required("for", _lesson_length, remedy="write for: 10m")
        fields.finish()
        if after is not None and length is not None:
            found.append((Break(after=after, length=length), fields.place))
    found.sort(key=lambda pair: pair[0].after)
    for (earlier, _), (later, place) in pairwise(found):
        if later.after < earlier.after + earlier.length:
            shown = f"the break after {written(later.after)} begins within the one after {written(earlier.after)}"
            course.problems.add(place, f"{shown}: make one break of the two")
    return tuple(pause for pause, _ in found)


def _item(fields: Fields, read: ReadFile) -> Item | None:
    if fields.has("ics"):
        return _calendar(fields, read)
    if fields.has("rrule"):
        return _repeated(fields)
    return _single(fields)


def _calendar(fields: Fields, read: ReadFile) -> Calendar | None:
    name = fields.optional("ics", relative_path)
    fields.finish()
    place = fields.place_of("ics")
    text = read_named_file(name, read, place, fields.problems) if name else None
    if text is None:
        return None
    all_day = fields.problems.attempt(place, lambda: calendars.check(text))
    if all_day is None:
        return None
    if all_day:
        fields.problems.warn(place, f"{all_day} of the events last all day: they are no lessons and are left out")
    return Calendar(ics=text)


def _repeated(fields: Fields) -> Repeated | None:
    text = fields.optional("rrule", rule)
    start = fields.required("start", local_time, remedy="write when the first lesson begins, 2026-11-25T18:00")
    length = fields.required("duration", _lesson_length, remedy="write how long each lesson takes, 3h")
    except_on = fields.texts("except", day) or ()
    fields.finish()
    if text is None or start is None or length is None:
        return None
    return Repeated(rule=text, start=start, length=length, except_on=except_on)


def _single(fields: Fields) -> Single | None:
    if not fields.has("start"):
        fields.missing("start", f"say when the lesson begins: {_KINDS}")
    start = fields.optional("start", local_time)
    length = fields.optional("duration", _lesson_length)
    end = fields.optional("end", local_time)
    fields.finish()
    if fields.has("end") == fields.has("duration"):
        both = "has both end and duration: keep one of the two"
        neither = "has no end: write end: 2026-11-23T21:00 or duration: 3h"
        fields.problems.add(fields.place, both if fields.has("end") else neither)
        return None
    ends = end or length
    return Single(start=start, ends=ends) if start and ends else None


def _is_wrong(item: Item, fields: Fields, zone: ZoneInfo) -> bool:
    """Report what a well-written item plans that cannot be."""
    found = fields.problems.attempt(fields.place, lambda: tuple(lessons_of(item, zone=zone)))
    if found is None:
        return True
    if not found:
        fields.problems.add(fields.place, "plans no lesson at all: look at the rule and its exceptions")
        return True
    wrong = next((lesson for lesson in found if not _SECOND <= lesson.end - lesson.start <= LONGEST_LESSON), None)
    if wrong is not None:
        shown = f"the lesson of {_shown(wrong.start, zone)} ends {_shown(wrong.end, zone)}"
        fields.problems.add(fields.place, f"{shown}: write an end after its start, at most 24h later")
        return True
    if isinstance(item, Repeated):
        _warn_of_rule(item, found, fields, zone)
    if is_endless(item):
        last = _shown(found[0].start + LONGEST_COURSE, zone)
        fields.problems.warn(fields.place, f"has no end: lessons are laid out 60 days ahead, and none after {last}")
    return False


def _warn_of_rule(item: Repeated, found: tuple[PlannedLesson, ...], fields: Fields, zone: ZoneInfo) -> None:
    without = Repeated(rule=item.rule, start=item.start, length=item.length)
    days = {lesson.start.astimezone(item.start.tzinfo or zone).date() for lesson in lessons_of(without, zone=zone)}
    for exception in item.except_on:
        if exception not in days:
            fields.problems.warn(fields.place_of("except"), f"`{exception}` is no day of the rule: nothing falls out")
    if item.start.date() not in days:
        first = _shown(found[0].start, zone)
        fields.problems.warn(fields.place_of("start"), f"is no day of the rule: the first lesson is that of {first}")


def _check_all(found: Iterable[tuple[Item, Place]], place: Place, problems: Problems, zone: ZoneInfo) -> None:
    """Report what items plan together: too much, or one lesson twice."""
    seen: dict[tuple[str, str], Place] = {}
    starts: list[datetime] = []
    for item, item_place in found:
        lessons = tuple(lessons_of(item, zone=zone))
        if not is_endless(item):
            starts += [lesson.start for lesson in lessons]
        for lesson in lessons:
            first = seen.setdefault((lesson.item, lesson.original_start), item_place)
            if first is not item_place:
                shown = f"the lesson of {_shown(lesson.start, zone)} stands already at {first.path} (line {first.line})"
                problems.add(item_place, f"{shown}: take it out of one of the two")
                break
    if starts and max(starts) - min(starts) > LONGEST_COURSE:
        shown = f"plans lessons from {_shown(min(starts), zone)} to {_shown(max(starts), zone)}"
        problems.add(place, f"{shown}: a course has at most {LONGEST_COURSE.days} days, make two of it")
    if len(starts) > MOST_LESSONS:
        problems.add(place, f"plans more than {MOST_LESSONS:,} lessons: shorten the rules, or make two courses of it")


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
