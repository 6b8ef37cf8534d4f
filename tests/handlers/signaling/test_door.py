"""Who is let in, in which words, for how long, and what a client may do to the door."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import ClientWebSocketResponse, WSServerHandshakeError
from structlog.testing import capture_logs

from bot.clock import wire_now
from bot.scopes import Scope
from handlers.keys import Keys
from handlers.signaling import door, listener
from handlers.signaling.protocol import CONTROL, REPORT, SUBPROTOCOL
from storage.database import Store
from storage.sockets import Sockets
from tests.handlers.signaling.house import COURSE, House, a_house, report


async def knock(house: House, *, token: str = "", protocols: tuple[str, ...] = ()) -> ClientWebSocketResponse | int:
    """The open socket, or the status with which nobody was let in."""
    try:
        return await house.client.ws_connect(f"/signaling{'?token=' + token if token else ''}", protocols=protocols)
    except WSServerHandshakeError as refusal:
        return refusal.status


async def is_let_in(house: House, token: str, **how: Any) -> bool:
    found = await knock(house, token=token, **how)
    if isinstance(found, int):
        assert found == 401
        return False
    await found.close()
    return True


async def test_a_good_token_is_let_in(house: House) -> None:
    assert await is_let_in(house, await house.token("ada"))


async def test_without_a_token_nobody_is_let_in(house: House) -> None:
    assert await knock(house) == 401
    assert await knock(house, protocols=(SUBPROTOCOL,)) == 401


@pytest.mark.parametrize("token", ["x", "a.b.c", "rollcall_not_a_jwt", "%00", "ey" * 3000], ids=len)
async def test_what_is_no_token_of_ours_is_not_let_in(house: House, token: str) -> None:
    assert not await is_let_in(house, token)


@pytest.mark.parametrize(
    "claims",
    [{"exp": wire_now() - timedelta(seconds=1)}, {"jti": "nobody's"}, {"jti": 7}, {"jti": None}],
    ids=["over", "unknown", "number", "nothing"],
)
async def test_a_signed_token_that_was_not_given_out_or_is_over_is_not_let_in(
    house: House, claims: Mapping[str, Any]
) -> None:
    assert not await is_let_in(house, await house.token("ada", **claims))


async def test_a_token_is_good_under_every_secret_key_that_there_is_and_under_no_other(house: House) -> None:
    claims = jwt.decode(await house.token("ada"), options={"verify_signature": False})
    another = Keys(["another text of more than thirty-two letters"])
    forged = jwt.encode(claims, another.signing[0], algorithm="HS256")
    assert not await is_let_in(house, forged)
    assert not await is_let_in(house, jwt.encode(claims, None, algorithm="none"))
    house.bearers._signing = [*house.keys.signing, *another.signing]
    assert await is_let_in(house, forged)


async def test_what_the_memory_says_of_a_token_counts_not_what_the_token_says(house: House) -> None:
    forged = await house.token("ada", role="trainer", person=house.people["grace"])
    ws = await knock(house, token=forged)
    assert isinstance(ws, ClientWebSocketResponse)
    await ws.send_json({"namespace": CONTROL, "payload": {"action": "join"}})
    payload = (await ws.receive_json(timeout=20))["payload"]
    assert (payload["id"], payload["role"]) == (house.people["ada"], "user")
    await ws.close()


async def test_a_token_of_the_api_is_no_token_for_a_socket(house: House) -> None:
    async with house.store.write() as memory:
        await memory.api_tokens.issue(scopes=[Scope.READ], token="rollcall_read", now=wire_now())
    assert not await is_let_in(house, "rollcall_read")


async def test_who_is_not_enrolled_any_more_is_not_let_in(house: House) -> None:
    token = await house.token("ada")
    await house.learn(
        COURSE.replace("PLATFORM", "signaling").replace("ada@example.com", "ada@example.com, until: 2026-11-22")
    )
    assert not await is_let_in(house, token)


class TestTickets:
    async def test_a_token_may_stand_among_the_protocols(self, house: House) -> None:
        ws = await knock(house, protocols=(SUBPROTOCOL, f"ticket#{await house.token('ada')}"))
        assert isinstance(ws, ClientWebSocketResponse)
        assert ws.protocol == "opentalk-signaling-json-v1.0"
        await ws.close()

    async def test_a_ticket_alone_is_answered_with_itself(self, house: House) -> None:
        ticket = f"ticket#{await house.token('ada')}"
        ws = await knock(house, protocols=(ticket,))
        assert isinstance(ws, ClientWebSocketResponse)
        assert ws.protocol == ticket
        await ws.close()

    async def test_a_bad_ticket_is_not_let_in(self, house: House) -> None:
        assert await knock(house, protocols=(SUBPROTOCOL, "ticket#nobody")) == 401

    async def test_the_token_of_the_address_comes_first(self, house: House) -> None:
        good = await house.token("ada")
        assert await knock(house, token="x", protocols=(SUBPROTOCOL, f"ticket#{good}")) == 401

    async def test_no_token_stands_in_any_log(self, house: House, caplog: pytest.LogCaptureFixture) -> None:
        token = await house.token("ada")
        with capture_logs() as said:
            for protocols in ((f"ticket#{token}",), (SUBPROTOCOL, f"ticket#{token}"), (f"ticket#{token}x",), ("chat",)):
                ws = await knock(house, token="" if "ticket" in "".join(protocols) else token, protocols=protocols)
                if isinstance(ws, ClientWebSocketResponse):
                    await ws.send_str("?")
                    await ws.close()
        assert token not in f"{said}{caplog.text}"


async def test_a_good_token_without_a_websocket_is_told_to_come_with_one(house: House) -> None:
    async with house.client.get("/signaling", params={"token": await house.token("ada")}) as reply:
        assert (reply.status, reply.headers["Upgrade"]) == (426, "websocket")
    async with house.client.get("/signaling") as reply:
        assert (reply.status, (await reply.json())["error"]["code"]) == (401, "unauthorised")


class TestRevoking:
    async def test_a_token_that_is_taken_back_ends_its_open_sockets(self, house: House) -> None:
        ada, idle = await house.joined("ada"), await house.connect("bob")
        await house.revoke_all()
        assert (await ada.is_dismissed(), await idle.is_dismissed()) == (1008, 1008)
        await house.until_open(0)
        assert (await house.deliveries())[-1]["event"] == "left"
        assert "lost" not in (await house.deliveries())[-1]

    async def test_a_token_that_is_over_ends_its_open_sockets(self, house: House) -> None:
        ws = await knock(house, token=await house.token("ada", lasts=timedelta(seconds=1)))
        assert isinstance(ws, ClientWebSocketResponse)
        await ws.receive(timeout=20)
        assert ws.close_code == 1008

    async def test_who_comes_while_tokens_are_looked_through_may_stay(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await house.joined("ada")
        look, came = Sockets.good, []

        async def good(self: Sockets, token_ids: Any, *, now: Any) -> set[str]:
            if not came:
                came.append(await house.connect("bob"))
            return await look(self, token_ids, now=now)

        monkeypatch.setattr(Sockets, "good", good)
        await house.hub._dismiss_the_uninvited()
        assert (await came[0].joins())["payload"]["message"] == "join_success"


class TestManners:
    async def test_a_frame_that_is_too_large_ends_the_socket(self, house: House) -> None:
        ada = await house.joined("ada")
        await ada.ws.send_str("x" * (door.LARGEST_FRAME + 1))
        assert await ada.is_dismissed() == 1009
        await house.until_open(0)

    async def test_the_largest_frame_is_answered(self, house: House) -> None:
        ada = await house.joined("ada")
        await ada.ws.send_str("x" * door.LARGEST_FRAME)
        assert (await ada.next())["payload"]["error"] == "invalid_json"

    async def test_nobody_has_more_sockets_than_there_may_be(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(door, "MOST_SOCKETS", 2)
        first = await house.connect("ada")
        await house.connect("ada")
        assert await knock(house, token=await house.token("ada")) == 429
        assert await is_let_in(house, await house.token("bob"))
        await first.ws.close()
        assert await is_let_in(house, await house.token("ada"))

    async def test_who_does_not_read_is_cut_off_and_nobody_waits_for_them(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listener, "BACKLOG", 8)
        grace, ada = await house.joined("grace"), await house.joined("ada")
        transport = ada.stops_reading()
        (deaf,) = [guest for guest in house.hub._guests if guest.seat.name == "Ada Lovelace"]
        for _ in range(40):
            deaf.listener.say("x" * 100_000)
        await house.until_open(1)
        assert [frame["payload"] for frame in await grace.hears()][-1]["reason"] == "timeout"
        assert (await house.deliveries())[-1]["lost"] is True
        transport.abort()

    async def test_who_does_not_read_keeps_nobody_from_closing_the_door(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(door, "GOODBYE_WITHIN", 0.2)
        ada = await house.joined("ada")
        transport = ada.stops_reading()
        (deaf,) = house.hub._guests
        for _ in range(60):
            deaf.listener.say("x" * 200_000)
        async with asyncio.timeout(10):
            await house.door.close()
        transport.abort()

    async def test_who_says_much_is_read_slowly_and_loses_nothing(self, house: House) -> None:
        ada = await house.joined("ada")
        for _ in range(34):
            await ada.send(REPORT, "confirm_presence")
        begun = asyncio.get_running_loop().time()
        refused = report(0, "error", error="presence_logging_not_enabled")
        assert [await ada.next() for _ in range(34)] == [refused] * 34
        assert asyncio.get_running_loop().time() - begun > 0.2

    async def test_a_client_that_answers_no_ping_is_gone_since_its_last_sign_of_life(self, sqlite_store: Store) -> None:
        async with a_house(sqlite_store, heartbeat=0.3) as house:
            ws = await house.client.ws_connect(f"/signaling?token={await house.token('ada')}", autoping=False)
            await ws.send_json({"namespace": CONTROL, "payload": {"action": "join"}})
            await ws.receive_json(timeout=20)
            house.clock.advance(seconds=25)
            await house.until_open(0)
            told = (await house.deliveries())[-1]
            assert (told["event"], told["at"], told["lost"]) == ("left", "2026-11-23T17:00:00Z", True)
            await ws.close()
