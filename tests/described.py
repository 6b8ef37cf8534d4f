"""The HTTP API as its description has it: a client that compares each reply with `handlers/openapi.json`."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from yarl import URL

DESCRIPTION: dict[str, Any] = json.loads(Path("handlers/openapi.json").read_text(encoding="utf-8"))
#: HEAD is answered as GET is, without a body.
SAME = {"HEAD": "get"}


class DescribedClient(TestClient[Any, Any]):
    """Fails where a reply is not as described: its status, its kind, or a field too few, too many or of another kind.

    What is not described is not looked at: addresses that there are not, and doors for others than programs.
    """

    async def _request(self, method: str, path: Any, **options: Any) -> ClientResponse:
        reply = await super()._request(method, path, **options)
        check(method, URL(str(path)).path, reply.status, reply.content_type, await reply.read())
        return reply


def check(method: str, path: str, status: int, content_type: str, body: bytes) -> None:
    """Raises `AssertionError`, which names what is not as described."""
    described = operation(SAME.get(method, method.lower()), path)
    if described is None:
        return
    replies = described["responses"]
    assert str(status) in replies, f"{method} {path}: {status} is not described"
    kinds = resolved(replies[str(status)]).get("content", {})
    if method == "HEAD" or (not kinds and not body):
        return
    assert content_type in kinds, f"{method} {path}: {status} as {content_type} is not described"
    if content_type == "application/json":
        schema = closed(kinds[content_type]["schema"])
        validator = jsonschema.Draft202012Validator({**schema, "components": closed(DESCRIPTION["components"])})
        wrong = [f"{each.json_path}: {each.message}" for each in validator.iter_errors(json.loads(body))]
        assert not wrong, f"{method} {path}: {'; '.join(wrong)}"


def operation(method: str, path: str) -> dict[str, Any] | None:
    """What is described of a method at an address; the plain address counts before one with a part left open."""
    found = (methods for pattern, methods in _paths() if pattern.fullmatch(path) and method in methods)
    return next((methods[method] for methods in found), None)


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    paths = sorted(DESCRIPTION["paths"].items(), key=lambda each: each[0].count("{"))
    return [(re.compile(_pattern(path)), methods) for path, methods in paths]


def _pattern(path: str) -> str:
    return "".join(_parts(path))


def _parts(path: str) -> Iterator[str]:
    for part in re.split(r"(\{\w+\})", path):
        yield r"[^/.]+" if part == "{form}" else r"[^/]+" if part.startswith("{") else re.escape(part)


def resolved(described: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    while "$ref" in described:
        *_, group, name = described["$ref"].split("/")
        described = DESCRIPTION["components"][group][name]
    return described


def closed(schema: Any) -> Any:
    """The same with no room for fields that are not described, unless it says so."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **inner} if isinstance(inner.get("properties"), dict) else inner
