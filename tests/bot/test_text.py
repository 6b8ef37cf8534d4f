"""Text from outside is made safe once, in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import LONGEST, clean_text

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada\t\nLovelace\u2028 ", "Ada Lovelace"),
        ("A\x00da\x1b[31m", "Ada[31m"),
        ("Ada \ud83d", "Ada"),
        ("\u202eecalevoL", "ecalevoL"),
        ("Zoë 🚒 – ’", "Zoë 🚒 – ’"),
        ("\u200f\u2066", ""),
    ],
)
def test_a_name_is_shown_without_what_could_harm_the_text_beside_it(given_text: str, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


@given(ANYTHING)
def test_cleaned_text_can_be_kept_and_is_never_long(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert len(cleaned) <= LONGEST


@given(ANYTHING)
def test_cleaning_clean_text_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


def test_a_long_name_is_cut() -> None:
    assert clean_text("x" * 300) == "x" * LONGEST
    assert clean_text("x" * 300, longest=3) == "xxx"
