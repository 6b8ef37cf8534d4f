"""What the demo says around the messages: who is who, what people do meanwhile, and the columns."""

from datetime import datetime

from rich.cells import cell_len

from bot.messages.shared import platform_spelled
from sandbox.story import Line, Scenario, Step

#: What a step of a scenario is called on the screen; verbs that nobody in the room would notice are left out.
DOES = {
    "starts": "{who} starts the session",
    "ends": "{who} ends the session",
    "restarts": "{who} ends the session and starts it again",
    "joins": "{who} joins",
    "leaves": "{who} leaves",
    "drops": "{who} loses the connection",
    "reconnects": "{who} has the connection back",
    "dials_in": "{who} dials in by phone",
    "waits": "{who} waits to be let in",
    "is_admitted": "{who} is let in",
    "is_put_out": "{who} is put into the waiting room",
    "goes_home": "{who} leaves the waiting room",
    "waits_for_host": "{who} waits for the trainer",
    "gives_up_waiting": "{who} waits no longer",
    "joins_before_host": "{who} joins before the trainer",
    "breaks_out": "{who} → breakout {into}",
    "comes_back": "{who} → back in the main room",
    "calls_all_back": "{who} calls all back from the breakout rooms",
    "clicks": "{who} presses “{button}” in Slack",
    "types": "{who} types {text} in Slack",
}
#: Of a crowd so many are named.
MOST_NAMED = 12


def introduction(scenario: Scenario, *, begins_at: datetime, speed: float) -> str:
    """What is about to be played, how to read it, and who is who."""
    seconds = (scenario.ends_at - begins_at).total_seconds() / speed
    lasts = f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"
    return "\n".join(
        [
            scenario.title,
            "",
            f"A Slack, {_classrooms(scenario)} and Rollcall, all on this machine; everybody in it is made up.",
            f"A minute of the lesson lasts {60 / speed:.2g} s, all of it about {lasts}. In brackets: what people do.",
            "Every other line is a message of Rollcall: time in the lesson, platform, to whom in Slack, first line.",
            "",
            *_cast(scenario),
            "",
        ]
    )


def aligned(scenario: Scenario, line: Line) -> str:
    """As `Scenario.printed`, with the messages below each other."""
    name = scenario.called(line.to)
    padded = name + " " * (_width(scenario) - cell_len(name))
    return f"{scenario.clock_time(line.at)}  {scenario.platform}  {padded}  {line.text}"


def stage_direction(scenario: Scenario, step: Step) -> str | None:
    """What people do, in brackets; None where there is nothing to see."""
    if step.verb not in DOES:
        return None
    who = _listed([scenario.called(handle) for handle in step.who])
    texts = {name: getattr(value, "text", value) for name, value in step.options.items()}
    if "heard" in texts:  # what will stand there is known when it is read aloud
        texts["text"] = texts["text"].replace("{}", "…")
    device = f", {texts['device']}" if texts.get("device") else ""
    indent = len(f"18:03  {scenario.platform}  ")
    return f"{scenario.clock_time(step.at):<{indent}}({DOES[step.verb].format(who=who, **texts)}{device})"


def _classrooms(scenario: Scenario) -> str:
    """`a classroom on Zoom`."""
    platforms = dict.fromkeys(room.platform for room in scenario.rooms.values())
    return " and ".join(f"a classroom on {platform_spelled(platform)}" for platform in platforms)


def _cast(scenario: Scenario) -> list[str]:
    roles = {"trainer": "Trainer", "coordinator": "Coordinator", "student": "Students", "stranger": "Not on the roster"}
    names = {
        title: _listed([face.name for face in scenario.people.values() if face.role == role])
        for role, title in roles.items()
    }
    return [f"{title + ':':<20}{who}" for title, who in names.items() if who]


def _listed(names: list[str]) -> str:
    """All of them, or the first of a crowd."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _width(scenario: Scenario) -> int:
    told = [face.name for face in scenario.people.values() if face.slack]
    return max(cell_len(name) for name in (*told, *scenario.channels))
