"""Reading what a page asks for."""

import json
import math
from typing import Any

from sandbox.page.scene import Json


class Unclear(Exception):
    """A page asked for something in a way that makes no sense; the text is for whoever looks at it."""


def read(body: bytes) -> Json:
    """The wish of a request's body."""
    try:
        wish = json.loads(body)
    except (ValueError, RecursionError):
        raise Unclear("an act is JSON") from None
    if not isinstance(wish, dict):
        raise Unclear("an act is a JSON object")
    return wish


def text(wish: Json, name: str, default: str | None = None) -> str:
    """A text of it; raises Unclear if it is missing and there is no default."""
    value = wish.get(name, default)
    if value is None and default is None:
        raise Unclear(f"{name} is missing")
    if not isinstance(value, str):
        raise Unclear(f"{name} must be a text")
    return value


def text_or_none(wish: Json, name: str) -> str | None:
    """A text of it, None if it is missing, null or empty."""
    return text(wish, name) if wish.get(name) else None


def texts(wish: Json, name: str) -> list[str]:
    """A list of texts, empty if it is not given."""
    value = wish.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Unclear(f"{name} must be a list of texts")
    return value


def number(wish: Json, name: str, *, low: float, high: float) -> float:
    """A number between two others."""
    value = wish.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unclear(f"{name} must be a number")
    if not low <= value <= high:
        raise Unclear(f"{name} must be between {low:g} and {high:g}")
    return float(value)


def flag(wish: Json, name: str) -> bool:
    value = wish.get(name)
    if not isinstance(value, bool):
        raise Unclear(f"{name} must be true or false")
    return value


def fields(wish: Json, name: str) -> dict[str, Any]:
    value = wish.get(name, {})
    if not isinstance(value, dict):
        raise Unclear(f"{name} must be an object")
    return value
