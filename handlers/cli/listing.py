"""How every `list` command prints: an array for programs, a line each for people."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

Listed = TypeVar("Listed")


def show_list(
    found: Iterable[Listed],
    *,
    as_json: bool,
    of: Callable[[Listed], object],
    line: Callable[[Listed], str],
    nothing: str,
) -> None:
    """Print them: `of` makes each one's JSON, `line` its words; for people `nothing` says that there is none."""
    entries = list(found)
    if as_json:
        print(json.dumps([of(each) for each in entries], indent=2, ensure_ascii=False))
        return
    for each in entries:
        print(line(each))
    if not entries:
        # Not on standard output, which may go into another program.
        print(nothing, file=sys.stderr)
