"""The scenarios that come along, played to a bot that only listens: do their sheets add up?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from sandbox.classroom.deliveries import AS_USUAL
from sandbox.moments import length
from sandbox.platforms import Endpoint
from sandbox.player import StoryPlayer, move_in, open_classrooms
from sandbox.scenario_file import dice, load, names
from sandbox.slack.workspace import Workspace
from sandbox.story import Lesson, Scenario
from tests.sandbox.classroom.receiver import SECRET, HandClock, Receiver

ON_ZOOM = [name for name in names() if {room.platform for room in load(name).rooms.values()} == {"zoom"}]


def loses_some(scenario: Scenario) -> bool:
    """Whether Zoom does not tell all that happens, so that only its record knows."""
    return any(step.options.get("delivery", AS_USUAL).is_lost for step in scenario.happens)


TOLD_WHOLE = [name for name in ON_ZOOM if not loses_some(load(name))]


async def performed(scenario: Scenario, url: str) -> StoryPlayer:
    clock = HandClock(scenario.begins_at)
    workspace = Workspace(clock=clock, manifest={})
    move_in(scenario, workspace)
    rooms = open_classrooms(scenario, endpoints={"zoom": Endpoint(url, SECRET)}, clock=clock, rng=dice(scenario))
    player = StoryPlayer(scenario, workspace, rooms, clock)
    while (at := player.next_at()) is not None:
        clock.at = at
        await player.run_due(at)
    for room in rooms.values():
        await room.close()
    return player


def told_by_zoom(bot: Receiver) -> dict[tuple[str, str], set[int]]:
    """The seconds of the day in which each display name was in each room, by the events as a set."""
    ended: dict[str, datetime] = {}
    moves: dict[tuple[str, str, str], list[tuple[datetime, bool, str]]] = {}
    for event in bot.events:
        facts = event["payload"]["object"]
        who = facts.get("participant", {})
        if event["event"] == "meeting.ended":
            ended[facts["uuid"]] = datetime.fromisoformat(facts["end_time"])
        elif event["event"] in {"meeting.participant_joined", "meeting.participant_left"}:
            at = datetime.fromisoformat(who.get("join_time") or who["leave_time"])
            connection = (facts["id"], facts["uuid"], who["participant_uuid"])
            moves.setdefault(connection, []).append((at, "join_time" in who, who["user_name"]))
    inside: dict[tuple[str, str], set[int]] = {}
    for (room, session, _), told in moves.items():
        began = None
        for at, is_join, name in sorted(set(told)):  # at one moment a left sorts before a joined
            if is_join:
                began = began or at
            elif began is not None:
                inside.setdefault((room, name), set()).update(range(int(began.timestamp()), int(at.timestamp())))
                began = None
        assert began is None, f"{told[0][2]} never left"
        assert max(told)[0] <= ended[session]
    return inside


def course_of(scenario: Scenario, lesson: Lesson) -> dict[str, Any]:
    """Its entry in the course file."""
    courses = yaml.safe_load(scenario.course_file)["courses"]
    return next(course for course in courses if course["name"] == lesson.course)


def trainers(scenario: Scenario, lesson: Lesson) -> list[str]:
    return [person["name"] for person in course_of(scenario, lesson)["trainers"]]


def planned_seconds(scenario: Scenario, lesson: Lesson) -> set[int]:
    start = int(lesson.starts_at.timestamp())
    planned = set(range(start, int(lesson.ends_at.timestamp())))
    for pause in course_of(scenario, lesson).get("breaks", []):
        begins = start + int(length(pause["after"]).total_seconds())
        planned -= set(range(begins, begins + int(length(pause["for"]).total_seconds())))
    return planned


@pytest.mark.parametrize("name", ON_ZOOM)
async def test_nobody_in_the_classroom_is_asked_for_the_impossible(name, url, bot):
    player = await performed(load(name), url)
    in_slack = ("clicks", "types", "submits")
    assert [problem for problem in player.problems if problem.split("  ")[1].split()[0] not in in_slack] == []


@pytest.mark.parametrize("name", TOLD_WHOLE)
async def test_the_seconds_of_every_sheet_are_those_that_zoom_told(name, url, bot):
    scenario = load(name)
    await performed(scenario, url)
    inside = told_by_zoom(bot)
    for expected in scenario.sheets:
        lesson, planned = expected.lesson, planned_seconds(scenario, expected.lesson)
        trained = set().union(*(inside.get((lesson.room, name), set()) for name in trainers(scenario, lesson)))
        for handle, facts in expected.sheet.get("people", {}).items():
            face = scenario.people[handle]
            present = inside.get((lesson.room, face.zoom_name or face.name), set()) & planned
            if "attended_seconds" in facts:
                assert int(facts["attended_seconds"]["planned"]) == len(present), handle
            if facts.get("verdict") in {"validated", "partial"}:
                held = len(trained & planned)
                assert (100 * len(present & trained) >= 90 * held) is (facts["verdict"] == "validated"), handle


@pytest.mark.parametrize("name", ON_ZOOM)
async def test_every_delivery_is_answered_within_the_story(name, url, bot):
    player = await performed(load(name), url)
    records = [sent for room in player._classrooms.values() for sent in room.deliveries.record]
    is_silent = any(step.verb == "feed" and step.who == ("silent",) for step in player.scenario.happens)
    may_lose = is_silent or loses_some(player.scenario)
    assert {sent.state for sent in records} <= ({"delivered", "lost"} if may_lose else {"delivered"})
    assert max(sent.tries[-1].at for sent in records if sent.tries) < player.scenario.ends_at - timedelta(minutes=1)


async def test_a_performance_is_the_same_each_time_but_for_the_signatures(url, bot):
    scenario = load("first-lesson")
    await performed(scenario, url)
    first, bot.bodies = bot.bodies, []
    await performed(scenario, url)
    assert first == bot.bodies
    assert datetime(2026, 11, 23, 17, tzinfo=UTC) == scenario.starts_at
