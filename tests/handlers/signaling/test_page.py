"""What the page's door hands out: its files, how things stand, and *I was there*; the page in use is in `tests/browser`."""

import json
from typing import Any

import pytest

from bot.attendance.checks.values import Via
from handlers.check_page.page import FILES, STATIC
from tests.handlers.signaling.house import House, moment


async def get(house: House, path: str, **headers: str) -> tuple[int, Any, str]:
    async with house.client.get(path, headers=headers) as reply:
        return reply.status, reply.headers, await reply.text()


async def stand(house: House, who: str = "ada") -> dict[str, Any]:
    status, _, body = await get(house, f"/check/{await house.token(who)}/now")
    assert status == 200
    found: dict[str, Any] = json.loads(body)
    return found


async def asked(house: House) -> None:
    """Grace asks once, at 8 minutes, and Ada is there."""
    await house.joined("grace")
    await house.joined("ada")
    await house.at(8)
    await house.checks.check_now(house.lesson, house.people["grace"], now=house.clock.now())
    await house.tell()


async def confirm(house: House) -> None:
    await house.checks.confirm(house.lesson, house.people["ada"], via=Via.WEB, now=house.clock.now())


async def later(house: House, minutes: int) -> None:
    """Minute by minute: a bot that slept over a deadline would hold nothing against anybody."""
    for _ in range(minutes):
        await house.at(house.minutes + 1)


@pytest.mark.parametrize("path", ["", "/now"])
async def test_nothing_of_it_is_kept_anywhere_told_to_others_or_shown_inside_another_page(
    house: House, path: str
) -> None:
    _, headers, _ = await get(house, f"/check/{await house.token('ada')}{path}")
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


async def test_the_page_itself_names_nobody_and_fetches_nothing_from_elsewhere(house: House) -> None:
    token = await house.token("ada")
    status, headers, html = await get(house, f"/check/{token}")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert not any(word in html for word in (token, "Ada", "Python 101", "https://", "http://", "style=", "onclick"))


async def test_the_page_of_a_bad_link_is_a_page_too_and_says_nothing_of_anybody(house: House) -> None:
    status, _, html = await get(house, "/check/nobody")
    assert (status, "<main" in html) == (401, True)
    status, _, body = await get(house, "/check/nobody/now")
    assert (status, json.loads(body)["error"]["code"]) == (401, "unauthorised")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.7", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr-FR,de;q=0.5", "de"),
        ("it", "en"),
        ("de;q=0", "en"),
        ("*", "en"),
        ("de;q=zwei,,;;\u00e9", "en"),
    ],
)
async def test_it_speaks_the_language_that_its_reader_likes_best(house: House, accepted: str, language: str) -> None:
    _, headers, html = await get(house, "/check/nobody", **{"Accept-Language": accepted})
    assert (headers["Content-Language"], f'<html lang="{language}">' in html) == (language, True)


async def test_every_file_of_the_page_is_handed_out_and_nothing_else(house: House) -> None:
    assert {path.name for path in STATIC.iterdir()} - {"index.html"} == FILES.keys()
    for name, kind in FILES.items():
        status, headers, _ = await get(house, f"/check/page/{name}")
        assert (status, headers["Content-Type"].split(";")[0]) == (200, kind)
    for name in ("index.html", "page.py", "..%2Fpage.py", "%2e%2e"):
        assert (await get(house, f"/check/page/{name}"))[0] == 404


def test_both_languages_say_the_same_things() -> None:
    words = (STATIC / "words.js").read_text(encoding="utf-8")
    english, german = words.split("const GERMAN")
    keys = [line.split(":")[0].strip() for line in english.splitlines() if line.startswith("  ")]
    assert keys == [line.split(":")[0].strip() for line in german.split("};")[0].splitlines() if line.startswith("  ")]


async def test_how_things_stand_before_anybody_asked(house: House) -> None:
    assert await stand(house) == {
        "now": moment(0),
        "name": "Ada Lovelace",
        "course": "Python 101",
        "starts_at": moment(0),
        "ends_at": moment(60),
        "is_running": False,
        "is_asked": True,
        "question": None,
    }
    assert (await stand(house, "grace"))["is_asked"] is False


async def test_how_things_stand_from_question_to_answer(house: House) -> None:
    await asked(house)
    told = await stand(house)
    question = {**told["question"], "checkpoint": "…"}
    open_question = {
        "checkpoint": "…",
        "state": "awaited",
        "is_open": True,
        "asked_at": moment(8),
        "deadline": moment(13),
        "ended_at": None,
        "at": None,
        "is_disputed": False,
    }
    assert (told["is_running"], question) == (True, open_question)
    assert (await stand(house, "bob"))["question"] is None
    await house.at(9)
    await confirm(house)
    confirmed = {**(await stand(house))["question"], "checkpoint": "…"}
    assert confirmed == {**open_question, "state": "confirmed", "at": moment(9)}


class TestIWasThere:
    async def say(self, house: House, checkpoint: Any, who: str = "ada", **how: Any) -> int:
        path = f"/check/{await house.token(who)}/was-there"
        async with house.client.post(path, **(how or {"json": {"checkpoint": checkpoint}})) as reply:
            return reply.status

    async def test_within_twice_the_window_it_is_late_and_later_a_dispute(self, house: House) -> None:
        await asked(house)
        checkpoint = (await stand(house))["question"]["checkpoint"]
        await later(house, 6)
        assert (await stand(house))["question"]["state"] == "missed"
        assert await self.say(house, checkpoint) == 200
        assert (await stand(house))["question"]["state"] == "late"

    async def test_long_after_it_is_a_dispute(self, house: House) -> None:
        await asked(house)
        checkpoint = (await stand(house))["question"]["checkpoint"]
        await later(house, 12)
        assert await self.say(house, checkpoint) == 200
        question = (await stand(house))["question"]
        assert (question["state"], question["is_disputed"]) == ("missed", True)

    async def test_only_who_was_asked_may_say_it_and_only_as_json(self, house: House) -> None:
        await asked(house)
        checkpoint = (await stand(house))["question"]["checkpoint"]
        await later(house, 6)
        assert await self.say(house, checkpoint, "bob") == 409
        for odd in ("nothing", "\0", "\ud800"):
            assert await self.say(house, odd) == 404
        assert await self.say(house, None, json=[]) == 400
        assert await self.say(house, None, data="{", headers={"Content-Type": "application/json"}) == 400
        assert await self.say(house, None, data={"checkpoint": checkpoint}) == 415
        async with house.client.post("/check/nobody/was-there", json={"checkpoint": checkpoint}) as reply:
            assert reply.status == 401
        assert (await stand(house))["question"]["state"] == "missed"
