"""A message that Slack would refuse as a whole is never made."""

import pytest

from bot.messages.blocks import section, table
from bot.messages.message import Message, size


def test_the_first_line_is_the_fact() -> None:
    assert Message("Python 101 is over\nBob was late", []).first_line == "Python 101 is over"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_message_without_a_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="without a text"):
        Message(text, [section("x")])


def test_a_text_of_more_than_four_thousand_characters_is_refused() -> None:
    Message("x" * 4000, [])
    with pytest.raises(ValueError, match="4001 characters"):
        Message("x" * 4001, [])


def test_more_than_fifty_blocks_are_refused() -> None:
    Message("x", [section("x")] * 50)
    with pytest.raises(ValueError, match="51 blocks"):
        Message("x", [section("x")] * 51)


def test_more_block_json_than_slack_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="characters of blocks"):
        Message("x", [section("x" * 2900)] * 5)


def test_a_table_has_a_limit_of_its_own() -> None:
    assert size([table(caption="x", header=["x"], rows=[["x" * 10_000]], page_size=5)]) == len("[]")
