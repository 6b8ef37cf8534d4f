"""The APIs can be told to tell the truth late, a little off, without somebody, or not at all."""

from datetime import timedelta

import aiohttp
import pytest

from sandbox.errors import ScenarioError
from sandbox.scenario_file import read
from tests.sandbox.apis.conftest import HMS_ROOM, ZOOM_ROOM, Asker, steered
from tests.sandbox.apis.test_hundredms_api import a_lesson as a_lesson_on_100ms
from tests.sandbox.apis.test_zoom_api import a_lesson, twice


async def test_a_record_comes_late(asker: Asker) -> None:
    steered(asker, after=timedelta(minutes=35))
    uuid, session = await a_lesson(asker), await a_lesson_on_100ms(asker)
    zoom, hundredms = f"/past_meetings/{twice(uuid)}/participants", f"/sessions/{session}"
    assert (await asker.ask_zoom(zoom))[0] == (await asker.ask_100ms(hundredms))[0] == 404
    await asker.later(minutes=35)
    assert (await asker.ask_zoom(zoom))[0] == (await asker.ask_100ms(hundredms))[0] == 200


async def test_a_record_never_comes_or_is_empty(asker: Asker) -> None:
    uuid = await a_lesson(asker)
    path = f"/past_meetings/{twice(uuid)}/participants"
    steered(asker, are_never=True)
    await asker.later(days=2)
    assert (await asker.ask_zoom(path))[0] == 404
    steered(asker, are_empty=True)
    assert (await asker.ask_zoom(path))[1]["participants"] == []


async def test_a_record_differs_by_seconds_and_by_a_person(asker: Asker) -> None:
    session = await a_lesson_on_100ms(asker)
    _, truth = await asker.ask_100ms(f"/sessions/{session}")
    steered(asker, off_by=timedelta(seconds=2), without=frozenset({"bob"}))
    _, told = await asker.ask_100ms(f"/sessions/{session}")
    assert {peer["name"] for peer in truth["peers"].values()} - {peer["name"] for peer in told["peers"].values()} == {"Bob Stone"}  # fmt: skip
    grace = next(iter(told["peers"].values()))
    assert (grace["joined_at"][11:], grace["left_at"][11:]) == ("17:00:02Z", "17:30:02Z")
    assert (told["created_at"][11:], told["updated_at"][11:]) == ("17:00:02Z", "17:30:02Z")
    assert len(truth["peers"]) == len(next(iter(asker.hundredms.book)).stays)  # the truth itself stays


async def test_the_first_calls_are_answered_as_planned_and_then_with_the_truth(asker: Asker) -> None:
    steered(asker, answers=("500", "429", "401", "html", "half", "empty"))
    path = f"/meetings/{ZOOM_ROOM}"
    statuses = [(await asker.ask_zoom(path))[0] for _ in range(3)]
    bodies = [(await asker.ask_zoom(path))[1] for _ in range(4)]
    assert statuses == [500, 429, 401]
    assert bodies[:3] == ["<html><body>Welcome</body></html>", '{"participants": [{"name": ', ""]
    assert bodies[3]["id"] == int(ZOOM_ROOM)
    assert [call.status for call in asker.apis.calls if "oauth" not in call.path] == [500, 429, 401, 200, 200, 200, 200]


async def test_an_answer_may_never_come(asker: Asker) -> None:
    steered(asker, answers=("hangs",))
    await asker.zoom_token()
    with pytest.raises(TimeoutError):
        async with asker.http.get(
            f"{asker.url}/100ms/v2/sessions",
            headers={"Authorization": f"Bearer {asker.management_token()}"},
            timeout=aiohttp.ClientTimeout(total=0.1),
        ):
            pass
    assert (await asker.ask_100ms("/sessions"))[0] == 200


async def test_more_calls_a_second_than_allowed_are_refused(asker: Asker) -> None:
    await asker.zoom_token()
    steered(asker, a_second=2)
    statuses = [(await asker.ask_100ms("/sessions"))[0] for _ in range(3)]
    assert statuses == [200, 200, 429]


SCENARIO = """
title: Bob is late
happens: []
records: {after: 35m, off_by: 2s, without: [bob], answers: [429, html], page: 2, a_second: 5, tokens_last: 90s}
"""


def test_a_scenario_says_what_the_records_are() -> None:
    records = read(SCENARIO, file="x.yaml").records
    assert (records.after, records.off_by, records.without) == (timedelta(minutes=35), timedelta(seconds=2), {"bob"})
    assert (records.answers, records.a_page, records.a_second) == (("429", "html"), 2, 5)
    assert records.tokens_last == timedelta(seconds=90)
    assert read("records: {after: never, empty: yes}", file="x.yaml").records.are_never
    assert read("records: {after: never, empty: yes}", file="x.yaml").records.are_empty
    assert read("title: x", file="x.yaml").records.after == timedelta()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("records: {before: 5m}", "x.yaml:1: records.before: unknown"),
        ("records: {after: soon}", "'soon' is no length"),
        ("records: {answers: [418]}", "'418' is no answer"),
        ("records: {page: many}", "'many' is no whole number"),
        ("records: {without: [nobody]}", "nobody is called 'nobody'"),
    ],
)
def test_mistakes_in_what_the_records_are_are_named(line: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read(line, file="x.yaml")
    assert problem in str(error.value)


async def test_vcaas_creates_meetings_for_who_has_its_key(asker: Asker) -> None:
    url = f"{asker.url}/vcaas/v2/meeting-center/meetings"
    seconds = int(asker.clock.at.timestamp())
    wanted = {"meetingExternalId": HMS_ROOM, "startTime": seconds, "endTime": seconds + 3600}
    async with asker.http.post(url, json=wanted) as refused:
        assert refused.status == 401
    headers = {"X-Api-Key": asker.apis.keys.vcaas_key}
    async with asker.http.post(url, json=wanted, headers=headers) as created:
        assert set(await created.json()) == {"meetingId", "meetingUrl"}
    for wrong in ({**wanted, "endTime": seconds}, {**wanted, "startTime": seconds - 3600}):
        async with asker.http.post(url, json=wrong, headers=headers) as refused:
            assert refused.status == 400
