"""The HTTP API's documents: a lesson's sheet and a course's report, and the description of the whole API."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.attendance.course_report import CourseReport, Period
from bot.clock import Clock
from bot.errors import BadInput, NotFound
from bot.language import DOCUMENT_LANGUAGES, ENGLISH
from bot.reports.course_report_words import report_file_name
from bot.reports.lesson_sheet import sheet_file_name
from bot.scopes import Grant, Scope
from bot.timetable.periods import period_between, period_of
from handlers.access import Access
from handlers.api import Handler, answering
from handlers.documents import Documents, sheet_as
from handlers.handed_out import MEDIA_TYPES, REPORT_FORMS, SHEET_FORMS, report_as, sheet_to_print
from storage.database import Store


class DocumentsApi:
    """`/api/v1/lessons/{id}/attendance.pdf` and its like, for tokens of the scope `read`."""

    def __init__(self, store: Store, clock: Clock, access: Access, documents: Documents) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._documents = documents

    def routes(self) -> list[web.RouteDef]:
        paths: dict[str, Handler] = {
            f"/api/v1/lessons/{{id}}/attendance.{{form:{'|'.join(SHEET_FORMS)}}}": self.sheet,
            "/api/v1/courses/{id}/report": self.report,
            f"/api/v1/courses/{{id}}/report.{{form:{'|'.join(REPORT_FORMS)}}}": self.report,
        }
        guarded = [
            web.get(path, self._access.guarded(answering(handler), scope=Scope.READ)) for path, handler in paths.items()
        ]
        return [*guarded, web.get("/api/v1/openapi.json", describe)]

    async def sheet(self, request: web.Request, grant: Grant) -> web.Response:
        """One lesson's sheet as a file; after its end, as it was written down."""
        lesson_id, form, now = request.match_info["id"], request.match_info["form"], self._clock.now()
        language = _language(request.query)
        async with self._store.read() as memory:
            found = await memory.lessons.facts(lesson_id)
            if found is None or not grant.sees(found.course_id):
                raise NotFound(f"There is no lesson {lesson_id!r}: GET /api/v1/lessons lists them.")
            about = await sheet_to_print(memory, found, now=now)
        written = await sheet_as(form, about, self._documents, language=language)
        return file_reply(written, form, sheet_file_name(about, form))

    async def report(self, request: web.Request, grant: Grant) -> web.Response:
        """What a course came to: `from` (inclusive), `to` (exclusive), or `period` in words; the whole without."""
        form = request.match_info.get("form", "json")
        language = _language(request.query)
        made = await self._report(request, grant)
        written = await report_as(form, made, self._documents, language=language)
        if form == "json":
            return web.Response(body=written, content_type="application/json", charset="utf-8")
        return file_reply(written, form, report_file_name(made, form))

    async def _report(self, request: web.Request, grant: Grant) -> CourseReport:
        which, now = request.match_info["id"], self._clock.now()
        async with self._store.read() as memory:
            course = await memory.courses.find(which)
            if course is None or not grant.sees(course.id):
                raise NotFound(f"There is no course {which!r}: GET /api/v1/courses lists them.")
            period = _period(request.query, today=now.astimezone(ZoneInfo(course.zone)).date())
            return await memory.course_reports.make(course.id, period, now=now)


async def describe(_request: web.Request) -> web.Response:
    """GET /api/v1/openapi.json: what there is, for programs and for who writes them; no token is needed."""
    return web.Response(body=_description(), content_type="application/json", charset="utf-8")


@cache
def _description() -> bytes:
    return files("handlers").joinpath("openapi.json").read_bytes()


def _period(query: Mapping[str, str], *, today: date) -> Period:
    words = query.get("period")
    if words is None:
        try:
            return period_between(_day(query, "from"), _day(query, "to"))
        except ValueError as problem:
            raise BadInput(f"from, to: {problem}.") from None
    found = period_of(words.split(), today=today)
    if found is None or found[1] < len(words.split()) or {"from", "to"} & query.keys():
        message = f"period={words!r}: write it as `last week`, `this month` or `2026-11`, without `from` and `to`."
        raise BadInput(message)
    return found[0]


def _day(query: Mapping[str, str], name: str) -> date | None:
    given = query.get(name)
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        message = f"{name}={given!r} is not a date: write it as 2026-11-23."
        raise BadInput(message) from None


def _language(query: Mapping[str, str]) -> str:
    language = query.get("language", ENGLISH)
    if language not in DOCUMENT_LANGUAGES:
        raise BadInput(f"language={language!r}: there is {' and '.join(DOCUMENT_LANGUAGES)}.")
    return language


def file_reply(written: bytes, form: str, name: str) -> web.Response:
    """A document as something to be saved, under a name."""
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    charset = "utf-8" if form == "csv" else None
    return web.Response(body=written, content_type=MEDIA_TYPES[form], charset=charset, headers=headers)
