"""Which letters can be printed is read out of the font files themselves."""

from pathlib import Path
from struct import pack

import pytest

from handlers.fonts import Fonts, letters_of

A, Z = ord("A"), ord("Z")


def a_font(cmap: bytes) -> bytes:
    """A font file with nothing but this table."""
    return pack(">IHHHH", 0x00010000, 1, 0, 0, 0) + pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap


def with_subtables(*tables: bytes) -> bytes:
    """The table `cmap` with its subtables one after the other."""
    offset = 4 + 8 * len(tables)
    head = pack(">HH", 0, len(tables))
    for table in tables:
        head += pack(">HHI", 3, 1, offset)
        offset += len(table)
    return head + b"".join(tables)


def format_4(*segments: tuple[int, int, int], glyphs: tuple[int, ...] = ()) -> bytes:
    """(first, last, offset of the lookup or 0) of each, and the end that every one has."""
    all_ = [*segments, (0xFFFF, 0xFFFF, 0)]
    n = len(all_)
    body = pack(">HHHH", 2 * n, 0, 0, 0)
    body += pack(f">{n}H", *(last for _, last, _ in all_)) + pack(">H", 0)
    body += pack(f">{n}H", *(first for first, _, _ in all_)) + pack(f">{n}h", *(1 for _ in all_))
    body += pack(f">{n}H", *(lookup for _, _, lookup in all_)) + pack(f">{len(glyphs)}H", *glyphs)
    return pack(">HHH", 4, 6 + len(body), 0) + body


def format_12(*groups: tuple[int, int, int]) -> bytes:
    """(first, last, first glyph) of each."""
    return pack(">HHIII", 12, 0, 16 + 12 * len(groups), 0, len(groups)) + b"".join(pack(">III", *g) for g in groups)


def letters(tmp_path: Path, font: bytes) -> list[tuple[int, int]]:
    path = tmp_path / "font.ttf"
    path.write_bytes(font)
    return letters_of(path)


def test_segments_of_the_first_plane(tmp_path: Path) -> None:
    assert letters(tmp_path, a_font(with_subtables(format_4((A, Z, 0))))) == [(A, Z)]


def test_a_letter_that_is_looked_up_and_found_to_be_the_box_is_missing(tmp_path: Path) -> None:
    # The lookup counts from its own place, and the end's place lies between it and the glyphs.
    font = a_font(with_subtables(format_4((A, A + 2, 4), glyphs=(7, 0, 9))))
    assert letters(tmp_path, font) == [(A, A), (A + 2, A + 2)]


def test_all_planes_come_before_the_first_one(tmp_path: Path) -> None:
    font = a_font(with_subtables(format_4((A, Z, 0)), format_12((A, Z, 1), (0x1F600, 0x1F64F, 30))))
    assert letters(tmp_path, font) == [(A, Z), (0x1F600, 0x1F64F)]


def test_a_group_that_begins_with_the_box_begins_a_letter_later(tmp_path: Path) -> None:
    assert letters(tmp_path, a_font(with_subtables(format_12((A, Z, 0))))) == [(A + 1, Z)]


@pytest.mark.parametrize("broken", [b"", b"no font at all", a_font(with_subtables(format_12((A, Z, 1))))[:40]])
def test_a_file_that_cannot_be_read_has_none(tmp_path: Path, broken: bytes) -> None:
    assert letters(tmp_path, broken) == []


def test_a_file_that_is_gone_has_none(tmp_path: Path) -> None:
    assert letters_of(tmp_path / "gone.ttf") == []


def test_without_any_font_of_the_machine_there_are_latin_greek_and_cyrillic() -> None:
    bare = Fonts(of_machine=False)
    assert [bare.can_print(name) for name in ("Łukasz", "Ελένη", "Дмитрий", "王小明", "علي")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert {"Chinese", "Arabic", "Thai"} <= set(bare.missing_scripts())
    assert not {"Latin", "Greek", "Cyrillic"} & set(bare.missing_scripts())


def test_what_prints_nothing_needs_no_font() -> None:
    assert Fonts(of_machine=False).can_print("Ada\u200d \u00a0Lovelace\ufe0f")
