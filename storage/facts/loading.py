"""The facts of many lessons, put together."""

from collections.abc import Awaitable, Callable, Sequence

from bot.attendance.lessons import LessonFacts
from bot.attendance.merging import with_records
from storage.checks import Checks
from storage.corrections import Corrections
from storage.facts.people import Handles, load_admins, load_known, load_links, load_rosters
from storage.facts.rooms import load_feeds, load_room_lessons, load_seen
from storage.facts.said import load_told
from storage.facts.target import Target
from storage.record_requests import RecordRequests
from storage.sheets import Sheets
from storage.transaction import Transaction

#: how the facts of many lessons are read
LoadFacts = Callable[[Transaction, Sequence[Target]], Awaitable[list[LessonFacts]]]


async def load_facts_ahead(transaction: Transaction, targets: Sequence[Target]) -> list[LessonFacts]:
    """Of lessons that have not begun, what the lesson itself is computed from; nobody in them is looked up."""
    if not targets:
        return []
    seen = await load_seen(transaction, targets)
    corrections = await Corrections(transaction).of([target.lesson.id for target in targets])
    feeds = await load_feeds(transaction, targets, seen)
    return [
        LessonFacts(
            lesson=target.lesson,
            roster=(),
            events=each.events,
            records=each.records,
            corrections=corrections.get(target.lesson.id, ()),
            feed=feed,
        )
        for target, each, feed in zip(targets, seen, feeds, strict=True)
    ]


async def load_facts(transaction: Transaction, targets: Sequence[Target]) -> list[LessonFacts]:
    """All facts of each lesson, in the order given. As many queries for fifty lessons as for one."""
    if not targets:
        return []
    lesson_ids = [target.lesson.id for target in targets]
    seen = await load_seen(transaction, targets)
    handles = [Handles.of(with_records(each.events, each.records)) for each in seen]
    rosters = await load_rosters(transaction, targets)
    links = await load_links(transaction, targets, handles)
    by_lesson = await Corrections(transaction).of(lesson_ids)
    corrections = [by_lesson.get(lesson_id, ()) for lesson_id in lesson_ids]
    known = await load_known(transaction, targets, handles, links=links, rosters=rosters, corrections=corrections)
    feeds = await load_feeds(transaction, targets, seen)
    room_lessons = await load_room_lessons(transaction, targets, seen)
    asking = await RecordRequests(transaction).of(lesson_ids)
    told = await load_told(transaction, lesson_ids)
    written = await Sheets(transaction).newest(lesson_ids)
    admins = await load_admins(transaction, targets)
    loggings = await Checks(transaction).of(lesson_ids)
    return [
        LessonFacts(
            lesson=target.lesson,
            roster=rosters[place],
            known=known[place],
            links=links[place],
            events=seen[place].events,
            records=seen[place].records,
            asking=asking.get(target.lesson.id),
            corrections=corrections[place],
            feed=feeds[place],
            room_lessons=room_lessons[place],
            told=told.get(target.lesson.id, {}),
            written=written.get(target.lesson.id),
            admins=admins[target.workspace_id],
            logging=loggings.get(target.lesson.id),
        )
        for place, target in enumerate(targets)
    ]
