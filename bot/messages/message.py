"""A message as Slack takes it, whom it is written for, and the limits that hold for every one."""

import json
from dataclasses import dataclass
from typing import Any, Final

Block = dict[str, Any]

#: Block Kit: blocks in one message.
MOST_BLOCKS: Final = 50
#: Characters of block JSON in one message. Undocumented: Slack answers `msg_blocks_too_long` a little above it though
#: every block is legal (https://github.com/slackapi/bolt-js/issues/2509). Tables have a larger limit of their own.
MOST_CHARACTERS: Final = 13_200
#: Slack advises at most this for `text`; it cuts at ten times as much.
LONGEST_TEXT: Final = 4_000
_HAS_OWN_LIMIT: Final = "data_table"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a message is written for; of a channel, the course's language and zone."""

    language: str = "en"
    #: IANA name, for times where Slack cannot show each reader's own
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in Slack: blocks, and a text for notifications and screen readers whose first line carries the fact.

    Raises `ValueError` for what Slack would refuse as a whole; each block is held to its limits where it is made.
    """

    text: str
    blocks: list[Block]

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a message without a text is silent to who cannot see it")
        if len(self.text) > LONGEST_TEXT:
            raise ValueError(f"a text of {len(self.text)} characters: at most {LONGEST_TEXT}")
        if len(self.blocks) > MOST_BLOCKS:
            raise ValueError(f"{len(self.blocks)} blocks: at most {MOST_BLOCKS}")
        if (characters := size(self.blocks)) > MOST_CHARACTERS:
            raise ValueError(f"{characters} characters of blocks: at most {MOST_CHARACTERS}")

    @property
    def first_line(self) -> str:
        """The fact: what a notification shows."""
        return self.text.split("\n", 1)[0]


def size(blocks: list[Block]) -> int:
    """Characters of JSON that count against `MOST_CHARACTERS`."""
    counted = [block for block in blocks if block["type"] != _HAS_OWN_LIMIT]
    return len(json.dumps(counted, ensure_ascii=False, separators=(",", ":")))
