"""Who lives in a workspace, read from a file: people and channels, each as `Workspace` takes them."""

from collections.abc import Callable
from typing import Any

import yaml

from sandbox.errors import SandboxError
from sandbox.slack.workspace import Workspace


def move_in(text: str, workspace: Workspace) -> None:
    """Add the people and channels of a YAML text; raises `SandboxError` that names the entry with a mistake."""
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise SandboxError(f"the people: no YAML: {problem}") from None
    if not isinstance(told, dict) or not told.keys() <= {"people", "channels"}:
        raise SandboxError("the people: a mapping of `people` and `channels` is needed")
    for entry in _entries(told, "people"):
        _add(workspace.add_person, entry, ("id", "name"))
    for entry in _entries(told, "channels"):
        _add(workspace.add_channel, entry, ("name",))


def _entries(told: dict[str, Any], key: str) -> list[Any]:
    entries = told.get(key) or []
    if not isinstance(entries, list):
        raise SandboxError(f"the people: `{key}` has to be a list")
    return entries


def _add(add: Callable[..., object], entry: Any, words: tuple[str, ...]) -> None:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(word), str) for word in words):
        raise SandboxError(f"the people: {entry!r} needs {' and '.join(words)}, in words")
    try:
        add(**entry)
    except (TypeError, ValueError, KeyError) as problem:  # an unknown field, a second id, a member or zone of nowhere
        raise SandboxError(f"the people: {entry!r}: {problem}") from None
