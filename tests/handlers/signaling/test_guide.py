"""The lesson in the guide goes over the wire exactly as it stands there."""

import json
import re
from typing import Any

from tests.docs.reading import GUIDE, code_blocks, section, text_of
from tests.handlers.signaling.house import House, Voice

PAGE = text_of(GUIDE / "connect-signaling.md")


def transcript() -> list[tuple[str, str, Any]]:
    """(who, `→` or `←`, the frame) of each line; a line in between lets ten minutes go by."""
    (block,) = code_blocks(section(PAGE, "The protocol"), "text")
    lines: list[tuple[str, str, Any]] = []
    for line in block.splitlines():
        found = re.fullmatch(r"(\w+) ([→←]) (.*)", line)
        lines.append((found[1], found[2], json.loads(found[3])) if found else ("", "", None))
    return lines


def masked(told: Any, shown: Any) -> Any:
    """What was told, with `…` where the guide leaves something out."""
    if shown == "…" and isinstance(told, str):
        return shown
    if isinstance(told, dict) and isinstance(shown, dict):
        return {key: masked(value, shown.get(key)) for key, value in told.items()}
    if isinstance(told, list) and isinstance(shown, list) and len(told) == len(shown):
        return [masked(*pair) for pair in zip(told, shown, strict=True)]
    return told


async def test_the_lesson_of_the_guide_goes_over_the_wire_as_it_stands_there(house: House) -> None:
    voices: dict[str, Voice] = {}
    heard: dict[str, list[Any]] = {}
    for who, way, frame in transcript():
        if not who:
            await house.at(house.minutes + 10)
        elif way == "→":
            if who not in voices:
                voices[who], heard[who] = await house.connect(who.lower()), []
            await voices[who].ws.send_json(frame)
            heard[who] += await voices[who].flush()
            await house.tell()
        else:
            heard[who] += await voices[who].hears()
            told = heard[who].pop(0)
            assert masked(told, frame) == frame
    assert {who: [*rest, *await voices[who].hears()] for who, rest in heard.items()} == {"Grace": [], "Ada": []}


def test_the_guide_names_every_word_of_the_protocol() -> None:
    from bot.attendance.checks.joining import JoiningState
    from bot.attendance.checks.notes import EventWord
    from bot.attendance.checks.refused import RefusalCode
    from bot.attendance.checks.run import EndReason, StartReason

    protocol = section(PAGE, "The protocol")
    words = {each.value for kind in (JoiningState, EventWord, RefusalCode, EndReason, StartReason) for each in kind}
    assert {word for word in words if f"`{word}`" not in protocol} == set()
