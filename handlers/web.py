"""The aiohttp application: every route of the program, health, and what is the same for all replies."""

from collections.abc import Awaitable, Callable, Iterable

import structlog
from aiohttp import web

from storage.database import Store
from storage.errors import StorageError
from storage.schema import SchemaState

#: Larger than any platform's limit, which its own door looks at first.
LARGEST_REQUEST = 33 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def application(
    store: Store, routes: Iterable[web.AbstractRouteDef], *, slack_refusal: Callable[[], str] = lambda: ""
) -> web.Application:
    """The application with these routes beside `/healthz` and `/readyz`.

    `slack_refusal`: Slack's word while it refuses our token, which nobody can be told in Slack; else empty.
    """
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_errors_as_json])
    health = Health(store, slack_refusal)
    app.add_routes([web.get("/healthz", health.alive), web.get("/readyz", health.ready), *routes])
    return app


class Health:
    """Whether the process lives, and whether it can take webhooks."""

    def __init__(self, store: Store, slack_refusal: Callable[[], str]) -> None:
        self._store = store
        self._slack_refusal = slack_refusal

    async def alive(self, _request: web.Request) -> web.Response:
        """GET /healthz: 200 while the process answers."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """GET /readyz: 200 if the database answers and its schema is current, else 503.

        A Slack that refuses us is said and changes nothing: what platforms send must be kept all the same.
        """
        try:
            state = await self._store.schema_state()
        except Exception as problem:  # noqa: BLE001  a door: whatever keeps the database from answering, the reply is 503
            log.warning("not_ready", cause=type(problem).__name__)
            return _error(503, "database_unreachable", "The database does not answer.")
        if state is not SchemaState.CURRENT:
            return _error(503, "schema_not_current", "The database has another schema: run `rollcall db upgrade`.")
        if refusal := self._slack_refusal():
            return web.json_response({"status": "ready", "slack": f"refuses the token: {refusal}"})
        return web.json_response({"status": "ready"})


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """aiohttp's own refusals in the shape of all others; a bug is a 500 without its text, a locked database is none."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        return _error(refusal.status, refusal.reason.lower().replace(" ", "_"), refusal.reason)
    except web.RequestPayloadError:
        return _error(400, "incomplete", "The body is not encoded as its headers say.")
    except Exception as problem:
        if isinstance(problem, StorageError) and "\0" in f"{request.path}?{request.query_string}":
            return _error(400, "bad_request", "A character of the address stands in no text.")  # says PostgreSQL
        if isinstance(problem, StorageError) and problem.is_passing:
            log.error("storage_unavailable", route=_route(request), problem=str(problem))  # noqa: TRY400  a known trouble needs no traceback
            return _error(503, "storage_unavailable", "The database does not answer. Try again later.")
        if isinstance(problem, ConnectionError) and request.transport is None:
            return _error(400, "incomplete", "The client hung up.")  # nobody hears it
        log.exception("request_failed", route=_route(request))
        return _error(500, "internal_error", "Something went wrong here; the log of the server says what.")


def _route(request: web.Request) -> str:
    """The route's pattern, never the path: paths may hold tokens."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
