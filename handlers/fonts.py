"""Which letters the fonts of this machine can print: typst says nothing where one is missing, it prints a box.

Each font file says itself which letters it has: in its table `cmap`, of which formats 4 and 12 hold everything
(https://learn.microsoft.com/typography/opentype/spec/cmap).
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import error, unpack_from
from typing import Final

import typst

#: First and last letter.
Range = tuple[int, int]

#: What typst brings itself (Libertinus Serif, DejaVu Sans Mono): these fonts have no file that could be read.
BROUGHT: Final[Sequence[Range]] = ((0x20, 0x17F), (0x386, 0x3CE), (0x400, 0x45F))
#: They claim every letter and print a box.
LAST_RESORTS: Final = ("lastresort", "last resort", "adobe blank", "noto sans blank")
#: Marks, joiners and selectors print nothing by themselves.
UNSEEN: Final = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
#: Scripts that names come in, each with a letter or two.
SCRIPTS: Final = {
    "Latin": "Aéłğ",
    "Greek": "Ελ",
    "Cyrillic": "Жї",
    "Arabic": "عپ",
    "Hebrew": "דש",
    "Armenian": "Հա",
    "Georgian": "ქა",
    "Amharic": "አማ",
    "Hindi": "अह",
    "Bengali": "আম",
    "Tamil": "அம",
    "Thai": "กอ",
    "Chinese": "王明",
    "Japanese": "さタ",
    "Korean": "김이",
}


class Fonts:
    """The fonts of this machine, or typst's own alone. Looked for once, when first needed: it takes half a second."""

    def __init__(self, *, of_machine: bool = True) -> None:
        self._of_machine = of_machine

    @cached_property
    def typst(self) -> typst.Fonts:
        """What typst sets with."""
        return typst.Fonts(include_system_fonts=self._of_machine)

    def can_print(self, text: str) -> bool:
        """Whether some font has each letter."""
        return all(self._has(ord(letter)) for letter in text if not _is_unseen(letter))

    def missing_scripts(self) -> list[str]:
        """Scripts that print as boxes."""
        return [script for script, letters in SCRIPTS.items() if not self.can_print(letters)]

    def _has(self, letter: int) -> bool:
        place = bisect_right(self._starts, letter) - 1
        return place >= 0 and letter <= self._ranges[place][1]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._ranges]

    @cached_property
    def _ranges(self) -> list[Range]:
        """Everything that some font has, in order, nothing twice."""
        found = [*BROUGHT]
        paths = {
            Path(font.path)
            for font in self.typst.fonts()
            if font.path is not None and not font.family.lower().startswith(LAST_RESORTS)
        }
        for path in sorted(paths):
            found += letters_of(path)
        return _merged(found)


def letters_of(path: Path) -> list[Range]:
    """The letters of a font file, or of the first font of a collection; none where it cannot be read."""
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as font:
            start = unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
            for number in range(unpack_from(">H", font, start + 4)[0]):
                tag, _, offset, length = unpack_from(">4sIII", font, start + 12 + 16 * number)
                if tag == b"cmap":
                    return list(_letters(font[offset : offset + length]))
    except (OSError, ValueError, error):
        pass  # typst does not set with it either
    return []


def _letters(cmap: bytes) -> Iterator[Range]:
    """What the best subtable holds: all of Unicode, else its first plane."""
    offsets = [unpack_from(">I", cmap, 8 + 8 * number)[0] for number in range(unpack_from(">H", cmap, 2)[0])]
    by_format = {unpack_from(">H", cmap, offset)[0]: cmap[offset:] for offset in offsets}
    if 12 in by_format:
        table = by_format[12]
        for number in range(unpack_from(">I", table, 12)[0]):
            first, last, glyph = unpack_from(">III", table, 16 + 12 * number)
            yield (first, last) if glyph else (first + 1, last)
    elif 4 in by_format:
        yield from _of_first_plane(by_format[4])


def _of_first_plane(table: bytes) -> Iterator[Range]:
    """Format 4: segments of letters, some of which look each letter up and may find glyph 0, which is the box."""
    size = unpack_from(">H", table, 6)[0]
    many = f">{size // 2}H"
    lasts = unpack_from(many, table, 14)
    firsts, _, lookups = (unpack_from(many, table, 16 + size * place) for place in (1, 2, 3))
    for number, (first, last, lookup) in enumerate(zip(firsts, lasts, lookups, strict=True)):
        if first == 0xFFFF:
            continue
        if not lookup:
            yield first, last
            continue
        glyphs = 16 + 3 * size + 2 * number + lookup
        for letter in range(first, last + 1):
            if unpack_from(">H", table, glyphs + 2 * (letter - first))[0]:
                yield letter, letter


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in UNSEEN or unicodedata.name(letter, "").startswith("VARIATION SELECTOR")
