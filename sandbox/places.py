"""YAML that remembers where everything stood, so that a mistake can be named with its place.

Scalars stay text: `18:09` is no sexagesimal number and the student *No* is no truth value.
"""

from collections.abc import Collection
from typing import Any, NoReturn, TypeVar

import yaml

from sandbox.errors import ScenarioError

# libyaml reads ten times as fast; a build without it has only the other.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Text(str):
    """A scalar and its line."""

    __slots__ = ("line",)
    line: int


class Items(list[Any]):
    """A list and its line."""

    line: int = 0


class Fields(dict[str, Any]):
    """A mapping and its line."""

    line: int = 0


Kind = TypeVar("Kind", Text, Items, Fields)


class Problems:
    """Collects every mistake of one file, `FILE:LINE: where: what is wrong`, and raises them together."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[str] = []

    def add(self, line: int, where: str, what: str) -> None:
        self._found.append(f"{self._file}:{line}: {where}: {what}" if where else f"{self._file}:{line}: {what}")

    def at(self, value: Any, where: str, what: str) -> None:
        """The same, at the place of something that was read."""
        self.add(getattr(value, "line", 0) or 1, where, what)

    def stop(self, value: Any, where: str, what: str) -> NoReturn:
        """The same, where nothing can be read without it; raises ScenarioError."""
        self.at(value, where, what)
        raise ScenarioError(self._found)

    def raise_if_any(self) -> None:
        if self._found:
            raise ScenarioError(self._found)

    def of_kind(self, value: Any, kind: type[Kind], where: str) -> Kind:
        """`value` if it is of that kind, else an empty one and a problem."""
        if isinstance(value, kind):
            return value
        words = {Text: "a text", Items: "a list", Fields: "a mapping"}
        self.add(getattr(value, "line", 0), where, f"must be {words[kind]}")
        return kind()

    def no_others(self, fields: Fields, allowed: Collection[str], where: str) -> None:
        for key, value in fields.items():
            if key not in allowed:
                line = getattr(value, "line", fields.line)
                self.add(line, f"{where}.{key}".lstrip("."), f"unknown; known are {', '.join(sorted(allowed))}")


def parse(text: str, problems: Problems) -> Fields:
    """The file's mapping; raises ScenarioError at once where it is no YAML or no mapping."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problems.add(mark.line + 1 if mark else 1, "", f"no YAML: {error.problem}")
        node = None
    problems.raise_if_any()
    fields = problems.of_kind(_located(node, problems), Fields, "the file")
    problems.raise_if_any()
    return fields


def _located(node: yaml.Node | None, problems: Problems) -> Any:
    if isinstance(node, yaml.MappingNode):
        fields = Fields()
        fields.line = node.start_mark.line + 1
        for key, value in node.value:
            if key.value in fields:
                problems.add(key.start_mark.line + 1, key.value, "stands here twice")
            fields[key.value] = _located(value, problems)
        return fields
    if isinstance(node, yaml.SequenceNode):
        items = Items(_located(value, problems) for value in node.value)
        items.line = node.start_mark.line + 1
        return items
    text = Text(node.value if isinstance(node, yaml.ScalarNode) else "")
    text.line = node.start_mark.line + 1 if node else 1
    return text


def plain(value: Any) -> Any:
    """The same without places, to be written as YAML again."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return str(value)
