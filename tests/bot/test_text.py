"""Text from outside is made safe once, in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import LONGEST, clean_text, in_columns, name_order, width_of

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


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("Ada", 3),
        ("欧阳娜娜", 8),
        ("ｱﾀﾞ", 3),
        ("Ｆｕｌｌ", 8),
        ("Zoë", 3),
        ("Zoe\u0308", 3),
        ("\u200bAda", 3),
        ("아다", 4),
    ],
)
def test_wide_letters_take_two_columns_and_marks_none(text: str, columns: int) -> None:
    assert width_of(text) == columns


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Ada", "Ada   "),
        ("欧阳", "欧阳  "),
        ("欧阳娜娜", "欧阳娜"),
        ("a欧阳娜", "a欧阳 "),
        ("Zoe\u0308 Kay", "Zoe\u0308 Ka"),
    ],
)
def test_a_column_is_filled_or_cut_to_its_width(text: str, column: str) -> None:
    assert in_columns(text, 6) == column


def test_names_are_ordered_as_people_look_them_up() -> None:
    ordered = [
        "Ada Lovelace", "ada lovelace", "Áda Lovelace", "Ángel Ruiz", "Bea Łącka", "Bea Lang", "Céline Çelik",
        "Çiğdem Ak", "Cole Porter", "Élodie Høeg", "Élodie Home", "Emil Zola", "Øyvind Lie", "Zoë Zhang",
        "Борис Белый", "कमला", "कुमार", "王小明",
    ]  # fmt: skip
    backwards = ordered[::-1]
    assert sorted(backwards, key=name_order) == ordered
