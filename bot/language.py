"""The words of a language: every text that people read is asked for here.

gettext underneath: the English sentence is the key, and a language is a catalogue. English is the only one yet, so its
catalogue is empty and every sentence stands for itself.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from typing import Final

ENGLISH: Final = "en"
CATALOGUES: Final[Mapping[str, gettext.NullTranslations]] = {ENGLISH: gettext.NullTranslations()}


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
    return Words(CATALOGUES.get(language.split("-", maxsplit=1)[0].lower(), CATALOGUES[ENGLISH]))
