"""How large something of the sandbox is: every collection that can be reached from it, by the names on the way."""

import dataclasses
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from typing import Any

#: What is thrown away in lots (calls) is never more than so much over what is kept.
LEEWAY = 1.15


def contents(thing: Any) -> Iterator[tuple[str, Any]]:
    """What a thing of the sandbox holds, by name; entries of a collection have no names of their own."""
    if isinstance(thing, Mapping):
        yield from (("[]", each) for pair in thing.items() for each in pair)
    elif isinstance(thing, list | tuple | set | frozenset | deque):
        yield from (("[]", each) for each in thing)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        yield from ((each.name, getattr(thing, each.name)) for each in dataclasses.fields(thing))
    elif type(thing).__module__.startswith("sandbox."):
        yield from getattr(thing, "__dict__", {}).items()


def sizes(root: Any) -> Counter[str]:
    """How many entries are in the collections that can be reached, by the path of names to them."""
    found: Counter[str] = Counter()
    seen: set[int] = set()
    left = [("", root)]
    while left:
        path, thing = left.pop()
        if id(thing) in seen or isinstance(thing, str | bytes | int):
            continue
        seen.add(id(thing))
        if isinstance(thing, Mapping | list | tuple | set | frozenset | deque):
            found[path] += len(thing)
        left += [(f"{path}.{name}" if name != "[]" else f"{path}[]", each) for name, each in contents(thing)]
    return found


def grown(before: Counter[str], after: Counter[str]) -> dict[str, tuple[int, int]]:
    """What is larger than before, beyond what lies between two times of throwing away."""
    return {path: (before[path], n) for path, n in after.items() if n > before[path] * LEEWAY + 10}
