"""The sessions of a course's room on 100ms, as a file: `/api/v1/courses/{id}/sessions.csv`, and on the command line."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.errors import NotFound, UnknownPlatform
from bot.reports.session_export import ExportedSession, session_csv, session_xlsx
from bot.scopes import Grant, Scope
from handlers.access import Access
from handlers.api import answering
from handlers.documents import Documents
from handlers.documents_api import file_reply
from handlers.platforms.hundredms import connector
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.hundredms.export import exported
from storage.courses import CourseRow
from storage.database import Store

EXPORT_FORMS: Final = ("csv", "xlsx")


class SessionExport:
    """Behind a token of the scope `read`, as all that tells who was where."""

    def __init__(
        self, store: Store, clock: Clock, access: Access, documents: Documents, rooms: HundredmsClient | None
    ) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._documents = documents
        self._rooms = rooms

    def routes(self) -> list[web.RouteDef]:
        path = f"/api/v1/courses/{{id}}/sessions.{{form:{'|'.join(EXPORT_FORMS)}}}"
        return [web.get(path, self._access.guarded(answering(self.sessions), scope=Scope.READ))]

    async def sessions(self, request: web.Request, grant: Grant) -> web.Response:
        """Every session that there ever was in the course's room."""
        which, form, now = request.match_info["id"], request.match_info["form"], self._clock.now()
        async with self._store.read() as memory:
            course = await memory.courses.find(which)
        if course is None or not grant.sees(course.id):
            raise NotFound(f"There is no course {which!r}: GET /api/v1/courses lists them.")
        found = await exported_sessions(course, self._rooms, now=now)
        written = await export_as(form, found, course, self._documents, now=now)
        return file_reply(written, form, f"sessions.{form}")


async def exported_sessions(
    course: CourseRow, rooms: HundredmsClient | None, *, now: datetime
) -> list[ExportedSession]:
    """The sessions of the course's room, the latest first. Raises `UnknownPlatform`, and as the client does."""
    if course.platform != connector.name:
        raise UnknownPlatform(f"{course.name} is not on 100ms but on {course.platform}: it has no such sessions.")
    if rooms is None:
        raise UnknownPlatform("100ms is not set up here: set HMS_APP_ACCESS_KEY and HMS_APP_SECRET.")
    found = [session for active in (True, False) for session in await rooms.list_sessions(course.room, active=active)]
    # One that ends between the two questions is in both replies.
    return [exported(session, now=now) for session in {session.id: session for session in found}.values()]


async def export_as(
    form: str, sessions: Sequence[ExportedSession], course: CourseRow, documents: Documents, *, now: datetime
) -> bytes:
    """The sessions as a file: `csv` or `xlsx`."""
    if form == "csv":
        return session_csv(sessions).encode()
    made = partial(session_xlsx, sessions, title=course.name, zone=course.zone, made_at=now)
    return await documents.apart(made)
