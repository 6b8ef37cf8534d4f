"""A scenario as a scene to look at."""

from collections.abc import Mapping

from sandbox.classroom.rooms import Classroom
from sandbox.clock import Clock
from sandbox.page.scene import PlayBill, Room, Scene, SteerableClock, Visitor
from sandbox.slack.workspace import Workspace
from sandbox.story import Scenario
from sandbox.verbs import participant


def scene_of(
    scenario: Scenario,
    workspace: Workspace,
    classrooms: Mapping[str, Classroom],
    *,
    clock: Clock | SteerableClock | None = None,
) -> Scene:
    """The scenario's people, rooms and bill; everybody of it may come into each of its rooms."""
    visitors = {
        handle: Visitor(participant=participant(face), role=face.role) for handle, face in scenario.people.items()
    }
    rooms = {
        room_id: Room(
            course=classroom.topic,
            classroom=classroom,
            platform=scenario.rooms[room_id].platform,
            visitors=dict(visitors),
        )
        for room_id, classroom in classrooms.items()
    }
    bill = PlayBill(name=scenario.name, title=scenario.title, begins_at=scenario.begins_at, ends_at=scenario.ends_at)
    return Scene(
        workspace=workspace,
        rooms=rooms,
        roles={face.slack: face.role for face in scenario.people.values() if face.slack},
        zone=scenario.zone.key,
        bill=bill,
        clock=clock,
    )
