"""A view as a whole: a modal or a Home tab."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.judge.blocks import block_on, unique_block_ids
from sandbox.slack.judge.elements import plain_text
from sandbox.slack.judge.schema import Check, Flaw, array, boolean, listed, nullable, one_of, record, string

BLOCKS_PER_VIEW = 100
VIEW_BYTES = 250_000

_COMMON: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_MODAL: dict[str, Check] = {
    "title": plain_text(24),
    "submit": nullable(plain_text(24)),
    "close": nullable(plain_text(24)),
    "clear_on_close": boolean(),
    "notify_on_close": boolean(),
    "submit_disabled": boolean(),
}


def _needs_submit(value: Any, at: str) -> Iterator[Flaw]:
    kinds = [block.get("type") for block in listed(value.get("blocks")) if isinstance(block, dict)]
    if "input" in kinds and not value.get("submit"):
        yield Flaw(at, "missing", "missing required field: submit, because there is an input")


def _one_focus(value: Any, at: str) -> Iterator[Flaw]:
    elements = [block.get("element") for block in listed(value.get("blocks")) if isinstance(block, dict)]
    if sum(bool(held.get("focus_on_load")) for held in elements if isinstance(held, dict)) > 1:
        yield Flaw(f"{at}/blocks", "too_many", "only one element may have focus_on_load")


def _unique(value: Any, at: str) -> Iterator[Flaw]:
    yield from unique_block_ids(value.get("blocks"), f"{at}/blocks")


def _view(kind: str, fields: Mapping[str, Check], required: tuple[str, ...], rules: tuple[Check, ...]) -> Check:
    block = block_on("modal" if kind == "modal" else "home")
    return record(
        {"type": one_of(kind), "blocks": array(block, 1, BLOCKS_PER_VIEW), **_COMMON, **fields},
        required=("type", "blocks", *required),
        rules=(_unique, _one_focus, *rules),
    )


_VIEWS: Mapping[str, Check] = {
    "modal": _view("modal", _MODAL, ("title",), (_needs_submit,)),
    "home": _view("home", {}, (), ()),
}


def check_view(view: Any, kind: str, *, pointer: str = "/view") -> list[Flaw]:
    """Return everything that is wrong with a view that should be a `modal` or a `home`."""
    return list(_VIEWS[kind](view, pointer))
