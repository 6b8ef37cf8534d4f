"""A student's own way into the classroom, over HTTP: where it leads, what it leaves behind, and when it is good no more."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.attendance.lessons import Correction, CorrectionKind
from bot.clock import ManualClock
from handlers.cli.course import import_text
from handlers.join import JoinDoor
from handlers.join_links import JoinLinks
from handlers.join_ways import Ways
from handlers.keys import Keys
from handlers.slack.acts import Act, press_key
from handlers.web import application
from storage import tables
from storage.database import Store
from storage.errors import StorageError
from storage.join_links import JoinPlace
from storage.tables import table_of
from tests.described import DescribedClient
from tests.fakes.hundredms_api import APP_SECRET, FakeHundredms, hundredms_api

KEYS = Keys(["a secret key of more than thirty-two letters"])
SIX = datetime(2026, 11, 23, 18, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ROOM_LINK = "https://school.example.com/j/97711976001?pwd=a+b#start"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}


@dataclass
class Lobby:
    """The door with its clock, and everybody's links."""

    store: Store
    clock: ManualClock
    links: JoinLinks
    http: TestClient[Any, Any]
    woken: list[bool] = field(default_factory=list)

    async def place(self, email: str = "ada@example.com", *, course: str = "Python 101") -> JoinPlace:
        async with self.store.read() as memory:
            found = await memory.courses.find(course)
            (person,) = await memory.people.find(email)
            assert found is not None
            return (await memory.join_links.of_person(person.id, [found.id]))[found.id]

    async def token(self, email: str = "ada@example.com", *, course: str = "Python 101") -> str:
        return self.links.token(await self.place(email, course=course))

    async def press(
        self, token: str | None = None, *, method: str = "GET", headers: Mapping[str, str] = FIREFOX
    ) -> ClientResponse:
        """Ada presses, unless another token is given."""
        path = f"/join/{token if token is not None else await self.token()}"
        reply = await self.http.request(method, path, headers=headers, allow_redirects=False)
        await reply.read()
        return reply

    async def pressed(self) -> list[Correction]:
        """What is kept of presses, in all lessons."""
        async with self.store.read() as memory:
            lessons = [lesson.id for lesson in await memory.layout.listed()]
            said = await memory.corrections.of(lessons)
        return [each for lesson in lessons for each in said.get(lesson, ()) if each.kind is CorrectionKind.JOIN_PRESSED]

    async def rows(self) -> dict[str, int]:
        """How much there is of everything that a press could leave behind."""
        async with self.store.read() as memory:
            return {
                model.__name__: await memory._transaction.value(select(func.count()).select_from(table_of(model)))
                for model in (tables.Correction, tables.History, tables.Identity)
            }


def a_school(
    platform: str = "zoom", join_url: str = ROOM_LINK, *, room: str = "97711976001", until: str = "2026-12-31"
) -> str:
    link = f"join_url: {join_url!r}," if join_url else ""
    ids = "external_id: ada-1" if platform != "livekit" else ""
    return f"""courses:
  - {{name: Python 101, channel: "#python", timezone: Europe/Rome, platform: {platform}, room: "{room}", {link} schedule: [
      {{start: 2026-11-23T19:00, duration: 1h}}, {{start: 2026-11-24T19:00, duration: 1h}}],
     trainers: [{{name: Grace Hopper, email: grace@example.com}}],
     observers: [{{name: Iris Inspector, email: iris@example.com}}],
     students: [{{name: Ada Lovelace, email: ada@example.com, {ids}, until: {until}}},
                {{name: Zoë “李” O'Neil, email: zoe@example.com}}]}}
  - {{name: Rust 101, channel: "#rust", timezone: UTC, platform: {platform}, room: "2", schedule: [
      {{start: 2026-11-23T18:00, duration: 1h}}], students: [{{name: Bob Kahn, email: bob@example.com}}]}}
"""


@asynccontextmanager
async def a_lobby(store: Store, school: str, *, hundredms: Any = None, now: datetime = SIX) -> AsyncIterator[Lobby]:
    await import_text(store, school, now=SIX - DAY)
    clock = ManualClock(now)
    links = JoinLinks(KEYS, "https://rollcall.example.com/")
    woken: list[bool] = []
    door = JoinDoor(store, clock, links, Ways(store, KEYS, rooms=hundredms), wake=lambda: woken.append(True))
    async with DescribedClient(TestServer(application(store, door.routes()))) as http:
        yield Lobby(store, clock, links, http, woken)


@pytest.fixture
async def lobby(store: Store) -> AsyncIterator[Lobby]:
    async with a_lobby(store, a_school()) as opened:
        yield opened


async def test_the_link_leads_into_the_course_s_room_and_nobody_keeps_or_hears_of_it(lobby: Lobby) -> None:
    reply = await lobby.press()
    assert (reply.status, reply.headers["Location"]) == (302, ROOM_LINK)
    assert (reply.headers["Cache-Control"], reply.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


async def test_a_press_is_kept_as_one_and_is_no_presence(lobby: Lobby) -> None:
    await lobby.press()
    place = await lobby.place()
    (press,) = await lobby.pressed()
    assert (press.person, press.actor, press.at, lobby.woken) == (place.person_id, place.person_id, SIX, [True])
    async with lobby.store.read() as memory:
        lesson = (await memory.layout.listed(place.course_id))[0]
        found = await memory.lessons.facts(lesson.id)
    assert found is not None
    assert (found.facts.events, [each.kind for each in found.facts.corrections]) == ((), [CorrectionKind.JOIN_PRESSED])


async def test_one_press_a_minute_is_kept(lobby: Lobby) -> None:
    for seconds in (0, 1, 59, 60, 61, 121):
        lobby.clock.move_to(SIX + timedelta(seconds=seconds))
        assert (await lobby.press()).status == 302
    assert [(press.at - SIX).total_seconds() for press in await lobby.pressed()] == [0, 60, 121]


async def test_the_button_in_slack_and_the_link_that_it_opens_are_one_press(lobby: Lobby) -> None:
    place = await lobby.place()
    async with lobby.store.read() as memory:
        lesson = (await memory.layout.listed(place.course_id))[0]
    act = Act(kind=CorrectionKind.JOIN_PRESSED, person=place.person_id)
    key = press_key(lesson.id, act, None)
    told_by_slack = act.as_correction(id_=key[:32], at=SIX, actor=place.person_id)

    async def slack_tells() -> None:
        async with lobby.store.write() as memory:
            await memory.corrections.add(lesson.id, told_by_slack, press_key=key, now=SIX)

    await asyncio.gather(lobby.press(), slack_tells(), lobby.press())
    assert len(await lobby.pressed()) == 1


async def test_everybody_s_presses_are_counted_by_themselves(lobby: Lobby) -> None:
    for email in ("ada@example.com", "zoe@example.com", "grace@example.com"):
        assert (await lobby.press(await lobby.token(email))).status == 302
    assert len({press.person for press in await lobby.pressed()}) == 3


async def test_a_press_belongs_to_the_lesson_that_runs_or_opens(store: Store) -> None:
    async with a_lobby(store, a_school(), now=SIX - 31 * MINUTE) as lobby:
        kept = []
        for minute in (-31, -30, 59, 60, 24 * 60 - 31, 24 * 60 - 30):
            lobby.clock.move_to(SIX + minute * MINUTE)
            assert (await lobby.press()).status == 302
            kept.append(len(await lobby.pressed()))
    assert kept == [0, 1, 2, 2, 2, 3]


async def test_who_only_watches_is_led_in_and_expected_by_nobody(lobby: Lobby) -> None:
    assert (await lobby.press(await lobby.token("iris@example.com"))).status == 302
    assert await lobby.pressed() == []


@pytest.mark.parametrize("headers", [{"User-Agent": "WhatsApp/2.23.20.0"}, {**FIREFOX, "Sec-Purpose": "prefetch"}])
async def test_who_only_looks_at_the_link_leaves_no_trace(lobby: Lobby, headers: Mapping[str, str]) -> None:
    before = await lobby.rows()
    reply = await lobby.press(headers=headers)
    assert (reply.status, reply.headers["Location"], await lobby.rows()) == (302, ROOM_LINK, before)
    assert lobby.woken == []


async def test_head_leaves_no_trace(lobby: Lobby) -> None:
    before = await lobby.rows()
    reply = await lobby.press(method="HEAD")
    assert (reply.status, reply.headers["Location"], await lobby.rows()) == (302, ROOM_LINK, before)


async def test_a_token_that_nobody_gave_out_gets_a_page_that_says_what_to_do(lobby: Lobby) -> None:
    for broken in ("x", "a.b.c", "%00", "%F0%9F%98%80", "..%2f..%2fetc", "A" * 5000, "eyJhbGciOiJub25lIn0.e30."):
        reply = await lobby.http.get(f"/join/{broken}", headers=FIREFOX, allow_redirects=False)
        page = await reply.text()
        assert (reply.status, reply.content_type, reply.headers["Cache-Control"]) == (404, "text/html", "no-store")
        assert "This link is not known" in page
        assert "Home" in page


async def test_a_token_of_another_school_or_purpose_is_not_known(lobby: Lobby) -> None:
    place = await lobby.place()
    claims = {"course": place.course_id, "person": place.person_id, "generation": 1}
    foreign = [
        JoinLinks(Keys(["another secret key of more than thirty-two letters"]), "").token(place),
        jwt.encode(claims, KEYS.signing[0], algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode({**claims, "generation": "1"}, KEYS.join_links[0], algorithm="HS256"),
        jwt.encode({"course": place.course_id}, KEYS.join_links[0], algorithm="HS256"),
    ]
    assert [(await lobby.press(token)).status for token in foreign] == [404] * len(foreign)
    assert await lobby.pressed() == []


async def test_a_token_for_a_course_in_which_somebody_never_was_is_not_known(lobby: Lobby) -> None:
    ada, bob = await lobby.place(), await lobby.place("bob@example.com", course="Rust 101")
    for course_id, person_id in ((bob.course_id, ada.person_id), ("gone", ada.person_id), (ada.course_id, "gone")):
        token = lobby.links.token(JoinPlace(course_id=course_id, person_id=person_id, generation=1))
        assert (await lobby.press(token)).status == 404


async def test_while_the_secret_key_is_rotated_links_made_with_the_old_one_are_good(lobby: Lobby) -> None:
    place = await lobby.place()
    both = Keys(["a new secret key of more than thirty-two letters", "a secret key of more than thirty-two letters"])
    assert JoinLinks(both).read(lobby.links.token(place)) == place
    assert JoinLinks(KEYS).read(JoinLinks(both).token(place)) is None


async def test_a_link_that_was_replaced_is_good_no_more_and_the_new_one_is(lobby: Lobby) -> None:
    old = await lobby.token()
    place = await lobby.place()
    for generation in (2, 3):
        async with lobby.store.write() as memory:
            await memory.join_links.renew(place.course_id, [place.person_id], by="test", now=SIX)
        assert (await lobby.place()).generation == generation
    refused = await lobby.press(old)
    assert (refused.status, "replaced" in await refused.text()) == (410, True)
    assert (await lobby.press()).status == 302
    assert (await lobby.press(await lobby.token("zoe@example.com"))).status == 302


async def test_the_link_ends_with_the_enrolment_on_its_last_day_in_the_zone_of_the_course(store: Store) -> None:
    async with a_lobby(store, a_school(until="2026-11-23")) as lobby:
        token = await lobby.token()
        lobby.clock.move_to(datetime(2026, 11, 23, 22, 59, tzinfo=UTC))  # a minute before midnight in Rome
        assert (await lobby.press(token)).status == 302
        lobby.clock.move_to(datetime(2026, 11, 23, 23, tzinfo=UTC))
        over = await lobby.press(token)
        assert (over.status, "not enrolled any more" in await over.text()) == (410, True)
        assert (await lobby.press(await lobby.token("zoe@example.com"))).status == 302


async def test_where_a_course_has_no_link_the_page_says_so(lobby: Lobby) -> None:
    reply = await lobby.press(await lobby.token("bob@example.com", course="Rust 101"))
    assert (reply.status, "no link to its room" in await reply.text()) == (404, True)
    assert len(await lobby.pressed()) == 1


@pytest.mark.parametrize(
    ("written", "led"),
    [
        ("https://münchen.example/räume/ü?x=ä", "https://xn--mnchen-3ya.example/r%C3%A4ume/%C3%BC?x=%C3%A4"),
        ("https://example.com/j/%2F%20?a=b&a=c;d", "https://example.com/j/%2F%20?a=b&a=c;d"),
        (
            "http://localhost:8099/room?next=https://evil.example",
            "http://localhost:8099/room?next=https://evil.example",
        ),
        ("https://例え.テスト/教室", "https://xn--r8jz45g.xn--zckzah/%E6%95%99%E5%AE%A4"),
    ],
)
async def test_odd_links_arrive_whole(store: Store, written: str, led: str) -> None:
    async with a_lobby(store, a_school(join_url=written)) as lobby:
        assert (await lobby.press()).headers["Location"] == led


async def test_nothing_in_the_request_says_where_to(lobby: Lobby) -> None:
    for query in ("?url=https://evil.example", "?next=//evil.example", "?room=2", "?Location=x%0d%0aSet-Cookie:a"):
        reply = await lobby.press(await lobby.token() + query)
        assert (reply.headers["Location"], "Set-Cookie" in reply.headers) == (ROOM_LINK, False)


async def test_no_page_and_no_log_has_the_token_or_anybody_s_name(lobby: Lobby) -> None:
    token = await lobby.token()
    place = await lobby.place()
    async with lobby.store.write() as memory:
        await memory.join_links.renew(place.course_id, [place.person_id], by="test", now=SIX)
    with capture_logs() as logs:
        page = await (await lobby.press(token)).text()
        await lobby.press()
    assert not any(secret in f"{page}{logs}" for secret in (token, "Ada", place.person_id, "Python"))


async def test_on_zoom_a_student_has_the_link_of_their_registration(lobby: Lobby) -> None:
    own = "https://school.example.com/w/97711976001?tk=ada"
    async with lobby.store.write() as memory:
        await memory.registrants.plan("zoom", now=SIX)
        taken = await memory.registrants.take(now=SIX, limit=9, lease=MINUTE)
        ada = next(each for each in taken if each.email == "ada@example.com")
        await memory.registrants.made(ada, registrant_id="r-ada", sealed_url=KEYS.seal(own), now=SIX)
    assert (await lobby.press()).headers["Location"] == own
    assert (await lobby.press(headers={"User-Agent": "WhatsApp/2"})).headers["Location"] == ROOM_LINK
    for other in ("zoe@example.com", "grace@example.com"):
        assert (await lobby.press(await lobby.token(other))).headers["Location"] == ROOM_LINK


async def test_a_link_that_an_old_key_had_sealed_is_asked_for_again(lobby: Lobby) -> None:
    async with lobby.store.write() as memory:
        await memory.registrants.plan("zoom", now=SIX - MINUTE)
        for each in await memory.registrants.take(now=SIX, limit=9, lease=MINUTE):
            await memory.registrants.made(each, registrant_id="r", sealed_url="no seal of ours", now=SIX)
        assert await memory.registrants.next_due_at() is None
    assert (await lobby.press()).headers["Location"] == ROOM_LINK
    async with lobby.store.write() as memory:
        (again,) = await memory.registrants.take(now=SIX, limit=9, lease=MINUTE)
    assert again.email == "ada@example.com"


class _Away:
    """A memory that does not answer."""

    def read(self) -> Any:
        raise StorageError(sqlite3.OperationalError("database is locked"))


async def test_while_the_database_is_away_a_page_says_so(lobby: Lobby) -> None:
    door = JoinDoor(_Away(), lobby.clock, lobby.links, Ways(lobby.store, KEYS))  # type: ignore[arg-type]  # it is away
    token = await lobby.token()
    async with DescribedClient(TestServer(application(lobby.store, door.routes()))) as http:
        reply = await http.get(f"/join/{token}", headers=FIREFOX)
        assert (reply.status, "Try again in a minute" in await reply.text()) == (503, True)


@pytest.mark.parametrize(
    "kept",
    ["no seal of ours", KEYS.seal("javascript:alert(1)"), KEYS.seal("https://"), KEYS.seal("")],
    # What is sealed differs each time, and tests have to have the same names in all processes.
    ids=["no seal", "no web address", "no host", "nothing"],
)
async def test_a_registration_that_cannot_be_used_leaves_the_course_s_link(lobby: Lobby, kept: str) -> None:
    async with lobby.store.write() as memory:
        await memory.registrants.plan("zoom", now=SIX)
        for each in await memory.registrants.take(now=SIX, limit=9, lease=MINUTE):
            await memory.registrants.made(each, registrant_id=each.person_id, sealed_url=kept, now=SIX)
    assert (await lobby.press()).headers["Location"] == ROOM_LINK


@pytest.fixture
async def hundredms() -> AsyncIterator[Any]:
    async with hundredms_api() as both:
        yield both


PAGE = "https://school.app.100ms.live/meeting/student-code?skip_preview=true"


def claims_in(reply: ClientResponse) -> dict[str, Any]:
    """What the auth token of a way into a room of 100ms says."""
    query = parse_qs(urlsplit(reply.headers["Location"]).query)
    return dict(jwt.decode(query["auth_token"][0], APP_SECRET, algorithms=["HS256"]))


async def test_on_100ms_the_room_s_page_is_opened_with_a_token_of_one_s_own(store: Store, hundredms: Any) -> None:
    async with a_lobby(store, a_school("100ms", PAGE, room="room-1"), hundredms=hundredms[1]) as lobby:
        reply = await lobby.press()
        claims = claims_in(reply)
        assert reply.headers["Location"].startswith(f"{PAGE}&auth_token=")
        assert (claims["room_id"], claims["user_id"], claims["role"]) == ("room-1", "ada-1", "student")
        assert claims["exp"] - claims["iat"] == 12 * 60 * 60


async def test_who_teaches_on_100ms_comes_in_as_the_host(store: Store, hundredms: Any) -> None:
    async with a_lobby(store, a_school("100ms", PAGE, room="room-1"), hundredms=hundredms[1]) as lobby:
        assert claims_in(await lobby.press(await lobby.token("grace@example.com")))["role"] == "host"


async def test_a_link_that_ends_with_room_and_role_needs_no_code(store: Store, hundredms: Any) -> None:
    page = "https://school.app.100ms.live/preview/room-1/learner"
    async with a_lobby(store, a_school("100ms", page, room="room-1"), hundredms=hundredms[1]) as lobby:
        assert claims_in(await lobby.press())["role"] == "learner"
    assert hundredms[0].asked == []


async def test_codes_of_a_room_are_asked_for_once(store: Store, hundredms: Any) -> None:
    async with a_lobby(store, a_school("100ms", PAGE, room="room-1"), hundredms=hundredms[1]) as lobby:
        for _ in range(3):
            await lobby.press()
    assert len(hundredms[0].asked) == 1


async def test_who_has_no_external_id_comes_with_ours_and_is_known_by_it(store: Store, hundredms: Any) -> None:
    async with a_lobby(store, a_school("100ms", PAGE, room="room-1"), hundredms=hundredms[1]) as lobby:
        zoe = await lobby.place("zoe@example.com")
        for _ in range(2):
            reply = await lobby.press(lobby.links.token(zoe))
            assert claims_in(reply)["user_id"] == zoe.person_id
        async with store.read() as memory:
            rows = await memory._transaction.all(select(table_of(tables.Identity)))
            assert [(row.kind, row.value, row.person_id) for row in rows] == [
                ("external_id", zoe.person_id, zoe.person_id)
            ]


@pytest.mark.parametrize("trouble", ["down", "no such code", "no credentials"])
async def test_where_100ms_gives_no_token_the_course_s_link_is_left(store: Store, hundredms: Any, trouble: str) -> None:
    fake: FakeHundredms = hundredms[0]
    fake.fails_with = 500 if trouble == "down" else 0
    page = PAGE.replace("student-code", "another-code") if trouble == "no such code" else PAGE
    client = None if trouble == "no credentials" else hundredms[1]
    async with a_lobby(store, a_school("100ms", page, room="room-1"), hundredms=client) as lobby:
        reply = await lobby.press()
        assert (reply.status, reply.headers["Location"], len(await lobby.pressed())) == (302, page, 1)


async def test_on_vcaas_the_link_says_who_comes(store: Store) -> None:
    async with a_lobby(store, a_school("vcaas", "https://vc.example.com/m?id=7#x")) as lobby:
        assert (await lobby.press()).headers["Location"] == "https://vc.example.com/m?id=7&externalId=ada-1#x"
        zoe = await lobby.place("zoe@example.com")
        led = (await lobby.press(lobby.links.token(zoe))).headers["Location"]
        assert led == f"https://vc.example.com/m?id=7&externalId={zoe.person_id}#x"


async def test_a_page_of_one_s_own_is_given_a_token_for_its_socket(store: Store) -> None:
    async with a_lobby(store, a_school("signaling", "https://example.com/class?x=1")) as lobby:
        for email, role in (("ada@example.com", "student"), ("grace@example.com", "trainer")):
            place = await lobby.place(email)
            led = (await lobby.press(lobby.links.token(place))).headers["Location"]
            assert led.startswith("https://example.com/class?x=1&token=")
            claims = jwt.decode(parse_qs(urlsplit(led).query)["token"][0], KEYS.signing[0], algorithms=["HS256"])
            async with store.read() as memory:
                lesson = (await memory.layout.listed(place.course_id))[0]
                (issued,) = [each for each in await memory.api_tokens.all() if each.person_id == place.person_id]
            assert (claims["jti"], claims["lesson"], claims["person"], claims["role"]) == (
                issued.id, lesson.id, place.person_id, role,
            )  # fmt: skip
        lobby.clock.move_to(SIX + 90 * MINUTE)
        assert (await lobby.press()).headers["Location"] == "https://example.com/class?x=1"


async def test_without_a_public_url_there_is_only_the_course_s_own_link(lobby: Lobby) -> None:
    place = await lobby.place()
    assert JoinLinks(KEYS).instead_of(ROOM_LINK, place) == ROOM_LINK
    assert lobby.links.instead_of(ROOM_LINK, None) == ROOM_LINK
    assert lobby.links.instead_of("", place) == ""
    own = lobby.links.instead_of(ROOM_LINK, place)
    assert own.startswith("https://rollcall.example.com/join/ey")
    assert lobby.links.read(own.rpartition("/")[2]) == place
