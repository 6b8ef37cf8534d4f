"""One call of each method that the sandbox has, in an order that works: the official clients make them all.

The calls stand in `corpus/every_method.json`; `$name` in an argument is what an earlier reply had at the path that its
`keep` names.
"""

import json
from pathlib import Path
from typing import Any

from tests.sandbox.slack.world import SIX, World

Step = dict[str, Any]
STEPS: list[Step] = json.loads((Path(__file__).parent / "corpus" / "every_method.json").read_text(encoding="utf-8"))
METHODS = [step["method"] for step in STEPS if "method" in step]


def ready_world() -> tuple[World, dict[str, str]]:
    """A workspace that the calls fit, and what they know from the beginning; its triggers do not grow old."""
    world = World(wire=lambda: SIX)
    world.workspace.add_channel("others", bot_is_member=False)
    world.workspace.add_group("students", "Students", ["U0ADA"])
    triggers = {f"$trigger{number}": world.workspace.views.new_trigger("U0ADA") for number in (1, 2)}
    return world, triggers


def filled(value: Any, known: dict[str, str]) -> Any:
    """The value with what is known by now in place of the names."""
    if isinstance(value, list):
        return [filled(each, known) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, known) for key, each in value.items()}
    return known.get(value, value) if isinstance(value, str) else value


def kept(step: Step, reply: Any) -> dict[str, str]:
    """What the step wants to know from its reply."""
    found = {}
    for name, path in step.get("keep", {}).items():
        value = reply
        for key in path.split("."):
            value = value[key]
        found[name] = value
    return found


def check_story(world: World) -> None:
    """Every call was taken, and did what it says."""
    calls = [(call.method, call.outcome) for call in world.workspace.calls if call.method != "upload"]
    assert calls == [(method, "ok") for method in METHODS]
    assert world.workspace.problems == []
    assert [message.text for message in (*world.ada.inbox, *world.ada.ephemerals)] == ["The sheet", "psst"]
    assert [file.content for file in world.workspace.files.values()] == [b"a,b"]
    assert [view.title for view in world.ada.open_views] == ["Why not?", "More"]
    assert world.ada.home is not None
