"""The HTTP API: courses, lessons and attendance as JSON, behind a bearer token."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.clock import Clock
from bot.errors import (
    BadInput,
    BotError,
    DocumentFailed,
    NotFound,
    PlatformBusy,
    PlatformRefused,
    PlatformUnavailable,
    UnknownPlatform,
)
from bot.scopes import Grant, Scope
from handlers.access import Access, Granted
from handlers.attendance import attendance_object, lesson_object
from storage.courses import CourseRow
from storage.database import Store

STATUS_OF: dict[type[BotError], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    BadInput: (400, "bad_input"),
    DocumentFailed: (500, "document_failed"),
    UnknownPlatform: (404, "unknown_platform"),
    PlatformBusy: (503, "platform_busy"),
    PlatformRefused: (502, "platform_refused"),
    PlatformUnavailable: (502, "platform_unavailable"),
}

Handler = Callable[[web.Request, Grant], Awaitable[web.Response]]


class Api:
    """`/api/v1/…`, for tokens of the scope `read`; one that is bound to a course is told of that course alone."""

    def __init__(self, store: Store, clock: Clock, access: Access) -> None:
        self._store = store
        self._clock = clock
        self._access = access

    def routes(self) -> list[web.RouteDef]:
        paths: dict[str, Handler] = {
            "/api/v1/courses": self.courses,
            "/api/v1/courses/{id}": self.course,
            "/api/v1/lessons": self.lessons,
            "/api/v1/lessons/{id}": self.lesson,
            "/api/v1/lessons/{id}/attendance": self.attendance,
        }
        return [
            web.get(path, self._access.guarded(answering(handler), scope=Scope.READ)) for path, handler in paths.items()
        ]

    async def courses(self, _request: web.Request, grant: Grant) -> web.Response:
        async with self._store.read() as memory:
            found = await memory.courses.all()
        return web.json_response({"courses": [course_json(course) for course in found if grant.sees(course.id)]})

    async def course(self, request: web.Request, grant: Grant) -> web.Response:
        async with self._store.read() as memory:
            found = await memory.courses.find(request.match_info["id"])
        if found is None or not grant.sees(found.id):
            raise NotFound(f"There is no course {request.match_info['id']!r}: GET /api/v1/courses lists them.")
        return web.json_response(course_json(found))

    async def lessons(self, request: web.Request, grant: Grant) -> web.Response:
        """Filtered by `course` (id or exact name), `from` (inclusive), `to` (exclusive); dates in the course's zone."""
        query = request.query
        now = self._clock.now()
        async with self._store.read() as memory:
            which = query.get("course", grant.course_id)
            course = await memory.courses.find(which) if which is not None else None
            if "course" in query and (course is None or not grant.sees(course.id)):
                raise NotFound(f"There is no course {query['course']!r}: GET /api/v1/courses lists them.")
            zone = course.zone if course is not None else "UTC"
            found = await memory.lessons.listed(
                course_id=course.id if course is not None else None,
                start=_day(query.get("from"), zone, "from"),
                end=_day(query.get("to"), zone, "to"),
                now=now,
            )
        described: list[Mapping[str, Any]] = []
        for each in found:
            await asyncio.sleep(0)  # webhooks are answered between two lessons
            described.append(lesson_object(each, now=now))
        return web.json_response({"lessons": described})

    async def lesson(self, request: web.Request, grant: Grant) -> web.Response:
        return web.json_response((await self._attendance(request, grant))["lesson"])

    async def attendance(self, request: web.Request, grant: Grant) -> web.Response:
        return web.json_response(await self._attendance(request, grant))

    async def _attendance(self, request: web.Request, grant: Grant) -> dict[str, Any]:
        now = self._clock.now()
        async with self._store.read() as memory:
            found = await memory.lessons.facts(request.match_info["id"])
        if found is None or not grant.sees(found.course_id):
            raise NotFound(f"There is no lesson {request.match_info['id']!r}: GET /api/v1/lessons lists them.")
        return attendance_object(found.facts, now=now)


def answering(handler: Handler) -> Granted:
    """What the caller got wrong is said in the reply."""

    async def answering(request: web.Request, grant: Grant) -> web.Response:
        try:
            return await handler(request, grant)
        except BotError as problem:
            status, code = STATUS_OF.get(type(problem), (400, "bad_request"))
            return _error(status, code, str(problem))

    return answering


def course_json(course: CourseRow) -> dict[str, str]:
    """A course as in lists."""
    return {
        "id": course.id,
        "key": course.key,
        "name": course.name,
        "platform": course.platform,
        "room": course.room,
        "timezone": course.zone,
    }


def _day(given: str | None, zone: str, name: str) -> datetime | None:
    if given is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(given), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{name}={given!r} is not a date: write it as 2026-11-23."
        raise BadInput(message) from None


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
