"""`GET /api/v1/reports/{id}`: a kept document, as it was made."""

import asyncio

import structlog
from aiohttp import web

from bot.scopes import Grant, Scope
from handlers.access import Access
from handlers.asset_files import AssetFiles
from storage.assets import Asset
from storage.database import Store

log = structlog.get_logger()


class KeptReports:
    """For tokens of the scope `read`; one that is bound to a course is given that course's alone."""

    def __init__(self, store: Store, access: Access, kept: AssetFiles) -> None:
        self._store = store
        self._access = access
        self._kept = kept

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/v1/reports/{id}", self._access.guarded(self.report, scope=Scope.READ))]

    async def report(self, request: web.Request, grant: Grant) -> web.Response:
        """Its bytes; 404 for one that is not there, or not for this token; 500 where the disk has lost it."""
        id_ = request.match_info["id"]
        asset = await self._find(id_, grant) if id_.isascii() and id_.isalnum() else None
        if asset is None:
            return _error(404, "not_found", f"There is no report {id_!r}.")
        try:
            body = await asyncio.to_thread(self._kept.get, asset.id, asset.sha256)
        except OSError as problem:
            log.error("report_lost", asset=asset.id, error=problem.strerror)  # noqa: TRY400  the disk's word says it
            return _error(500, "storage", "The report is not on the disk as it was stored: look at ROLLCALL_DATA_DIR.")
        return web.Response(
            body=body,
            content_type=asset.media_type,
            headers={
                # The name is ours: ASCII, without quotes.
                "Content-Disposition": f'attachment; filename="{asset.file_name}"',
                "ETag": f'"{asset.sha256}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def _find(self, id_: str, grant: Grant) -> Asset | None:
        async with self._store.read() as memory:
            course_id = await memory.assets.course_of(id_)
            return await memory.assets.find(id_) if course_id is not None and grant.sees(course_id) else None


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
