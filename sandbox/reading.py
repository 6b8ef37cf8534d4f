"""A message as a person reads it: links, mentions and dates resolved, marks of emphasis gone."""

import html
import re
from collections.abc import Iterator
from typing import Any

from sandbox.slack.model import Message
from sandbox.slack.workspace import Workspace

TOKEN = re.compile(r"<([^<>]+)>")
EMPHASIS = re.compile(r"(?<!\w)([*_~])(\S(?:[^\n]*?\S)?)\1(?!\w)")


def first_line(message: Message, workspace: Workspace) -> str:
    """The first line of the text that stands in notifications."""
    lines = as_read(message.text, workspace).splitlines()
    return lines[0].strip() if lines else ""


def whole(message: Message, workspace: Workspace) -> str:
    """Everything that can be read in it, labels of buttons included, a piece a line."""
    pieces = [message.text, *(text for block in message.blocks for text in _texts(block))]
    return "\n".join(as_read(piece, workspace) for piece in pieces)


def as_read(text: str, workspace: Workspace) -> str:
    shown = TOKEN.sub(lambda match: _shown(match.group(1), workspace), text)
    return html.unescape(EMPHASIS.sub(r"\2", shown))


def _shown(token: str, workspace: Workspace) -> str:
    target, _, label = token.partition("|")
    if label:
        return label
    known = workspace.persons if target.startswith("@") else workspace.channels
    named = known.get(target[1:])
    return f"{target[0]}{named.name}" if named and target[0] in "@#" else target


def _texts(node: Any) -> Iterator[str]:
    """Whatever stands under `text` or `alt_text`, however deep."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"text", "alt_text"} and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list | tuple):
        for entry in node:
            yield from _texts(entry)
