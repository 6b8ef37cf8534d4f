"""Which methods the Web API has, what each takes and what it asks for; the facts are in methods.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

ArgumentKind = Literal["string", "boolean", "integer", "number", "json", "list"]

# The token says for which workspace; Bolt adds team_id to every call all the same.
EVERYWHERE: Mapping[str, ArgumentKind] = {"team_id": "string", "token": "string"}


@dataclass(frozen=True, slots=True)
class MethodSpec:
    """The public facts about one method.

    Any one of `scopes` opens it (which one can depend on the conversation), `tier` is t1 … t5 or None, `takes_json`
    says whether a JSON body is read at all, `errors` are those that its reference page lists.
    """

    name: str
    scopes: tuple[str, ...]
    tier: str | None
    takes_json: bool
    required: tuple[str, ...]
    arguments: Mapping[str, ArgumentKind]
    errors: tuple[str, ...]


def _load() -> dict[str, MethodSpec]:
    raw = json.loads(files("sandbox.slack").joinpath("methods.json").read_text(encoding="utf-8"))
    return {
        name: MethodSpec(
            name=name,
            scopes=tuple(facts["scopes"]),
            tier=facts["tier"],
            takes_json=facts["json"],
            required=tuple(facts["required"]),
            arguments=facts["arguments"],
            errors=tuple(facts["errors"]),
        )
        for name, facts in raw.items()
    }


METHODS: Mapping[str, MethodSpec] = _load()
