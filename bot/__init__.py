"""What we know and decide: rules, words and reports. No network, no SQL, no clock of its own."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

#: What Python calls the program while it loads: `python -m bot`, and the command that is installed.
_NAMES = frozenset({"-m", "rollcall"})


def _end_in_one_line(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  as Python calls it
    os.write(2, b"Interrupted.\n")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.raise_signal(signal.SIGINT)


if Path(sys.argv[0]).name in _NAMES:
    # Ctrl-C while it is still loading, which no command can catch; an exception might be lost in somebody's callback.
    signal.signal(signal.SIGINT, _end_in_one_line)
