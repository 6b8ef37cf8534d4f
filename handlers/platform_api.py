"""A platform's REST API over HTTP: time-outs, retries, rate limits and tokens, once for all platforms.

What an API says wrong becomes one of three errors: `PlatformBusy` (wait), `PlatformRefused` (never again like this) or
`PlatformUnavailable` (no usable answer). Their messages are sentences for people, without anything secret in them.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import aiohttp
import msgspec
import stamina
from yarl import URL

from bot.clock import wire_now
from bot.errors import BotError, PlatformBusy, PlatformRefused, PlatformUnavailable, UnreadableDelivery
from bot.payloads import Shape, instant, read_as
from bot.text import clean_text

#: bytes; a page of a hundred sessions with a hundred people each has a third of it
LARGEST_ANSWER = 16 * 1024 * 1024

#: of an answer that names no time
SOME_TIME = timedelta(seconds=2)

_RETRY_AFTER = re.compile(r"retry after (\d{1,6}) ?s", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s\"'<>]+@[^\s\"'<>]+")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a platform is waited for, in seconds of the machine."""

    #: for one answer, and for the connection before it
    answer: float = 15
    connect: float = 5
    #: how often one call is made at most, and the wait before the second time; it doubles
    attempts: int = 3
    first_wait: float = 0.5
    #: a wait that the platform asks for is kept within the call up to here; for a longer one the caller comes back
    longest_wait: float = 5


class Proof(Protocol):
    """How a platform knows that a call is ours: a bearer token."""

    #: what the platform answers when a token is good no more
    refusals: Collection[int]

    @property
    def secrets(self) -> Sequence[str]:
        """All that must never be repeated."""
        ...

    async def token(self) -> str:
        """One that is good for a while. Raises as every call does."""
        ...

    def forget(self, token: str) -> None:
        """This one was refused: the next is another."""
        ...


@dataclass(frozen=True, slots=True)
class _Call:
    """`what` it does, as a person reads it: *list the sessions*."""

    what: str
    method: str
    url: URL
    body: bytes | None
    headers: Mapping[str, str]
    #: it changes nothing that a second time would change again
    is_repeatable: bool


class _NotReached(PlatformUnavailable):
    """It never got there, so nothing can be done twice."""


class PlatformApi:
    """One platform's API. It opens its connections with the first call; `close` it."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        proof: Proof | None = None,
        secrets: Sequence[str] = (),
        patience: Patience | None = None,
    ) -> None:
        """`name` as people write it. Without a `proof` every call brings its own headers, and `secrets` are those."""
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._proof = proof
        self._secrets = secrets
        self._patience = patience or Patience()
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def get(self, what: str, path: str, **query: str | int) -> bytes:
        """The answer's body. `path` begins with a slash and is encoded already; `query` is not."""
        return await self._made("GET", what, path, query=query, is_repeatable=True)

    async def post(
        self,
        what: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool = False,
    ) -> bytes:
        """The same, with a body of JSON; made again after a lost answer only where that does no harm."""
        return await self._made(
            "POST", what, path, query=query or {}, body=body, headers=headers or {}, is_repeatable=is_repeatable
        )

    def read(self, what: str, body: bytes, shape: type[Shape]) -> Shape:
        """An answer in this shape. Raises `PlatformUnavailable` for what is none, a page of HTML above all."""
        try:
            return read_as(body, shape)
        except UnreadableDelivery as problem:
            message = f"{self.name} answered nothing usable when asked to {what}: {problem}"
            raise PlatformUnavailable(message) from None

    async def _made(
        self,
        method: str,
        what: str,
        path: str,
        *,
        query: Mapping[str, str | int],
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        is_repeatable: bool,
    ) -> bytes:
        url = URL(self._base_url + path, encoded=True)
        call = _Call(
            what=what,
            method=method,
            url=url.update_query(query) if query else url,
            body=None if body is None else msgspec.json.encode(body),
            headers=headers or {},
            is_repeatable=is_repeatable,
        )
        return await self._patiently(call)

    async def _patiently(self, call: _Call) -> bytes:
        def wait(problem: Exception) -> bool | float:
            if isinstance(problem, PlatformBusy):
                asked_for = SOME_TIME if problem.retry_after is None else problem.retry_after
                seconds = asked_for.total_seconds()
                return seconds if seconds <= self._patience.longest_wait else False
            return isinstance(problem, _NotReached) or (isinstance(problem, PlatformUnavailable) and call.is_repeatable)

        async for attempt in stamina.retry_context(
            on=wait,
            attempts=self._patience.attempts,
            timeout=self._patience.attempts * self._patience.answer,
            wait_initial=self._patience.first_wait,
            wait_jitter=0,
        ):
            with attempt:
                return await self._with_a_good_token(call)
        raise AssertionError("the last attempt returns or raises")

    async def _with_a_good_token(self, call: _Call) -> bytes:
        if self._proof is None:
            return await self._asked(call, call.headers)
        token = await self._proof.token()
        try:
            return await self._asked(call, {**call.headers, "Authorization": f"Bearer {token}"})
        except PlatformRefused as refused:
            if refused.status not in self._proof.refusals:
                raise
        self._proof.forget(token)
        token = await self._proof.token()
        return await self._asked(call, {**call.headers, "Authorization": f"Bearer {token}"})

    async def _asked(self, call: _Call, headers: Mapping[str, str]) -> bytes:
        """One request and its answer. Redirects are not followed: the token would go along."""
        headers = {"Accept": "application/json", **headers}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            async with self._session().request(
                call.method, call.url, data=call.body, headers=headers, allow_redirects=False
            ) as answer:
                body = await _read(answer)
        except aiohttp.ClientConnectorError:
            raise _NotReached(f"{self.name} cannot be reached to {call.what}.") from None
        except TimeoutError:
            raise PlatformUnavailable(f"{self.name} did not answer in time when asked to {call.what}.") from None
        except (aiohttp.ClientError, ValueError) as lost:
            kind = type(lost).__name__
            raise PlatformUnavailable(f"{self.name} broke off when asked to {call.what} ({kind}).") from None
        if 200 <= answer.status < 300:
            return body
        raise self._problem(call.what, answer, body, sent=headers.get("Authorization", ""))

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            timeout = aiohttp.ClientTimeout(total=self._patience.answer, connect=self._patience.connect)
            self._http = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._http

    def _problem(self, what: str, answer: aiohttp.ClientResponse, body: bytes, *, sent: str) -> BotError:
        status, complaint = answer.status, _complaint(body)
        said = self._without_secrets(complaint.sentence, sent)
        if status == 429:
            waits = _retry_after(answer.headers, said)
            return PlatformBusy(f"{self.name} asks us to wait before we {what} ({status}{said}).", retry_after=waits)
        if status >= 500 or status == 408:
            return PlatformUnavailable(f"{self.name} cannot {what} now ({status}{said}).")
        return PlatformRefused(f"{self.name} refused to {what} ({status}{said}).", status=status, code=complaint.code)

    def _without_secrets(self, said: str, sent: str) -> str:
        """What the platform says, should it repeat what it was told: no tokens, no addresses of people."""
        for secret in (sent.rpartition(" ")[2], *self._secrets, *(self._proof.secrets if self._proof else ())):
            said = said.replace(secret, "…") if secret else said
        said = clean_text(_EMAIL.sub("…", said)).rstrip(".")
        return f": {said}" if said else ""


@dataclass(frozen=True, slots=True)
class _Complaint:
    """What an API says is wrong, as far as it says so in JSON."""

    code: str = ""
    sentence: str = ""


def _complaint(body: bytes) -> _Complaint:
    """The platforms call it `message`, `reason` or `error`, and give details as text or as objects with a message."""
    try:
        found = read_as(body, object)
    except UnreadableDelivery:
        return _Complaint()
    if not isinstance(found, dict):
        return _Complaint()
    told = [found.get("message"), found.get("reason"), found.get("error")]
    for details in (found.get("details"), found.get("errors")):
        several = details if isinstance(details, list) else [details]
        told += [each.get("message") if isinstance(each, dict) else each for each in several[:3]]
    sentences = [each for each in told if isinstance(each, str) and each.strip()]
    return _Complaint(code=str(found.get("code") or found.get("error") or ""), sentence=", ".join(sentences))


def _retry_after(headers: Mapping[str, str], said: str) -> timedelta | None:
    """Seconds, or the moment as HTTP or as RFC 3339 writes it (Zoom's daily limits), or in the sentence (100ms)."""
    given = headers.get("Retry-After", "").strip() or "".join(_RETRY_AFTER.findall(said)[:1])
    if given.isascii() and given.isdigit():
        return timedelta(seconds=int(given[:9]))
    for read in (_http_date, _rfc_3339):
        waits = read(given)
        if waits is not None:
            return max(timedelta(0), waits)
    return None


def _http_date(given: str) -> timedelta | None:
    try:
        return parsedate_to_datetime(given) - wire_now()
    except (TypeError, ValueError):
        return None


def _rfc_3339(given: str) -> timedelta | None:
    try:
        moment = instant(given, "Retry-After")
    except UnreadableDelivery:
        return None
    return None if moment is None else moment - wire_now()


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ValueError
    return bytes(body)
