"""Sentences are asked for in the reader's language, with its plural forms; English is the only one yet."""

import gettext

import pytest

from bot.language import Words, words_for


@pytest.mark.parametrize("language", ["en", "en-GB", "EN", "xx", ""])
def test_english_stands_in_for_a_language_that_is_not_there(language: str) -> None:
    assert words_for(language).text("You are in") == "You are in"


def test_placeholders_are_filled_and_braces_in_a_value_stay() -> None:
    assert words_for("en").text("{title} is over", title="{0} {name}") == "{0} {name} is over"


@pytest.mark.parametrize(("n", "shown"), [(0, "0 students"), (1, "1 student"), (2, "2 students")])
def test_english_has_two_numbers(n: int, shown: str) -> None:
    assert words_for("en").count("{n} student", "{n} students", n) == shown


def test_other_values_stand_beside_the_number() -> None:
    assert words_for("en").count("{n} in {title}", "{n} in {title}", 2, title="Python") == "2 in Python"


def test_a_catalogue_gives_its_own_sentence() -> None:
    class Italian(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"{title} is over": "{title} è finita"}[message]

    assert Words(Italian()).text("{title} is over", title="Python 101") == "Python 101 è finita"
