"""The one Slack client: every call to Slack goes through here, with typed errors, time-outs and one HTTP session.

Nothing sleeps inside a call and nothing is tried again by itself: whoever calls decides, and a posting whose answer was
lost must not be repeated behind their back.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import SlackBusy, SlackRefused
from handlers.slack_values import ChannelsPage, Posted, SlackFile, SlackProfile, SlackTeam, UsersPage

log = structlog.get_logger(__name__)

#: Wire time. Slack's own answers take well under a second; what takes longer is tried again by whoever asked.
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)

#: What passes by itself (docs.slack.dev/web-api, "Errors"). Everything else will be refused again next time.
BUSY = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)

#: The app was uninstalled, or its token was taken back or mistyped: nothing is wrong with what is said, so it waits.
NOT_INSTALLED = frozenset({"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"})
UNTIL_INSTALLED = timedelta(minutes=1)
WITHOUT_US = "install the app again and set SLACK_BOT_TOKEN; until then nothing is sent and nothing is lost"
WITHOUT_SOCKET = (
    "set SLACK_APP_TOKEN to one with connections:write, from *Basic Information*; until then no press arrives"
)

Blocks = Sequence[Mapping[str, Any]]
#: Is told of a call: Slack's method, and how it went.
Count = Callable[[str, str], None]

# At DEBUG slack_sdk writes whole requests and answers to its logger, so it gets one of its own that never does.
_QUIET = logging.getLogger("slack_sdk.rollcall")
_QUIET.setLevel(logging.WARNING)


def uncounted(_method: str, _outcome: str) -> None:
    """How a call went is counted nowhere."""


class SlackClient:
    """One workspace's Slack, one method per call that Rollcall makes.

    Every method raises `SlackBusy` where Slack asks to wait or gives no usable answer, and `SlackRefused` where the
    same call would be refused again. The message of an error is Slack's code and the method, never what was said.
    """

    def __init__(self, web: AsyncWebClient, session: aiohttp.ClientSession, *, count: Count = uncounted) -> None:
        """`count` is told of each call: the method, and `ok`, `busy` or `refused`."""
        self._session = session
        self._count = count
        #: Slack's word while it refuses our token; empty while it takes it
        self.refusal = ""
        #: for Bolt, which makes its own clients from it: same address, same session
        self.web = web

    async def whose_token(self) -> SlackTeam:
        """auth.test."""
        found = await self._asked("auth.test", self.web.auth_test())
        return SlackTeam(
            team_id=found["team_id"],
            enterprise_id=found.get("enterprise_id"),
            name=found.get("team", ""),
            bot_user_id=found["user_id"],
        )

    async def socket_address(self, app_token: str) -> str:
        """apps.connections.open, with the token of the app: where Socket Mode is."""
        opened = await self._asked("apps.connections.open", self.web.apps_connections_open(app_token=app_token))
        return str(opened["url"])

    async def post(self, channel: str, *, text: str, blocks: Blocks = (), thread_ts: str | None = None) -> Posted:
        """chat.postMessage; `channel` may be a person's Slack id.

        After a `SlackBusy` other than `ratelimited` the message may stand nevertheless.
        """
        said = _said(text, blocks) | {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        posted = await self._asked("chat.postMessage", self.web.chat_postMessage(**said, thread_ts=thread_ts))
        return Posted(channel=posted["channel"], ts=posted["ts"])

    async def edit(self, channel: str, ts: str, *, text: str, blocks: Blocks = ()) -> None:
        """chat.update; `channel` is the one that `post` gave. Without blocks those that stood are taken away."""
        said: dict[str, Any] = {"text": text, "blocks": list(blocks)}
        await self._asked("chat.update", self.web.chat_update(channel=channel, ts=ts, **said))

    async def delete(self, channel: str, ts: str) -> None:
        """chat.delete."""
        await self._asked("chat.delete", self.web.chat_delete(channel=channel, ts=ts))

    async def permalink(self, channel: str, ts: str) -> str:
        """chat.getPermalink: an address that opens the message."""
        found = await self._asked("chat.getPermalink", self.web.chat_getPermalink(channel=channel, message_ts=ts))
        return str(found["permalink"])

    async def ephemeral(self, channel: str, user: str, *, text: str, blocks: Blocks = ()) -> None:
        """chat.postEphemeral: only this person sees it, perhaps never."""
        said = _said(text, blocks)
        await self._asked("chat.postEphemeral", self.web.chat_postEphemeral(channel=channel, user=user, **said))

    async def upload(
        self, files: Sequence[SlackFile], *, channel: str, thread_ts: str | None, text: str
    ) -> tuple[str, ...]:
        """Put files into one message of a conversation, whose id is needed; their ids, in the same order.

        Nobody sees anything of it before the last call, files.completeUploadExternal. After a `SlackBusy` of that one
        other than `ratelimited` they may stand nevertheless.
        """
        ids = [await self._put(file) for file in files]
        named: list[dict[str, str | None]] = [
            {"id": id_, "title": file.title} for id_, file in zip(ids, files, strict=True)
        ]
        done = self.web.files_completeUploadExternal(
            files=named, channel_id=channel, thread_ts=thread_ts, initial_comment=text
        )
        await self._asked("files.completeUploadExternal", done)
        return tuple(ids)

    async def delete_file(self, file_id: str) -> None:
        """files.delete: it is gone from wherever it was shared."""
        await self._asked("files.delete", self.web.files_delete(file=file_id))

    async def _put(self, file: SlackFile) -> str:
        """The first two steps of an upload; the file's id."""
        described = {"alt_txt": file.alt_text} if file.alt_text else {}
        asked = self.web.files_getUploadURLExternal(filename=file.name, length=len(file.body), **described)
        place = await self._asked("files.getUploadURLExternal", asked)
        try:
            async with self._session.post(place["upload_url"], data=BytesIO(file.body), proxy=self.web.proxy) as reply:
                if reply.status != 200:
                    raise SlackBusy(f"upload: HTTP {reply.status}", code="upload_failed")
        except (aiohttp.ClientError, TimeoutError) as lost:
            raise _no_answer("upload", lost) from None
        return str(place["file_id"])

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """views.open, within three seconds of the click; the id of the view."""
        opened = await self._asked("views.open", self.web.views_open(trigger_id=trigger_id, view=dict(view)))
        return str(opened["view"]["id"])

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """views.update."""
        await self._asked("views.update", self.web.views_update(view_id=view_id, view=dict(view)))

    async def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """views.publish: what stands on somebody's Home tab from now on."""
        await self._asked("views.publish", self.web.views_publish(user_id=user, view=dict(view)))

    async def users_page(self, cursor: str = "", *, limit: int = 200) -> UsersPage:
        """users.list, one page; begin without a cursor and go on with the page's own."""
        place = {"cursor": cursor} if cursor else {}
        found = await self._asked("users.list", self.web.users_list(limit=limit, include_locale=True, **place))
        members = tuple(SlackProfile.of(user) for user in found["members"])
        return UsersPage(members, (found.get("response_metadata") or {}).get("next_cursor") or "")

    async def channels_page(self, cursor: str = "") -> ChannelsPage:
        """conversations.list, one page: public channels, and private ones that the bot is in; no archived ones."""
        place = {"cursor": cursor} if cursor else {}
        kinds = "public_channel,private_channel"
        asked = self.web.conversations_list(types=kinds, exclude_archived=True, limit=1000, **place)
        found = await self._asked("conversations.list", asked)
        channels = tuple((each["name"], each["id"], bool(each.get("is_member"))) for each in found["channels"])
        return ChannelsPage(channels, (found.get("response_metadata") or {}).get("next_cursor") or "")

    async def profile(self, user_id: str) -> SlackProfile:
        """users.info."""
        found = await self._asked("users.info", self.web.users_info(user=user_id, include_locale=True))
        return SlackProfile.of(found["user"])

    async def lookup_by_email(self, email: str) -> SlackProfile | None:
        """users.lookupByEmail; None if nobody active in the workspace has this address."""
        try:
            found = await self._asked("users.lookupByEmail", self.web.users_lookupByEmail(email=email))
        except SlackRefused as refused:
            if refused.code == "users_not_found":
                return None
            raise
        return SlackProfile.of(found["user"])

    async def respond(self, response_url: str, *, text: str, blocks: Blocks = (), in_place: bool = False) -> None:
        """Answer a command or a click where it was made; at most five times within thirty minutes.

        `in_place` replaces the message that was clicked.
        """
        how = {"replace_original": True} if in_place else {"response_type": "ephemeral", "replace_original": False}
        said = _said(text, blocks) | how
        try:
            async with self._session.post(response_url, json=said, proxy=self.web.proxy) as reply:
                if reply.status >= 500 or reply.status == 429:
                    raise SlackBusy(f"response_url: HTTP {reply.status}", code="service_unavailable")
                if reply.status != 200:
                    raise SlackRefused(f"response_url: HTTP {reply.status}", code="expired_url")
        except (aiohttp.ClientError, TimeoutError) as lost:
            raise _no_answer("response_url", lost) from None

    async def _asked(self, method: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        """The answer to a call, or one of our two errors."""
        try:
            answer = await _answer(method, call)
        except SlackBusy as busy:
            self._count(method, "busy")
            self.refusal = busy.code if busy.code in NOT_INSTALLED else self.refusal
            raise
        except SlackRefused:
            self._count(method, "refused")
            self.refusal = ""  # it knows us, or it would have said so first
            raise
        self._count(method, "ok")
        self.refusal = ""
        return answer


class SlackClients:
    """The clients of all workspaces over one session. Make it inside the running loop and `close` it there."""

    def __init__(
        self, *, bot_token: str, api_url: str, timeout: aiohttp.ClientTimeout = TIMEOUT, count: Count = uncounted
    ) -> None:
        # With a session of one's own, slack_sdk leaves time-outs to it.
        self._session = aiohttp.ClientSession(timeout=timeout)
        web = AsyncWebClient(token=bot_token, base_url=api_url, session=self._session, retry_handlers=[], logger=_QUIET)
        if urlsplit(api_url).hostname in {"localhost", "127.0.0.1", "::1"}:
            web.proxy = None  # one from the environment does not lead to this machine
        self._client = SlackClient(web, self._session, count=count)

    def client_for(self, workspace: str) -> SlackClient:  # noqa: ARG002  the environment's token is that of the one workspace there is
        """The client that speaks with the token of this workspace."""
        return self._client

    async def close(self) -> None:
        """Close the connections to Slack."""
        await self._session.close()


def _said(text: str, blocks: Blocks) -> dict[str, Any]:
    return {"text": text, "blocks": list(blocks)} if blocks else {"text": text}


async def _answer(method: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """What Slack said, or one of our two errors."""
    try:
        return await call
    except SlackApiError as refused:
        raise _error(method, refused) from None
    except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as lost:
        raise _no_answer(method, lost) from None
    except (AttributeError, ValueError):
        # slack_sdk takes every answer for a JSON object, a proxy's page of text included.
        raise SlackBusy(f"{method}: no usable answer", code="no_usable_answer") from None


def _error(method: str, refused: SlackApiError) -> SlackBusy | SlackRefused:
    answer = refused.response
    # slack_sdk gives aiohttp's own response where the body was no JSON
    status: int = getattr(answer, "status_code", 0) or getattr(answer, "status", 0)
    data = getattr(answer, "data", None)
    code = str(data["error"]) if isinstance(data, Mapping) and "error" in data else ""
    if status == 429:
        return SlackBusy(f"{method}: ratelimited", code="ratelimited", retry_after=_retry_after(answer.headers))
    if status >= 500 or not code:
        return SlackBusy(f"{method}: HTTP {status}", code=code or "no_usable_answer")
    if code in NOT_INSTALLED:
        remedy = WITHOUT_SOCKET if method == "apps.connections.open" else WITHOUT_US
        log.error("slack_token_refused", method=method, code=code, remedy=remedy)
        return SlackBusy(f"{method}: {code}", code=code, retry_after=UNTIL_INSTALLED)
    if code in BUSY:
        return SlackBusy(f"{method}: {code}", code=code, retry_after=_retry_after(answer.headers))
    return SlackRefused(f"{method}: {code}", code=code)


def _no_answer(method: str, lost: BaseException) -> SlackBusy:
    code = "timeout" if isinstance(lost, TimeoutError) else "connection_failed"
    return SlackBusy(f"{method}: {code}", code=code)


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(given)) if given.isdigit() else None
