"""The App Home: made anew whenever somebody opens it, of what concerns them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.attendance.asked import open_ask
from bot.attendance.lessons import CorrectionKind, LessonState, Role
from bot.attendance.sheet import Presence, Sheet, Verdict
from bot.attendance.view import ENDED
from bot.messages.home import AdminHome, HomeLesson, OpenRequest, PlatformState, StudentHome, TrainerHome, home
from bot.permissions import Action, Subject, may
from handlers.slack.door import Door
from handlers.slack.me import own_course
from handlers.slack.meant import lessons_on
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit
from storage.attended import LessonAhead
from storage.door import KnownCourse, KnownLesson

#: So far back requests are looked for: what nobody decided in a month is settled by the lock.
REQUESTS_SINCE = timedelta(days=31)
#: Lessons of the day that are counted; a trainer has no more of them at once.
MOST_COUNTED = 5
#: Names of people without an account that are shown.
MOST_NAMES = 12
ASKS = (CorrectionKind.CANNOT_COME, CorrectionKind.DISPUTED)
CAME = frozenset({Verdict.VALIDATED, Verdict.PARTIAL})


class HomeDoor:
    """Opening it publishes it; it is not kept up to date behind people's backs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, door: Door) -> None:
        door.event("app_home_opened", self.opened)

    async def opened(self, event: Mapping[str, Any], now: datetime) -> None:
        """Somebody looks at the Home tab, or at the messages beside it."""
        if event.get("tab") != "home":
            return
        caller = await self._office.caller(Visit(user=event["user"], now=now))
        is_admin = may(caller.actor, Action.SEE_CONNECTIONS, Subject())
        view = home(
            name=caller.name,
            student=await self._student(caller, now) if caller.courses_as(Role.STUDENT) else None,
            trainer=await self._trainer(caller, now) if caller.taught else None,
            admin=await self._admin() if is_admin else None,
            reader=caller.reader,
        )
        await self._office.slack.publish_home(event["user"], view)

    async def _student(self, caller: Caller, now: datetime) -> StudentHome:
        courses = caller.courses_as(Role.STUDENT)
        async with self._office.store.read() as memory:
            found = await memory.attended.of(caller.person_id, [course.id for course in courses], now=now)
        ahead = [(each, course) for course in courses for each in found[course.id].to_come]
        coming = min(ahead, key=lambda each: each[0].planned, default=None)
        return StudentHome(
            next_lesson=await self._coming(caller, *coming, now) if coming is not None else None,
            courses=[own_course(course, found[course.id]) for course in courses],
            requests=await self._requests(caller, now),
        )

    async def _coming(self, caller: Caller, lesson: LessonAhead, course: KnownCourse, now: datetime) -> HomeLesson:
        own_link = lesson.join_url
        if self._office.links is not None:
            async with self._office.store.read() as memory:
                places = await memory.join_links.of_person(caller.person_id, [course.id])
            own_link = self._office.links.instead_of(lesson.join_url, places.get(course.id))
        return HomeLesson(
            lesson_id=lesson.id,
            title=course.name,
            start=_epoch(lesson.planned.start),
            end=_epoch(lesson.planned.end),
            join_url=own_link,
            is_live=lesson.planned.start <= now,
        )

    async def _requests(self, caller: Caller, now: datetime) -> list[OpenRequest]:
        """What this student asked about lessons of the last month and of today, and nobody has decided."""
        ids = [course.id for course in caller.courses_as(Role.STUDENT)]
        start, end = now - REQUESTS_SINCE, now + timedelta(days=1)
        async with self._office.store.read() as memory:
            lessons = await memory.door.lessons_between(ids, start=start, end=end)
            said = await memory.corrections.of([lesson.id for lesson in lessons])
        found = []
        for lesson in lessons:
            own = [each for each in said.get(lesson.id, ()) if each.person == caller.person_id]
            found += [
                OpenRequest(title=lesson.title, start=_epoch(lesson.planned_start), is_excuse=kind is ASKS[0])
                for kind in ASKS
                if open_ask(own, kind) is not None
            ]
        return found

    async def _trainer(self, caller: Caller, now: datetime) -> TrainerHome:
        today = now.astimezone(ZoneInfo(caller.reader.zone)).date()
        lessons = await lessons_on(self._office, caller.taught, today)
        standing = sorted(
            (each for each in lessons if each.state is not LessonState.CANCELLED), key=lambda each: each.planned_start
        )
        begun = [each.id for each in standing if each.state in {LessonState.LIVE, *ENDED}][-MOST_COUNTED:]
        told = [await self._lesson(caller, each, now) if each.id in begun else _named(each) for each in standing]
        return TrainerHome(today=told, courses=[course.name for course in caller.taught])

    async def _lesson(self, caller: Caller, lesson: KnownLesson, now: datetime) -> HomeLesson:
        matter = await self._office.matter(caller, lesson.id, now=now)
        sheet = matter.sheet()
        return HomeLesson(
            lesson_id=lesson.id,
            title=lesson.title,
            start=_epoch(lesson.planned_start),
            end=_epoch(lesson.planned_end),
            here=_how_many(sheet),
            expected=len(sheet.students),
            questions=len(sheet.questions),
            is_live=sheet.state is LessonState.LIVE,
        )

    async def _admin(self) -> AdminHome:
        async with self._office.store.read() as memory:
            platforms = await memory.overview.platforms()
            unreachable, names = await memory.overview.without_account(limit=MOST_NAMES)
        states = [
            PlatformState(
                platform=each.platform,
                last_received_at=_epoch(each.last_received_at) if each.last_received_at is not None else None,
            )
            for each in platforms
        ]
        return AdminHome(platforms=states, unreachable=unreachable, names=names)


def _how_many(sheet: Sheet) -> int:
    """Who is there now; of a lesson that is over, who came."""
    if sheet.state is LessonState.LIVE:
        return sum(line.presence is Presence.PRESENT for line in sheet.students)
    return sum(line.verdict in CAME for line in sheet.students)


def _named(lesson: KnownLesson) -> HomeLesson:
    start, end = _epoch(lesson.planned_start), _epoch(lesson.planned_end)
    return HomeLesson(lesson_id=lesson.id, title=lesson.title, start=start, end=end)


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
