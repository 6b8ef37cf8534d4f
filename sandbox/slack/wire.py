"""The ways in which arguments come over HTTP: query string, form, multipart and JSON."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.slack.errors import Refused
from sandbox.slack.methods import METHODS

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_NOTHING = {"application/octet-stream", "text/plain"}  # what clients put over an empty body


async def read_request(request: web.Request, method: str) -> tuple[dict[str, Any], str | None]:
    """Return the arguments and the token; the body wins over the query string.

    Raises `Refused` for a body that cannot be read.
    """
    arguments: dict[str, Any] = dict(request.query)
    if request.method == "POST":
        arguments |= await _body(request, method)
    token = arguments.pop("token", None)
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        token = bearer.strip()
    return arguments, token


async def read_upload(request: web.Request) -> bytes:
    """Return the bytes of a file: the raw body, or the one part of a multipart form, whatever its name."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = next(iter((await request.post()).values()), "")
    if isinstance(part, web.FileField):
        return part.file.read()
    return part.encode() if isinstance(part, str) else bytes(part)


async def _body(request: web.Request, method: str) -> Mapping[str, Any]:
    if not request.can_read_body:
        return {}
    if request.content_type == "application/json":
        return _json(await request.read(), method)
    if request.content_type in _FORMS:
        try:
            form = await request.post()
        except ValueError:
            raise Refused("invalid_form_data") from None
        return {name: value for name, value in form.items() if isinstance(value, str)}
    if request.content_type in _NOTHING and not await request.read():
        return {}
    raise Refused("invalid_post_type")


def _json(raw: bytes, method: str) -> Mapping[str, Any]:
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    spec = METHODS.get(method)
    if spec is not None and not spec.takes_json:
        return {}  # Slack does not read it, so that what is required will be missing
    body.pop("token", None)  # only forms and query strings may carry one
    return body
