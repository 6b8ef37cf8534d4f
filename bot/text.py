"""Text from outside, made safe to keep and to show."""

import re
import unicodedata

LONGEST = 200

#: Python's `str.strip` and `\s` leave some of these; each would break a line or end a cell
_LINE_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")

_UNWANTED = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls: PostgreSQL refuses NUL, terminals obey the others
    "\ud800-\udfff"  # lone surrogates: no database can encode them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: a name could turn round the text beside it
    "]"
)


#: the marks above and below letters that order names only where nothing else does; not the vowel signs of India
_MARKS = re.compile("[\u0300-\u036f]")

#: letters that no decomposition takes apart, in small
_ALONE = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th", "ŧ": "t"}
)


def clean_text(text: str, *, longest: int = LONGEST) -> str:
    """The text on one line: no controls, no lone surrogates, no bidi controls, at most `longest` characters.

    Cleaning clean text changes nothing.
    """
    on_one_line = _LINE_BREAKS.sub(" ", text)
    return _UNWANTED.sub("", on_one_line).strip()[:longest].rstrip()


def name_order(name: str) -> tuple[str, str, str]:
    """The key that sorts names as people look them up: Çelik between Cole and Conti, capitals and small ones together.

    What is the same without accents is ordered by them.
    """
    if name.isascii():
        folded = name.casefold()
        return folded, folded, name
    letters = unicodedata.normalize("NFD", name.casefold())
    return _MARKS.sub("", letters).translate(_ALONE), letters, name


def width_of(text: str) -> int:
    """How many columns of a terminal it takes: wide letters two, marks above and below others none."""
    return sum(map(_columns, text))


def in_columns(text: str, columns: int) -> str:
    """The text in a column of this width: filled with spaces, or cut."""
    taken, used = len(text), 0
    for place, letter in enumerate(text):
        used += _columns(letter)
        if used > columns:
            taken = place
            break
    shown = text[:taken]
    return shown + " " * (columns - width_of(shown))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
