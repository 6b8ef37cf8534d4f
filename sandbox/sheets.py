"""What the bot's own HTTP API says about the lessons, against what the scenario expects."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from sandbox.story import Expected, Scenario

UTC = ZoneInfo("UTC")
#: Wire seconds for one answer, on a machine that is loaded.
TIMEOUT = aiohttp.ClientTimeout(total=60)


async def sheet_differences(scenario: Scenario, *, api_url: str, token: str) -> list[str]:
    """Asks the bot for the attendance of each lesson; one sentence for each expectation that is not met.

    Where the bot gives no answer, that is the last sentence.

    `api_url` is the bot's root, `token` a bearer token that may read. In a scenario's sheets stand `lesson` and
    `people` (by handle) with some of the fields of the attendance, and `unknown` and `not_enrolled` with names.
    """
    differences: list[str] = []
    try:
        differences += [each async for each in _differences_of_all(scenario, api_url=api_url, token=token)]
    except (aiohttp.ClientError, TimeoutError) as problem:
        why = f"HTTP {problem.status}" if isinstance(problem, aiohttp.ClientResponseError) else type(problem).__name__
        differences.append(f"the sheets could not be compared: the bot's HTTP API gave no answer ({why})")
    return differences


async def _differences_of_all(scenario: Scenario, *, api_url: str, token: str) -> AsyncIterator[str]:
    headers = {"authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(api_url, headers=headers, timeout=TIMEOUT) as http:
        for expected in scenario.sheets:
            course = expected.lesson.course
            planned_start = expected.lesson.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            lessons = await _get(http, "/api/v1/lessons", {"course": course})
            ids = [lesson["id"] for lesson in lessons["lessons"] if lesson["planned_start"] == planned_start]
            if len(ids) == 1:
                attendance = await _get(http, f"/api/v1/lessons/{ids[0]}/attendance", {})
                for difference in compared(scenario, expected, attendance):
                    yield difference
            else:
                yield f"the bot has {len(ids)} lessons of {course} at {planned_start}"


def compared(scenario: Scenario, expected: Expected, attendance: Mapping[str, Any]) -> list[str]:
    """The same for one lesson, and an attendance object that is already there."""
    its = "the sheet"
    if len(scenario.lessons) > 1:
        its += f" of {expected.lesson.course}, {scenario.clock_time(expected.lesson.starts_at)}"
    return [f"{its}: {difference}" for difference in _differences(scenario, expected.sheet, attendance)]


def _differences(scenario: Scenario, sheet: Mapping[str, Any], attendance: Mapping[str, Any]) -> Iterator[str]:
    yield from _unmet("lesson", sheet.get("lesson", {}), attendance["lesson"])
    by_name = {person["name"]: person for person in attendance["people"]}
    for handle, facts in sheet.get("people", {}).items():
        name = scenario.people[handle].name
        if name in by_name:
            yield from _unmet(name, facts, by_name[name])
        else:
            yield f"{name} is not on it"
    for group in ("unknown", "not_enrolled"):
        names = sorted(entry.get("display_name") or entry.get("name") for entry in attendance[group])
        wanted = sorted(sheet.get(group, names))
        if names != wanted:
            yield f"{group} is {_written(names)}, not {_written(wanted)}"


async def _get(http: aiohttp.ClientSession, path: str, query: Mapping[str, str]) -> Any:
    async with http.get(path, params=query, raise_for_status=True) as reply:
        return await reply.json()


def _unmet(where: str, expected: Any, found: Any) -> Iterable[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            yield from _unmet(f"{where}, {key}", value, found.get(key))
    elif isinstance(expected, list) and isinstance(found, list):
        if sorted(map(_written, expected)) != sorted(map(_written, found)):
            yield f"{where} is {_written(found)}, not {_written(expected)}"
    elif _written(expected) != _written(found):
        yield f"{where} is {_written(found)}, not {_written(expected)}"


def _written(value: Any) -> str:
    """As a scenario writes it: `none` for null, `yes` and `no`, lists with commas."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
