"""The keys of one mapping of the course file: each is asked for by name, and what nobody asked for is unknown."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.timetable.nodes import Mapping, Node, Scalar, Sequence
from bot.timetable.problems import Place, Problems, quoted

T = TypeVar("T")

#: of 100; below it a suggestion would only confuse
_SIMILAR_ENOUGH = 60

_SHAPES = {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}


class Fields:
    """One mapping, read key by key; `finish` names what is unknown or stands twice.

    Readers take a text and raise `ValueError` with the sentence for the user. An empty value counts as missing.
    """

    def __init__(self, node: Mapping, path: str, problems: Problems) -> None:
        self.place = Place(line=node.line, path=path, file=node.file)
        self.problems = problems
        self._node = node
        self._values: dict[str, Node] = {}
        self._asked: list[str] = []
        self._lines: dict[str, int] = {}
        for key, value in node.entries:
            if key.text in self._values:
                problems.add(self._place(key.text, key.line), "is written twice: keep one")
            self._values.setdefault(key.text, value)
            self._lines.setdefault(key.text, key.line)

    def has(self, key: str) -> bool:
        """Whether the key is there and not empty."""
        return self.node(key) is not None

    def is_empty(self, key: str) -> bool:
        """Whether the key is there with nothing behind it."""
        return key in self._values and not self.has(key)

    def node(self, key: str) -> Node | None:
        """The value of a key, whatever its shape; None where it is missing or empty."""
        if key not in self._asked:
            self._asked.append(key)
        value = self._values.get(key)
        return None if isinstance(value, Scalar) and not value.text.strip() else value

    def place_of(self, key: str) -> Place:
        """Where a key stands, or the mapping where it is missing."""
        return self._place(key, self._lines.get(key, self.place.line))

    def optional(self, key: str, read: Callable[[str], T]) -> T | None:
        """The value of a key; None where it is missing, or wrong and reported."""
        value = self.node(key)
        if value is None:
            return None
        if not isinstance(value, Scalar):
            self.problems.add(self.place_of(key), f"is {_SHAPES[type(value)]}, but a single value belongs here")
            return None
        return self.problems.attempt(self.place_of(key), partial(read, value.text.strip()))

    def required(self, key: str, read: Callable[[str], T], *, remedy: str) -> T | None:
        """As `optional`, but a missing value is a mistake; `remedy` says what to write."""
        if not self.has(key):
            self.missing(key, remedy)
        return self.optional(key, read)

    def missing(self, key: str, remedy: str) -> None:
        """Report that a key is missing or empty."""
        self.problems.add(self.place_of(key), f"{'is empty' if self.is_empty(key) else 'is missing'}: {remedy}")

    def items(self, key: str) -> Iterator[tuple[str, Node]]:
        """The items of a list, each with its path; nothing where the list is missing, or no list and reported."""
        value = self.node(key)
        if value is None:
            return
        if not isinstance(value, Sequence):
            self.problems.add(self.place_of(key), f"is {_SHAPES[type(value)]}, but a list belongs here: write [ … ]")
            return
        path = self.place_of(key).path
        for index, item in enumerate(value.items):
            yield f"{path}[{index}]", item

    def texts(self, key: str, read: Callable[[str], T]) -> tuple[T, ...] | None:
        """A list of single values; None where the key is missing. Wrong items are reported and left out."""
        if not self.has(key):
            return None
        found: list[T] = []
        for path, item in self.items(key):
            place = Place(line=item.line, path=path, file=item.file)
            if not isinstance(item, Scalar):
                self.problems.add(place, f"is {_SHAPES[type(item)]}, but a single value belongs here")
                continue
            value = self.problems.attempt(place, partial(read, item.text.strip()))
            if value is not None:
                found.append(value)
        return tuple(found)

    def mapping(self, key: str) -> "Fields | None":
        """A mapping inside this one; None where it is missing, or no mapping and reported."""
        value = self.node(key)
        return None if value is None else fields_of(value, self.place_of(key).path, self.problems)

    def finish(self) -> None:
        """Report the keys that nobody asked for, with the nearest that is known."""
        for key, _ in self._node.entries:
            if key.text not in self._asked:
                self.problems.add(self._place(key.text, key.line), f"is unknown here{nearest(key.text, self._asked)}")

    def _place(self, key: str, line: int) -> Place:
        name = quoted(key)[1:-1]
        path = f"{self.place.path}.{name}" if self.place.path else name
        return Place(line=line, path=path, file=self.place.file)


def fields_of(node: Node, path: str, problems: Problems) -> Fields | None:
    """The keys of a node; None, reported, where it is no mapping."""
    if isinstance(node, Mapping):
        return Fields(node, path, problems)
    place = Place(line=node.line, path=path, file=node.file)
    problems.add(
        place, f"is {_SHAPES[type(node)]}, but a mapping of keys and values belongs here: write {{key: value}}"
    )
    return None


def nearest(value: str, known: list[str]) -> str:
    """The end of a sentence that says what may have been meant: the nearest of the known, else all of them."""
    best = process.extractOne(value, known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_SIMILAR_ENOUGH)
    if best is not None:
        return f": did you mean `{best[0]}`?"
    return f": known are {', '.join(known)}" if len(known) <= 30 else ""
