"""The client of 100ms's REST API: every shape that it answers in, its tokens, its pages."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from bot.attendance.events import Handle
from bot.attendance.inside import Inside
from bot.connectors import AskedRoom, AskedSession
from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from bot.settings import Settings
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.hundredms.replies import ActiveRoom, FailedWebhook, Peer, RoomCode, Session
from tests.handlers.platforms.answering import QUICK, AnsweringApi, hangs, kept, says, written

ROOM, SESSION = "6f0000000000000000000101", "7a0000000000000000000002"
KEY, SECRET = "the-access-key", "the-app-secret-of-at-least-32-letters"
NOW = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)
#: what 100ms says where there is no more
NO_MORE = says({"limit": 100, "data": [], "last": ""})


class HandClock:
    """Wire time that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def wire() -> HandClock:
    return HandClock()


@pytest.fixture
async def hundredms(answering: AnsweringApi, wire: HandClock) -> AsyncIterator[HundredmsClient]:
    url = await answering.start()
    client = HundredmsClient(access_key=KEY, app_secret=SECRET, api_url=f"{url}/v2", patience=QUICK, now=wire)
    yield client
    await client.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-23T{text}+00:00")


def asked_session(session: str = SESSION) -> AskedSession:
    return AskedSession(account="a", room=ROOM, session=session, planned_start=at("17:00"), planned_end=at("18:30"))


# Tokens


async def test_a_call_carries_a_management_token_of_ours(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(NO_MORE)
    await hundredms.check()
    claims = jwt.decode(
        answering.asked[0].bearer, SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    )  # fmt: skip
    seconds = int(NOW.timestamp())
    assert claims.pop("jti")
    assert claims == {
        "access_key": KEY, "type": "management", "version": 2, "iat": seconds, "nbf": seconds, "exp": seconds + 86_400,
    }  # fmt: skip


async def test_a_token_is_used_until_shortly_before_its_end(
    answering: AnsweringApi, hundredms: HundredmsClient, wire: HandClock
) -> None:
    answering.will(NO_MORE)
    for later in (timedelta(0), timedelta(hours=23, minutes=54), timedelta(minutes=1), timedelta(minutes=1)):
        wire.at += later
        await hundredms.check()
    first, second, third, fourth = [asked.bearer for asked in answering.asked]
    assert first == second != third == fourth


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_is_replaced_once(
    answering: AnsweringApi, hundredms: HundredmsClient, status: int
) -> None:
    answering.will(says(kept("hundredms/error"), status=status), NO_MORE)
    await hundredms.check()
    first, second = [asked.bearer for asked in answering.asked]
    assert first != second


async def test_credentials_that_are_wrong_are_refused_with_100mss_words(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/error"), status=401))
    with pytest.raises(PlatformRefused) as refused:
        await hundredms.check()
    assert str(refused.value) == "100ms refused to list the sessions (401: Token validation error, not found)."
    assert (refused.value.status, len(answering.asked)) == (401, 2)


def test_an_auth_token_lets_one_person_into_one_room() -> None:
    client = HundredmsClient(access_key=KEY, app_secret=SECRET, api_url="http://localhost")
    token = client.auth_token(room_id=ROOM, user_id="ada-1", role="student", lasts=timedelta(hours=3))
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    assert claims["exp"] - claims["iat"] == 3 * 3600
    assert claims["iat"] == claims["nbf"]
    told = {name: claims[name] for name in ("access_key", "type", "version", "room_id", "user_id", "role")}
    assert told == {
        "access_key": KEY, "type": "app", "version": 2, "room_id": ROOM, "user_id": "ada-1", "role": "student",
    }  # fmt: skip
    assert claims["jti"] != jwt.decode(
        client.auth_token(room_id=ROOM, user_id="ada-1", role="student"), SECRET, algorithms=["HS256"]
    )["jti"]  # fmt: skip


def test_nothing_of_a_client_that_can_be_printed_is_secret() -> None:
    client = HundredmsClient(access_key=KEY, app_secret=SECRET, api_url="http://localhost")
    token = client.auth_token(room_id=ROOM, user_id="ada-1", role="student")
    told = repr(client) + repr(vars(client)) + repr(client._tokens) + repr(vars(client._api))
    for secret in (KEY, SECRET, token):
        assert secret not in told


async def test_the_settings_make_a_client_only_where_both_credentials_are_set() -> None:
    assert HundredmsClient.from_settings(Settings.from_env({"HMS_APP_ACCESS_KEY": KEY})) is None
    client = HundredmsClient.from_settings(Settings.from_env({"HMS_APP_ACCESS_KEY": KEY, "HMS_APP_SECRET": SECRET}))
    assert client is not None
    await client.close()


# Rooms and ways into them


async def test_a_room_is_created_without_what_was_left_empty(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/room")))
    wanted = {"name": "python-101", "description": None, "template_id": "", "region": "eu", "recording_info": {}}
    assert await hundredms.create_room(wanted) == kept("hundredms/room")
    (asked,) = answering.asked
    assert (asked.method, asked.path) == ("POST", "/v2/rooms")
    assert asked.document == {"name": "python-101", "region": "eu", "recording_info": {}}


async def test_only_a_room_with_a_name_is_created_again_when_the_answer_is_lost(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(hangs, says(kept("hundredms/room")))
    assert (await hundredms.create_room({"name": "python-101"}))["id"] == ROOM
    answering.will(hangs, says(kept("hundredms/room")))
    with pytest.raises(PlatformUnavailable):
        await hundredms.create_room({})


async def test_a_room_has_a_code_for_each_role(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(says(kept("hundredms/room_codes")))
    assert await hundredms.create_room_codes(ROOM) == (
        RoomCode(code="abc-defg-hij", role="teacher", is_enabled=True),
        RoomCode(code="klm-nopq-rst", role="student", is_enabled=False),
    )
    assert (answering.asked[0].method, answering.asked[0].path) == ("POST", f"/v2/room-codes/room/{ROOM}")
    assert "abc" not in repr(await hundredms.create_room_codes(ROOM))


async def test_the_codes_that_a_room_has_are_listed_and_none_are_made(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/room_codes")))
    assert [code.role for code in await hundredms.room_codes(ROOM)] == ["teacher", "student"]
    assert (answering.asked[0].method, answering.asked[0].path) == ("GET", f"/v2/room-codes/room/{ROOM}")
    answering.will(says({"code": 404, "message": "room not found"}, status=404))
    assert await hundredms.room_codes(ROOM) == ()


# Who is in now


async def test_an_active_room_tells_its_session_and_who_is_in(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/active_room")))
    assert await hundredms.active_room(ROOM) == ActiveRoom(
        room_id=ROOM,
        session_id="7a0000000000000000000003",
        created_at=at("17:00:00.939011"),
        peer_ids=("0c8a6a10-0000-4000-8000-000000000022", "0c8a6a10-0000-4000-8000-000000000023"),
    )


@pytest.mark.parametrize(
    "answer",
    [says({"code": 404, "message": "active room not found"}, status=404), says({"id": ROOM, "session": None})],
)
async def test_a_room_where_no_session_runs_is_not_active(
    answering: AnsweringApi, hundredms: HundredmsClient, answer: Any
) -> None:
    answering.will(answer)
    assert await hundredms.active_room(ROOM) is None
    answering.will(answer)
    assert await hundredms.active_peers(ROOM) == ()


async def test_who_is_in_comes_in_the_order_of_joining(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(says(kept("hundredms/active_peers")))
    grace, bob = await hundredms.active_peers(ROOM)
    assert (grace.name, grace.role) == ("Grace Hopper", "teacher")
    assert bob == Peer(
        id="0c8a6a10-0000-4000-8000-000000000022",
        name="Bob Stone",
        role="student",
        user_id="bob-1",
        joined_at=at("17:05:00.080990"),
    )
    assert answering.asked[0].path == f"/v2/active-rooms/{ROOM}/peers"


def rooms(*ids: str) -> list[AskedRoom]:
    return [AskedRoom(account="a", room=each, start=at("16:30"), end=NOW) for each in ids]


async def test_who_is_in_is_counted_without_the_recorder(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    peers = kept("hundredms/active_peers")["peers"]
    recorder = {"id": "r", "role": "__internal_recorder", "joined_at": "2026-11-23T17:30:00Z"}
    answering.will(says({"peers": {**peers, "r": recorder}}))
    assert await hundredms.inside(rooms(ROOM), now=NOW) == {ROOM: Inside(people=2, came_at=at("17:05:00.080990"))}
    answering.will(says({"peers": {"r": recorder}}))
    assert await hundredms.inside(rooms(ROOM), now=NOW) == {ROOM: Inside(people=0)}


async def test_in_a_room_where_no_session_runs_is_nobody(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(says({"code": 404, "message": "active room not found"}, status=404))
    assert await hundredms.inside(rooms(ROOM), now=NOW) == {ROOM: Inside(people=0)}
    assert await hundredms.inside([], now=NOW) == {}


async def test_of_a_room_that_is_not_told_of_nothing_is_known_and_of_the_others_it_is(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says({}, status=400), says(kept("hundredms/active_peers")))
    assert len(await hundredms.inside(rooms("one", "two"), now=NOW)) == 1
    answering.will(says({"message": "insufficient permissions"}, status=403))
    with pytest.raises(PlatformRefused):
        await hundredms.inside(rooms("one", "two"), now=NOW)


# Sessions


async def test_a_sessions_peers_are_read_and_the_whole_is_kept_as_written(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/sessions")), NO_MORE)
    latest, first = await hundredms.list_sessions(ROOM, active=False)
    assert latest == Session(
        id=SESSION,
        room_id=ROOM,
        is_active=False,
        created_at=at("17:00:01.197"),
        updated_at=at("18:30:02.015"),
        peers=(
            Peer(
                id="0c8a6a10-0000-4000-8000-000000000002",
                name="Bob Stone",
                role="student",
                user_id="bob-1",
                joined_at=at("17:04:10.5"),
                left_at=at("18:30:00.25"),
            ),
        ),
    )
    assert [latest.written, first.written] == kept("hundredms/sessions")["data"]


async def test_all_pages_of_sessions_are_read_each_session_once(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    pages = [
        says({"limit": 2, "data": [{"id": "s5"}, {"id": "s4"}], "last": "s4"}),
        says({"limit": 2, "data": [{"id": "s4"}, {"id": "s3"}], "last": "s3"}),
        NO_MORE,
    ]
    answering.will(*pages)
    assert [each.id for each in await hundredms.list_sessions(ROOM, active=True)] == ["s5", "s4", "s3"]
    queries = [asked.query for asked in answering.asked]
    assert [query.get("start") for query in queries] == [None, "s4", "s3"]
    assert all(query | {"start": ""} == {"room_id": ROOM, "active": "true", "limit": "100", "start": ""} for query in queries)  # fmt: skip


async def test_a_list_that_says_there_is_more_for_ever_is_left(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says({"data": [{"id": "s1"}], "last": "s1"}))
    assert [each.id for each in await hundredms.list_sessions(ROOM, active=False)] == ["s1"]
    assert len(answering.asked) == 2


async def test_odd_sessions_are_read_as_far_as_they_say_something(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    odd = {
        "id": 7, "room_id": None, "active": "false", "created_at": "0001-01-01T00:00:00Z", "updated_at": "soon", "more": [],
        "peers": {
            "p1": {"id": None, "user_id": 12, "joined_at": "2026-11-23T17:00:00Z"},
            "p2": {"name": ["not", "a", "name"]},
            "p3": {"id": "p3", "user_id": "nul\x00"},
            "p4": None,
        },
    }  # fmt: skip
    answering.will(says({"data": [odd, {"id": "s2", "peers": None}, {"id": "s3", "peers": ["p1"]}, {"id": ""}]}))
    first, *rest = await hundredms.list_sessions(ROOM, active=False)
    assert (first.id, first.room_id, first.is_active, first.created_at, first.updated_at) == (
        "7",
        "",
        False,
        None,
        None,
    )
    assert first.peers == (Peer(id="p1", name="", role="", user_id="12", joined_at=at("17:00")),)
    assert [(each.id, each.peers) for each in rest] == [("s2", ()), ("s3", ())]


@pytest.mark.parametrize("answer", [{"data": {"id": "s1"}}, {"data": ["s1"]}, [], "sessions"])
async def test_a_list_of_another_shape_is_unavailable(
    answering: AnsweringApi, hundredms: HundredmsClient, answer: Any
) -> None:
    answering.will(says(answer))
    with pytest.raises(PlatformUnavailable):
        await hundredms.list_sessions(ROOM, active=False)


async def test_one_session_is_retrieved(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(says(kept("hundredms/session")))
    session = await hundredms.retrieve_session(SESSION)
    assert session is not None
    assert (session.id, len(session.peers)) == (SESSION, 5)
    assert answering.asked[0].path == f"/v2/sessions/{SESSION}"


async def test_a_session_that_there_is_not_is_none(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(says({"code": 404, "message": "session not found"}, status=404))
    assert await hundredms.retrieve_session("a/b") is None
    assert answering.asked[0].path == "/v2/sessions/a%2Fb"


# The record


async def test_the_record_has_a_stay_for_each_device_under_its_peer_id(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/session")))
    record = await hundredms.records(asked_session(), now=NOW)
    assert record is not None
    assert (record.room, record.session, record.source, record.is_whole) == (ROOM, SESSION, "100ms_session", False)
    assert (record.received_at, record.started_at, record.ended_at) == (NOW, at("16:58:00.123456"), at("18:30:02.65"))
    told = [(stay.connection, stay.handle, stay.joined_at, stay.left_at) for stay in record.stays]
    peer = "0c8a6a10-0000-4000-8000-0000000000"
    assert told == [
        (f"{peer}10", Handle(name="Grace Hopper", external_id="grace-1", role="teacher", is_host=True), at("16:58:00.123456"), at("18:30:01")),
        (f"{peer}11", Handle(name="Ada Lovelace", external_id="ada-1", role="student"), at("17:02"), at("17:40")),
        (f"{peer}13", Handle(name="Guest", role="student"), at("17:10"), at("17:11")),
        (f"{peer}12", Handle(name="Ada's phone", external_id="ada-1", role="student"), at("17:39"), at("18:29")),
    ]  # fmt: skip


async def test_who_is_still_in_a_running_session_has_no_end_yet(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says(kept("hundredms/session_running")))
    record = await hundredms.records(asked_session("7a0000000000000000000003"), now=at("17:30"))
    assert record is not None
    assert (record.started_at, record.ended_at) == (at("17:00"), None)
    told = {stay.handle.external_id: (stay.joined_at, stay.left_at) for stay in record.stays}
    assert told == {
        "ada-1": (at("17:00"), at("17:20")),
        "bob-1": (at("17:05"), None),
        "chiara-1": (at("17:06"), None),
    }


async def test_who_has_no_end_in_an_ended_session_was_in_until_its_end(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    peers = {"p1": {"id": "p1", "user_id": "ada-1", "joined_at": "2026-11-23T17:00:00Z", "left_at": None}}
    answering.will(says(kept("hundredms/session", peers=peers)), says(kept("hundredms/session", peers=peers, updated_at="")))  # fmt: skip
    record = await hundredms.records(asked_session(), now=NOW)
    assert record is not None
    assert record.stays[0].left_at == record.ended_at == at("18:30:02.65")
    assert await hundredms.records(asked_session(), now=NOW) is None


@pytest.mark.parametrize(
    "peers",
    [
        {},
        None,
        {"p1": {"id": "p1", "joined_at": "2026-11-23T17:00:00Z", "left_at": "2026-11-23T17:00:00Z"}},
        {"p1": {"id": "p1", "joined_at": "1999-01-01T00:00:00Z", "left_at": "2026-11-23T17:00:00Z"}},
        {"p1": {"id": "p1", "joined_at": "", "left_at": "2026-11-23T17:00:00Z"}},
        {"p1": {"id": "p1", "role": "__internal_recorder", "joined_at": "2026-11-23T17:00:00Z"}},
    ],
)
async def test_a_session_in_which_nobody_was_for_any_time_is_no_record_yet(
    answering: AnsweringApi, hundredms: HundredmsClient, peers: Any
) -> None:
    answering.will(says(kept("hundredms/session", peers=peers)))
    assert await hundredms.records(asked_session(), now=NOW) is None


async def test_where_there_is_no_session_there_is_no_record(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(written("", status=404))
    assert await hundredms.records(asked_session(), now=NOW) is None


async def test_the_sessions_of_a_lesson_are_those_that_ran_in_its_time(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    def session(name: str, begin: str | None, end: str | None) -> dict[str, Any]:
        return {"id": name, "room_id": ROOM, "created_at": begin, "updated_at": end, "active": name.startswith("live")}

    live = [
        session("live", "2026-11-23T17:00:00Z", "2026-11-23T16:00:00Z"),
        session("live-later", "2026-11-23T19:00:00Z", None),
    ]
    over = [
        session("before", "2026-11-23T15:00:00Z", "2026-11-23T16:00:00Z"),
        session("into", "2026-11-23T16:50:00Z", "2026-11-23T17:10:00Z"),
        session("after", "2026-11-23T18:30:00Z", "2026-11-23T19:00:00Z"),
        session("of-no-time", None, None),
        session("live", "2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z"),
    ]
    answering.will(says({"data": live}), says({"data": over}))
    asked = AskedRoom(account="a", room=ROOM, start=at("17:00"), end=at("18:30"))
    assert await hundredms.sessions(asked, now=NOW) == ["live", "into", "of-no-time"]
    first, second = [asked.query for asked in answering.asked]
    assert (first["active"], second["active"]) == ("true", "false")
    assert (first["after"], first["before"]) == ("2026-11-23T05:00:00.000Z", "2026-11-23T18:30:00.000Z")


# Webhooks that failed


async def test_webhooks_that_failed_are_listed_page_by_page(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    last = kept("hundredms/webhooks_failed", pagination={"has_next": False})
    last["events"][0]["event_id"] = "f0000000-0000-4000-8000-000000000002"
    answering.will(says(kept("hundredms/webhooks_failed")), says(last))
    first, second = await hundredms.failed_webhooks(since=at("17:00"), until=at("18:30"))
    assert first == FailedWebhook(
        id="f0000000-0000-4000-8000-000000000001",
        room_id=ROOM,
        event="peer.join.success",
        failed_at=at("17:04:20"),
        reason="timeout",
    )
    assert second.id.endswith("2")
    assert [asked.query["page"] for asked in answering.asked] == ["1", "2"]
    assert answering.asked[0].query | {"page": ""} == {
        "start_time": "2026-11-23T17:00:00.000Z", "end_time": "2026-11-23T18:30:00.000Z", "status": "failed", "limit": "100", "page": "",
    }  # fmt: skip


async def test_what_failed_is_sent_again_and_counted(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    one = kept("hundredms/webhooks_failed", pagination=None)
    answering.will(says(one), says(kept("hundredms/replay")))
    assert await hundredms.replay(since=at("17:00"), until=at("18:30"), now=NOW) == 1
    _, replayed = answering.asked
    assert (replayed.method, replayed.path) == ("POST", "/v2/analytics/webhooks/replay")
    assert replayed.document == {
        "start_time": "2026-11-23T17:00:00.000Z", "end_time": "2026-11-23T18:30:00.000Z", "status": "failed",
    }  # fmt: skip


async def test_where_nothing_failed_nothing_is_sent_again(answering: AnsweringApi, hundredms: HundredmsClient) -> None:
    answering.will(says({"events": None, "pagination": {"has_next": True}}))
    assert await hundredms.replay(since=at("17:00"), until=at("18:30"), now=NOW) == 0
    assert len(answering.asked) == 1


async def test_no_more_is_asked_for_than_100ms_remembers_and_tells_at_once(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says({"events": []}))
    assert await hundredms.replay(since=NOW - timedelta(days=90), until=NOW, now=NOW) == 0
    spans = [
        tuple(map(datetime.fromisoformat, (asked.query["start_time"], asked.query["end_time"])))
        for asked in answering.asked
    ]
    assert [end - start <= timedelta(days=14) for start, end in spans] == [True] * 3
    assert spans[0][0] == NOW - timedelta(days=30) + timedelta(minutes=1)
    assert spans[-1][1] == NOW


async def test_too_many_replays_are_busy_for_as_long_as_100ms_says(
    answering: AnsweringApi, hundredms: HundredmsClient
) -> None:
    answering.will(says({"code": 429, "message": "rate limit exceeded, retry after 45 seconds"}, status=429))
    with pytest.raises(PlatformBusy) as busy:
        await hundredms.replay_webhooks(since=at("17:00"), until=at("18:30"))
    assert busy.value.retry_after == timedelta(seconds=45)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says({}, status=500), PlatformUnavailable),
        (says({"message": "insufficient permissions"}, status=403), PlatformRefused),
        (says({"message": "bad"}, status=400), PlatformRefused),
        (written("<html>hello</html>"), PlatformUnavailable),
        (written('{"id": "7a'), PlatformUnavailable),
        (written(""), PlatformUnavailable),
        (says({}, status=429, headers={"Retry-After": "60"}), PlatformBusy),
        (hangs, PlatformUnavailable),
    ],
)
async def test_a_bad_answer_is_one_of_three_errors_and_never_a_record(
    answering: AnsweringApi, hundredms: HundredmsClient, answer: Any, error: type[Exception]
) -> None:
    answering.will(answer)
    with pytest.raises(error):
        await hundredms.records(asked_session(), now=NOW)
