"""`rollcall serve` that has its process group killed at a named point of its work, once a file is there.

python -m tests.lessons.dying_bot "before a batch is written" ARMED
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from bot.__main__ import main
from storage.database import Store
from storage.deliveries import Deliveries
from storage.messages import Messages


@dataclass(frozen=True)
class Point:
    """Right before, or right after, a method does its work."""

    owner: type
    method: str
    is_after: bool


WHILE_APPLIED = "while deliveries are applied"
POINTS: Mapping[str, Point] = {
    "before a batch is written": Point(Store, "keep", is_after=False),
    "after a batch is on disk and before anybody is told": Point(Store, "keep", is_after=True),
    # In one transaction, after the events are written and before their deliveries are settled.
    WHILE_APPLIED: Point(Deliveries, "settle", is_after=False),
    # In one transaction, after the lessons are kept and what is to be said of them is written.
    "while decisions are kept": Point(Messages, "want", is_after=True),
}


def die_at(point: Point, armed: Path) -> None:
    """Have the method kill the process group once `armed` exists."""
    original = getattr(point.owner, point.method)

    @wraps(original)
    async def dying(*args: Any, **named: Any) -> Any:
        if not point.is_after:
            die_if(armed)
        result = await original(*args, **named)
        die_if(armed)
        return result

    setattr(point.owner, point.method, dying)


def die_if(armed: Path) -> None:
    if armed.exists():
        os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    die_at(POINTS[sys.argv[1]], Path(sys.argv[2]))
    sys.argv = ["rollcall", "serve"]
    main()
