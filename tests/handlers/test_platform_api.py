"""What every platform's client makes of answers, good and bad; the other side is a real server."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import structlog
from aiohttp import web

from bot.clock import wire_now
from bot.errors import BotError, PlatformBusy, PlatformRefused, PlatformUnavailable
from handlers import platform_api
from handlers.platform_api import PlatformApi
from tests.handlers.platforms.answering import (
    QUICK,
    Answer,
    AnsweringApi,
    breaks_off,
    hangs,
    hangs_up,
    kept,
    says,
    written,
)

GOOD = says({"ok": True})
SECRET = "a-secret-that-nobody-may-see"

Ask = Callable[[], Awaitable[bytes]]


class NumberedTokens:
    """A new token each time that the one before was refused."""

    refusals = (401,)

    def __init__(self) -> None:
        self.number = 1

    @property
    def secrets(self) -> list[str]:
        return [self._token, SECRET]

    @property
    def _token(self) -> str:
        return f"token-{self.number}"

    async def token(self) -> str:
        return self._token

    def forget(self, token: str) -> None:
        self.number += token == self._token


@pytest.fixture
async def answering() -> AsyncIterator[AnsweringApi]:
    server = AnsweringApi()
    yield server
    await server.stop()


@pytest.fixture
async def api(answering: AnsweringApi) -> AsyncIterator[PlatformApi]:
    made = PlatformApi("Vidi", await answering.start() + "/v2", proof=NumberedTokens(), patience=QUICK)
    yield made
    await made.close()


@pytest.fixture
def ask(api: PlatformApi) -> Ask:
    return lambda: api.get("list the rooms", "/rooms")


@pytest.fixture
def post(api: PlatformApi) -> Ask:
    return lambda: api.post("open a room", "/rooms", {"name": "Python"})


async def test_an_answer_is_handed_on_and_the_token_is_sent_along(answering: AnsweringApi, api: PlatformApi) -> None:
    answering.will(GOOD)
    assert await api.get("list the rooms", "/rooms", page=2, name="a&b ü") == b'{"ok": true}'
    (asked,) = answering.asked
    assert (asked.method, asked.path, asked.query) == ("GET", "/v2/rooms", {"page": "2", "name": "a&b ü"})
    assert asked.bearer == "token-1"


async def test_what_is_encoded_in_a_path_stays_as_it_is(answering: AnsweringApi, api: PlatformApi) -> None:
    answering.will(GOOD)
    await api.get("find a room", "/rooms/%252Fa%252F%252Fb%253D", page=1)
    assert answering.asked[0].path == "/v2/rooms/%252Fa%252F%252Fb%253D"


async def test_a_body_goes_as_json(answering: AnsweringApi, post: Ask) -> None:
    answering.will(GOOD)
    await post()
    assert answering.asked[0].document == {"name": "Python"}
    assert answering.asked[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
async def test_what_passes_by_itself_is_tried_again(answering: AnsweringApi, ask: Ask, status: int) -> None:
    answering.will(written("", status=status), written("<html>", status=status), GOOD)
    assert await ask() == b'{"ok": true}'
    assert len(answering.asked) == 3


@pytest.mark.parametrize("answer", [hangs, breaks_off, hangs_up])
async def test_an_answer_that_is_lost_is_asked_for_again(answering: AnsweringApi, ask: Ask, answer: Any) -> None:
    answering.will(answer, GOOD)
    assert await ask() == b'{"ok": true}'


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (hangs, "Vidi did not answer in time when asked to list the rooms."),
        (breaks_off, "Vidi broke off when asked to list the rooms (ClientPayloadError)."),
        (written("<html>oops</html>", status=500), "Vidi cannot list the rooms now (500)."),
        (says({"message": "try later"}, status=503), "Vidi cannot list the rooms now (503: try later)."),
    ],
)
async def test_after_the_third_time_it_is_unavailable(
    answering: AnsweringApi, ask: Ask, answer: Any, sentence: str
) -> None:
    answering.will(answer)
    with pytest.raises(PlatformUnavailable) as problem:
        await ask()
    assert str(problem.value) == sentence
    assert len(answering.asked) == 3


async def test_nobody_at_the_address_is_unavailable(api: PlatformApi, answering: AnsweringApi, post: Ask) -> None:
    await answering.stop()
    with pytest.raises(PlatformUnavailable) as problem:
        await post()
    assert str(problem.value) == "Vidi cannot be reached to open a room."


@pytest.mark.parametrize("answer", [hangs, hangs_up, written("", status=500)])
async def test_what_might_have_been_done_is_not_done_twice(answering: AnsweringApi, post: Ask, answer: Any) -> None:
    answering.will(answer)
    with pytest.raises(PlatformUnavailable):
        await post()
    assert len(answering.asked) == 1


@pytest.mark.parametrize(
    ("status", "document", "sentence", "code"),
    [
        (400, {"code": 300, "message": "Bad page"}, "Vidi refused to list the rooms (400: Bad page).", "300"),
        (403, {"message": "no", "details": ["a", "b"]}, "Vidi refused to list the rooms (403: no, a, b).", ""),
        (404, {"code": 3001, "message": "No such meeting."}, "Vidi refused to list the rooms (404: No such meeting).", "3001"),
        (400, {"reason": "Invalid client", "error": "invalid_client"}, "Vidi refused to list the rooms (400: Invalid client, invalid_client).", "invalid_client"),
        (400, {"message": "Wrong", "errors": [{"field": "page", "message": "too large"}]}, "Vidi refused to list the rooms (400: Wrong, too large).", ""),
        (422, ["odd"], "Vidi refused to list the rooms (422).", ""),
        (301, None, "Vidi refused to list the rooms (301).", ""),
        (404, {"message": None, "details": None, "code": None}, "Vidi refused to list the rooms (404).", ""),
    ],
)  # fmt: skip
async def test_what_would_be_refused_again_is_refused_at_once(
    answering: AnsweringApi, ask: Ask, status: int, document: Any, sentence: str, code: str
) -> None:
    answering.will(says(document, status=status))
    with pytest.raises(PlatformRefused) as refused:
        await ask()
    assert (str(refused.value), refused.value.status, refused.value.code) == (sentence, status, code)
    assert len(answering.asked) == 1


@pytest.mark.parametrize("body", ["<html>not found</html>", "", '{"message": '])
async def test_a_refusal_without_json_is_one_too(answering: AnsweringApi, ask: Ask, body: str) -> None:
    answering.will(written(body, status=404))
    with pytest.raises(PlatformRefused) as refused:
        await ask()
    assert str(refused.value) == "Vidi refused to list the rooms (404)."


async def test_a_redirect_is_not_followed_because_the_token_would_go_along(answering: AnsweringApi, ask: Ask) -> None:
    answering.will(written("", status=302, headers={"Location": "/elsewhere"}), GOOD)
    with pytest.raises(PlatformRefused):
        await ask()
    assert [asked.path for asked in answering.asked] == ["/v2/rooms"]


async def test_a_refused_token_is_renewed_once(answering: AnsweringApi, ask: Ask) -> None:
    answering.will(says({}, status=401), GOOD)
    await ask()
    assert [asked.bearer for asked in answering.asked] == ["token-1", "token-2"]


async def test_who_is_refused_with_a_new_token_too_is_refused(answering: AnsweringApi, ask: Ask) -> None:
    answering.will(says(kept("hundredms/error"), status=401))
    with pytest.raises(PlatformRefused) as refused:
        await ask()
    assert str(refused.value) == "Vidi refused to list the rooms (401: Token validation error, not found)."
    assert len(answering.asked) == 2


@pytest.mark.parametrize(
    ("headers", "document", "waits"),
    [
        ({"Retry-After": "17"}, {}, 17),
        ({}, {"code": 429, "message": "rate limit exceeded, retry after 45 seconds"}, 45),
        ({"Retry-After": format_datetime}, {}, 7200),
        ({"Retry-After": datetime.isoformat}, {}, 7200),
        ({"Retry-After": "soon"}, {}, None),
    ],
)
async def test_who_asks_us_to_wait_long_is_busy_at_once(
    answering: AnsweringApi, ask: Ask, headers: dict[str, Any], document: Any, waits: int | None
) -> None:
    """In seconds, in a sentence, or as a moment in one of two ways of writing."""
    in_two_hours = wire_now() + timedelta(hours=2)
    written_out = {name: value(in_two_hours) if callable(value) else value for name, value in headers.items()}
    answering.will(says(document, status=429, headers=written_out))
    with pytest.raises(PlatformBusy) as busy:
        await ask()
    found = busy.value.retry_after
    assert len(answering.asked) == 1
    if waits is None:
        assert found is None
    else:
        assert found is not None
        assert abs(found.total_seconds() - waits) < 60


async def test_a_short_wait_is_kept_within_the_call(answering: AnsweringApi, post: Ask) -> None:
    answering.will(says({}, status=429, headers={"Retry-After": "0"}), GOOD)
    assert await post() == b'{"ok": true}'


async def test_a_moment_that_is_past_is_no_wait(answering: AnsweringApi, ask: Ask) -> None:
    answering.will(says({}, status=429, headers={"Retry-After": "2020-01-01T00:00:00Z"}), GOOD)
    assert await ask() == b'{"ok": true}'


@pytest.mark.parametrize("body", ["<html>Sign in to the guest network</html>", '{"data": [', "", "[1, 2]", "null"])
def test_an_answer_of_another_kind_is_unavailable_and_not_quoted(api: PlatformApi, body: str) -> None:
    with pytest.raises(PlatformUnavailable) as problem:
        api.read("list the rooms", body.encode(), dict[str, Any])
    assert str(problem.value).startswith("Vidi answered nothing usable when asked to list the rooms: ")
    assert "guest network" not in str(problem.value)


async def test_an_endless_answer_is_not_read_to_the_end(
    answering: AnsweringApi, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform_api, "LARGEST_ANSWER", 1000)
    answering.will(written("x" * 1001))
    with pytest.raises(PlatformUnavailable):
        await ask()
    answering.will(written("x" * 1000))
    assert len(await ask()) == 1000


async def test_no_secret_and_no_address_of_a_person_is_in_an_error_or_a_log(
    answering: AnsweringApi, api: PlatformApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def repeats_all(status: int) -> Answer:
        async def answer(request: web.Request) -> web.StreamResponse:
            echo = f"ada@example.com said {request.headers['Authorization']} and {SECRET}"
            return web.json_response({"message": echo}, status=status, headers={"Retry-After": "0"})

        return answer

    with structlog.testing.capture_logs() as logs:
        for status in (400, 401, 429, 500):
            answering.will(repeats_all(status))
            with pytest.raises(BotError) as problem:
                await api.get("list the rooms", "/rooms", next_page_token="page-secret")
            told = "".join([str(problem.value), repr(problem.value), repr(api), repr(logs), caplog.text])
            assert "said Bearer …" in told
            for secret in ("token-1", "token-2", SECRET, "ada@", "page-secret"):
                assert secret not in told
            assert problem.value.__cause__ is None
    assert any(entry["event"] == "stamina.retry_scheduled" for entry in logs) or "stamina" in caplog.text
