"""The whole scene as a page needs it to begin."""

from collections.abc import Sequence

from sandbox.page import drawn, drawn_room
from sandbox.page.scene import Json, Scene
from sandbox.slack.model import Message

DELIVERIES, CALLS, PROBLEMS = 300, 200, 100
"""As many of the newest as the page keeps."""


def world(scene: Scene, scenarios: Sequence[Json]) -> Json:
    """The first frame, and the one that stands for all that a slow reader has missed."""
    workspace = scene.workspace
    people = [*workspace.persons.values(), workspace.bot]
    stacks = {who.id: workspace.views.stack(who.id) for who in people}
    return {
        "kind": "world",
        "version": 1,
        "team": {"name": workspace.team_name},
        "app": drawn.app(workspace),
        "scenario": drawn.scenario(scene),
        "scenarios": scenarios,
        "clock": drawn.clock(scene),
        "persons": [drawn.person(scene, who) for who in people],
        "channels": [drawn.channel(each) for each in workspace.channels.values()],
        "groups": [drawn.group(each) for each in workspace.groups.values()],
        "messages": [drawn.message(each) for each in _messages(scene)],
        "views": {who: [drawn.view(view) for view in stack] for who, stack in stacks.items() if stack},
        "homes": {who.id: drawn.view(home) for who in people if (home := workspace.views.home(who.id))},
        "files": [drawn.file(each) for each in workspace.files.values() if each.complete],
        "rooms": [drawn_room.room(each) for each in scene.rooms.values()],
        "deliveries": _deliveries(scene),
        "faults": drawn.faults(workspace.faults),
        "calls": [drawn.call(each) for each in workspace.calls[-CALLS:]],
        "problems": workspace.problems[-PROBLEMS:],
        "handling": drawn_room.handling(scene.rooms),
    }


def _messages(scene: Scene) -> list[Message]:
    workspace = scene.workspace
    found = [each for channel in workspace.channels for each in workspace.messages_in(channel)]
    found += [each for person in workspace.persons for each in workspace.messages.ephemerals(person)]
    return sorted(found, key=lambda each: float(each.ts))


def _deliveries(scene: Scene) -> list[Json]:
    sent = [(each, held) for held in scene.rooms.values() for each in held.classroom.deliveries.record]
    sent.sort(key=lambda entry: entry[0].at)
    return [drawn_room.delivery(held, each) for each, held in sent[-DELIVERIES:]]
