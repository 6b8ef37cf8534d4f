"""Arguments: known, present and of the right type, however they came over the wire."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.slack.errors import Refused
from sandbox.slack.methods import EVERYWHERE, MethodSpec

_WHOLE = re.compile(r"-?\d+")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


class _WrongTypeError(ValueError):
    """The value cannot be read as its kind."""


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongTypeError("must be a string")
    return value


def _boolean(value: Any) -> bool:
    known = _BOOLEANS.get(str(value).lower()) if isinstance(value, bool | int | str) else None
    if known is None:
        raise _WrongTypeError("must be a boolean")
    return known


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and _WHOLE.fullmatch(value))):
        raise _WrongTypeError("must be an integer")
    return int(value)


def _structure(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise _WrongTypeError("must be valid JSON") from None
    if not isinstance(value, dict | list):
        raise _WrongTypeError("must be an object or an array")
    return value


def _list(value: Any) -> list[Any]:
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    structure = _structure(value)
    if not isinstance(structure, list):
        raise _WrongTypeError("must be an array")
    return structure


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "number": _integer,  # every `number` of the methods known here is a count
    "json": _structure,
    "list": _list,
}
_OWN_FORMAT_ERROR = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}


def unknown_arguments(spec: MethodSpec, arguments: Mapping[str, Any]) -> list[str]:
    """List the names that the method does not have; Slack ignores them, so each is likely a slip."""
    return sorted(set(arguments) - set(spec.arguments) - set(EVERYWHERE))


def read_arguments(spec: MethodSpec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known arguments as typed values; null is the same as left out.

    Raises `Refused` with `invalid_arguments` and one message per mistake, or with the argument's own format error.
    """
    given = {name: value for name, value in arguments.items() if value is not None and name in spec.arguments}
    messages = [
        f"[ERROR] missing required field: {name}" for name in spec.required if given.get(name, "") in ("", [], {})
    ]
    typed: dict[str, Any] = {}
    for name, value in given.items():
        kind = spec.arguments[name]
        if value == "" and kind != "string":
            continue
        try:
            typed[name] = _READERS[kind](value)
        except _WrongTypeError as wrong:
            if _OWN_FORMAT_ERROR.get(name) in spec.errors:
                raise Refused(_OWN_FORMAT_ERROR[name], messages=[f"[ERROR] {wrong} [json-pointer:/{name}]"]) from None
            messages.append(f"[ERROR] {wrong} [json-pointer:/{name}]")
    if messages:
        raise Refused("invalid_arguments", messages=messages)
    return typed
