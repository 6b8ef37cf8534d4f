"""YAML as we take it: lists, mappings and text with their lines. A scalar has no type until somebody gives it one.

Under YAML 1.1 the student *No* would be `False`, `0123` 83 and `18:00` 1080. Anchors and aliases are refused, because
nine lines of them can mean a billion entries; tags, because they would choose a type for us.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from bot.timetable.problems import BadCourseFile, Place, Problem

#: bytes; a course file of 5,000 students has half of it
LARGEST_FILE = 1024 * 1024
#: a course file has six levels
DEEPEST = 20

# libyaml reads ten times as fast; a build without it has only the other.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text."""

    text: str
    line: int
    #: a roster's or calendar's name; empty for the course file
    file: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: "tuple[Node, ...]"
    line: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; a key may stand twice."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    line: int
    file: str = ""


Node = Scalar | Sequence | Mapping


def read_yaml(text: str) -> Node:
    """The only document of a YAML text. Raises `BadCourseFile`."""
    try:
        if len(text.encode()) > LARGEST_FILE:
            raise _refused(1, "the file is larger than 1 MiB: write the students into a roster.csv, or split the file")
        return _Composer(text).document()
    except UnicodeEncodeError as error:
        raise _refused(_line_at(text, error.start), "here is half a character: save the file as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # A bracket that nobody closes is noticed behind the last line.
        line = min(mark.line, text.rstrip().count("\n")) + 1 if mark else 1
        raise _refused(line, f"this is no YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        # libyaml counts the position in bytes.
        line = _line_at(text, text.find(chr(error.character)))
        raise _refused(line, f"character #{error.character:04x} cannot stand in a text: remove it") from error


class _Composer:
    """Builds nodes from PyYAML's events, and counts the depth before Python's stack would."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Node:
        next(self._events)  # the stream begins
        begin = next(self._events)
        if isinstance(begin, yaml.StreamEndEvent):
            raise _refused(1, "the file is empty: it begins with `courses:`")
        node = self._node(next(self._events), depth=1)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _refused(_line(after), "a second document begins here: put all courses under one `courses:`")
        return node

    def _node(self, event: yaml.Event, *, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refused(line, "anchors (&) and aliases (*) are not read: write the value out, or put it in quotes")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _refused(line, "tags (!) are not read: leave it out, or put the value in quotes")
        if depth > DEEPEST:
            raise _refused(line, f"more than {DEEPEST} levels deep: a course file needs six")
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(yaml.SequenceEndEvent, depth=depth)), line)
        if isinstance(event, yaml.MappingStartEvent):
            nodes = list(self._items(yaml.MappingEndEvent, depth=depth))
            pairs = zip(nodes[::2], nodes[1::2], strict=True)
            return Mapping(tuple((_key(key), value) for key, value in pairs), line)
        assert isinstance(event, yaml.ScalarEvent)
        return Scalar(event.value, line)

    def _items(self, end: type[yaml.Event], *, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), end):
            yield self._node(event, depth=depth + 1)


def _key(node: Node) -> Scalar:
    if isinstance(node, Scalar):
        return node
    raise _refused(node.line, "a list or a mapping cannot be a key: is a quote or a colon missing?")


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None, "both loaders mark their events"
    return event.start_mark.line + 1


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _refused(line: int, message: str) -> BadCourseFile:
    return BadCourseFile([Problem(place=Place(line=line), message=message)])
