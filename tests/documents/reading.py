"""Documents read back: their text, their pages as dots, and how dark a place is."""

from dataclasses import dataclass
from functools import cache

import pypdfium2  # type: ignore[import-untyped]  # it has no types

from bot.reports.printed import Printed
from handlers import documents
from handlers.fonts import Fonts


@cache
def fonts() -> Fonts:
    """Those of this machine, looked for once."""
    return Fonts()


def pdf_of(printed: Printed) -> bytes:
    return documents.pdf(lambda _: printed, fonts())


def png_of(printed: Printed) -> bytes:
    return documents.png(lambda _: printed, fonts())


@dataclass(frozen=True)
class Page:
    """What stands on one page, and how far from its right edge the ink ends, in points."""

    text: str
    right_margin: float


def pages_of(pdf: bytes) -> list[Page]:
    """Every page of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page(page) for page in document]
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    """All pages as one text, without the breaks that long words may have."""
    return "\n".join(page.text for page in pages_of(pdf))


def _page(page: pypdfium2.PdfPage) -> Page:
    text = page.get_textpage().get_text_range().replace("\u200b", "").replace("\r\n", "\n").replace("\ufffe", "")
    bitmap = page.render(scale=1, grayscale=True)
    dots = bytes(bitmap.buffer)
    rows = [dots[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)]
    # White dots at the end of a row are stripped.
    return Page(text=text, right_margin=float(bitmap.width - max(len(row.rstrip(b"\xff")) for row in rows)))
