"""What we know and decide: rules, words and reports. No network, no SQL, no clock of its own."""

import sys
from types import TracebackType

_usual = sys.excepthook


def _in_one_line(kind: type[BaseException], problem: BaseException, traceback: TracebackType | None) -> None:
    """Ctrl-C while the command line is still loading, which no command can catch, is no error of ours."""
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("Interrupted.\n")
    else:
        _usual(kind, problem, traceback)


sys.excepthook = _in_one_line
