"""A message's blocks as a whole: how many, how much, and which only once."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.slack.judge.blocks import block_on, unique_block_ids
from sandbox.slack.judge.schema import Flaw, array, listed

BLOCKS_PER_MESSAGE = 50
CHARTS_PER_MESSAGE = 2
TABLES_PER_MESSAGE = 1
MARKDOWN_CHARACTERS = 12_000
# Undocumented, found by people who ran into it (bolt-js #2509): the JSON of a message's blocks may be so long.
# Tables and charts have limits of their own, which could not be reached within this one, so they are not counted.
CHARACTERS = 13_200
_UNCOUNTED = frozenset({"table", "data_table", "data_visualization"})

_BLOCKS = array(block_on("message"), 0, BLOCKS_PER_MESSAGE)


def check_message(blocks: Any, pointer: str = "/blocks") -> list[Flaw]:
    """Return everything that is wrong with the blocks of a message."""
    return [*_BLOCKS(blocks, pointer), *unique_block_ids(blocks, pointer), *_totals(blocks, pointer)]


def too_long(blocks: list[Any]) -> bool:
    """Say whether the blocks are more than Slack takes in one message, though each may be fine."""
    counted = [block for block in blocks if block.get("type") not in _UNCOUNTED]
    return len(json.dumps(counted, ensure_ascii=False, separators=(",", ":"))) > CHARACTERS


def _totals(blocks: Any, pointer: str) -> Iterator[Flaw]:
    known = [block for block in listed(blocks) if isinstance(block, dict)]
    kinds = [block.get("type") for block in known]
    if kinds.count("data_visualization") > CHARTS_PER_MESSAGE:
        yield Flaw(pointer, "too_many", f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed")
    for kind in ("table", "data_table"):
        if kinds.count(kind) > TABLES_PER_MESSAGE:
            yield Flaw(pointer, "too_many", f"only one {kind} block allowed")
    markdown = [block.get("text") for block in known if block.get("type") == "markdown"]
    if len(markdown) > 1 and sum(len(text) for text in markdown if isinstance(text, str)) > MARKDOWN_CHARACTERS:
        yield Flaw(pointer, "too_long", f"no more than {MARKDOWN_CHARACTERS} characters in all markdown blocks")
