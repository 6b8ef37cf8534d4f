"""Students have a link of their own on Zoom before their lesson, and what Zoom refuses blocks nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from handlers.cli.course import import_text
from handlers.keys import Keys
from handlers.platforms.zoom.client import ZoomClient
from handlers.ticks import register_people
from storage.database import Store
from tests.fakes.zoom_api import FakeZoom, zoom_api

KEYS = Keys(["a secret key of more than thirty-two letters"])
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STUDENTS = """{name: Ada Lovelace, email: ada@example.com}, {name: "Zoë Anna O'Neil", email: zoe@example.com},
                {name: 李, email: li@example.com}"""


def a_course(name: str = "Python 101", room: str = "97711976001", students: str = STUDENTS) -> str:
    return f"""courses:
  - {{name: {name}, channel: "#python", timezone: UTC, platform: zoom, room: "{room}",
     join_url: "https://zoom.example/j/{room}", schedule: [{{start: 2026-11-23T18:00, duration: 1h}}],
     trainers: [{{name: Grace Hopper, email: grace@example.com}}],
     students: [{students}]}}
"""


@dataclass
class Registry:
    """The tick with its Zoom."""

    store: Store
    zoom: FakeZoom
    client: ZoomClient | None

    async def tick(self, now: datetime = NOW) -> datetime | None:
        return await register_people.tick(self.store, self.client, seal=KEYS.seal, now=now)

    async def links(self, course: str = "Python 101") -> dict[str, str]:
        """Name → the link that the platform gave, of those who have one."""
        found = {}
        async with self.store.read() as memory:
            known = await memory.courses.find(course)
            assert known is not None
            for owner in await memory.join_links.of_course(known.id, today=NOW.date()):
                way = await memory.join_links.way_in(known.id, owner.place.person_id)
                assert way is not None
                if way.sealed_url:
                    found[owner.name] = KEYS.unseal(way.sealed_url)
        return found


@pytest.fixture
async def registry(store: Store) -> AsyncIterator[Registry]:
    async with zoom_api() as (fake, client):
        yield Registry(store, fake, client)


async def test_once_lessons_are_laid_out_every_student_has_a_link_and_who_teaches_has_not(registry: Registry) -> None:
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick() is None
    assert await registry.links() == {
        "Ada Lovelace": "https://zoom.example/w/1?tk=ada@example.com",
        "Zoë Anna O'Neil": "https://zoom.example/w/1?tk=zoe@example.com",
        "李": "https://zoom.example/w/1?tk=li@example.com",
    }
    assert registry.zoom.names == {
        "ada@example.com": ("Ada", "Lovelace"), "zoe@example.com": ("Zoë Anna", "O'Neil"), "li@example.com": ("李", ""),
    }  # fmt: skip


async def test_what_is_known_is_not_asked_for_again(registry: Registry) -> None:
    await import_text(registry.store, a_course(), now=NOW)
    await registry.tick()
    registry.zoom.calls.clear()
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick(NOW + DAY) is None
    assert registry.zoom.calls == []


async def test_who_comes_later_is_registered_alone(registry: Registry) -> None:
    await import_text(registry.store, a_course(students="{name: Ada Lovelace, email: ada@example.com}"), now=NOW)
    await registry.tick()
    await import_text(registry.store, a_course(), now=NOW)
    await registry.tick()
    assert (len(await registry.links()), set(registry.zoom.counted.values())) == (3, {1})


async def test_who_is_registered_in_zoom_already_is_only_looked_up(registry: Registry) -> None:
    for email in ("ada@example.com", "somebody@example.com", "zoe@example.com"):
        registry.zoom.knows(email)
    await import_text(registry.store, a_course(), now=NOW)
    await registry.tick()
    assert (len(await registry.links()), registry.zoom.counted) == (3, {"li@example.com": 1})


async def test_who_registered_under_another_address_is_found_by_the_id_of_the_course_file(registry: Registry) -> None:
    known = registry.zoom.knows("ada.private@example.net")
    student = f"{{name: Ada Lovelace, email: ada@example.com, registrant_id: {known['id']}}}"
    await import_text(registry.store, a_course(students=student), now=NOW)
    await registry.tick()
    assert (await registry.links(), registry.zoom.counted) == ({"Ada Lovelace": known["join_url"]}, {})


async def test_links_are_kept_encrypted_and_stand_in_no_log(registry: Registry) -> None:
    await import_text(registry.store, a_course(), now=NOW)
    with capture_logs() as logs:
        await registry.tick()
    async with registry.store.read() as memory:
        known = await memory.courses.find("Python 101")
        assert known is not None
        (person,) = await memory.people.find("ada@example.com")
        way = await memory.join_links.way_in(known.id, person.id)
    assert "tk=" not in f"{way}{logs}"
    assert "@" not in f"{logs}"


async def test_one_wrong_address_keeps_nobody_else_from_a_link(registry: Registry) -> None:
    registry.zoom.refused = {"zoe@example.com"}
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick() == NOW + DAY
    assert set(await registry.links()) == {"Ada Lovelace", "李"}


async def test_a_meeting_without_registration_is_asked_about_once_a_day_for_all(registry: Registry) -> None:
    registry.zoom.approval = 2
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick() == NOW + DAY
    assert len(registry.zoom.calls) == 1
    assert await registry.tick(NOW + DAY - timedelta(seconds=1)) == NOW + DAY
    assert len(registry.zoom.calls) == 1
    registry.zoom.approval = 0
    await registry.tick(NOW + DAY)
    assert len(await registry.links()) == 3


async def test_whom_the_host_has_to_approve_is_asked_for_the_next_day_and_not_three_times_in_one(
    registry: Registry,
) -> None:
    registry.zoom.approval = 1
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick() == NOW + DAY
    registry.zoom.knows("ada@example.com")
    await registry.tick(NOW + DAY)
    assert (set(await registry.links()), registry.zoom.counted["ada@example.com"]) == ({"Ada Lovelace"}, 1)


async def test_a_zoom_that_is_down_is_asked_three_times_in_a_day_at_most_and_none_after_the_last_lesson(
    registry: Registry,
) -> None:
    registry.zoom.trouble = (500, {}, {})
    await import_text(registry.store, a_course(), now=NOW)
    due: datetime | None = NOW
    tries: list[datetime] = []
    while due is not None and len(tries) < 20:
        tries.append(due)
        due = await registry.tick(due)
    assert [each - NOW for each in tries[:4]] == [
        timedelta(0), timedelta(minutes=10), timedelta(minutes=70), DAY + timedelta(minutes=70),
    ]  # fmt: skip
    assert tries[-1] > datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert due is None
    registry.zoom.trouble = None
    assert await registry.links() == {}


async def test_a_zoom_that_is_busy_says_when_to_come_back(registry: Registry) -> None:
    registry.zoom.trouble = (429, {"message": "daily limit"}, {"Retry-After": "7200"})
    await import_text(registry.store, a_course(), now=NOW)
    due = await registry.tick()
    assert due == NOW + timedelta(hours=2)
    registry.zoom.trouble = None
    await registry.tick(due)
    assert len(await registry.links()) == 3


@pytest.mark.parametrize("status", [401, 404])
async def test_credentials_or_meetings_that_are_wrong_wait_for_somebody_to_mend_them(
    registry: Registry, status: int
) -> None:
    registry.zoom.trouble = (status, {"code": 3001, "message": "no"}, {})
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick() == NOW + DAY


async def test_one_room_s_trouble_is_not_another_s(registry: Registry) -> None:
    students = "{name: Bob Kahn, email: bob@example.com}"
    await import_text(registry.store, a_course("Rust 101", "1", students), now=NOW)
    registry.zoom.trouble = (404, {}, {})
    await registry.tick()
    registry.zoom.trouble = None
    await import_text(registry.store, a_course(), now=NOW)
    await registry.tick()
    assert (len(await registry.links()), await registry.links("Rust 101")) == (3, {})


async def test_forty_students_are_registered_in_two_calls(registry: Registry) -> None:
    students = ", ".join(f"{{name: Student {n}, email: student-{n}@example.com}}" for n in range(40))
    await import_text(registry.store, a_course(students=students), now=NOW)
    assert await registry.tick() == NOW
    assert await registry.tick() is None
    assert (len(await registry.links()), [call for call in registry.zoom.calls if "POST" in call]) == (
        40, ["POST /v2/meetings/97711976001/batch_registrants"] * 2,
    )  # fmt: skip


async def test_without_credentials_of_zoom_nobody_is_registered(registry: Registry) -> None:
    registry.client = None
    await import_text(registry.store, a_course(), now=NOW)
    assert await registry.tick() is None
