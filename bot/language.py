"""The words of a language: every text that people read is asked for here.

gettext underneath: the English sentence is the key, and a language is a catalogue. What Slack says is English yet;
documents are there in German too, each as a whole: a text that is half translated is worse than none.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH: Final = "en"
#: Of what is said in Slack, in a terminal and over HTTP.
CATALOGUES: Final[Mapping[str, gettext.NullTranslations]] = {ENGLISH: gettext.NullTranslations()}
#: Of documents: those with a catalogue in `bot/catalogues`.
DOCUMENT_LANGUAGES: Final = (ENGLISH, "de")


class Words:
    """The sentences of one language."""

    __slots__ = ("_catalogue",)

    def __init__(self, catalogue: gettext.NullTranslations) -> None:
        self._catalogue = catalogue

    def text(self, sentence: str, /, **values: object) -> str:
        """The sentence in this language, with its `{placeholders}` filled; braces in a value stay as they are."""
        return self._catalogue.gettext(sentence).format(**values)

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form that the language has for this number, with `{n}` and the other placeholders filled."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)


@cache
def words_for(language: str) -> Words:
    """The words of a language such as `it` or `it-IT`; English where there is no catalogue."""
    return Words(CATALOGUES.get(_base(language), CATALOGUES[ENGLISH]))


@cache
def document_words(language: str) -> Words:
    """The words that documents have in a language; English where there is no catalogue."""
    written = document_language(language)
    return Words(gettext.NullTranslations() if written == ENGLISH else _catalogue(written))


def document_language(language: str) -> str:
    """The language in which documents are written for who reads this one."""
    base = _base(language)
    return base if base in DOCUMENT_LANGUAGES else ENGLISH


def _base(language: str) -> str:
    return language.replace("_", "-").split("-", maxsplit=1)[0].lower()


def _catalogue(language: str) -> gettext.NullTranslations:
    """The `.po` file as gettext reads it: there is no compiled file that could be older than its source."""
    source = files("bot.catalogues").joinpath(f"{language}.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
