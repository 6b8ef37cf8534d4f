"""Documents are set here, off the event loop: PDF and PNG from a template and its data.

typst lets go of the interpreter while it sets, so a thread is enough: the doors do not wait for it.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import typst

from bot.errors import DocumentFailed
from bot.reports.attendance_csv import attendance_csv
from bot.reports.attendance_xlsx import attendance_xlsx
from bot.reports.lesson_sheet import PrintedSheet, lesson_sheet, lesson_timeline
from bot.reports.printed import Names, Printed
from handlers.fonts import Fonts

TEMPLATES: Final = Path(str(files("bot.reports.templates")))
#: Dots per inch of a picture: two for each point, as screens of today have them.
PICTURE_PPI: Final = 144.0

#: Webhooks at 100 a second beside workbooks without a pause: 8 ms to the reply instead of 54.
SWITCH_SECONDS: Final = 0.0005

#: Makes a document's data, with the names as the fonts of this machine can print them.
Writes = Callable[[Names], Printed]
Result = TypeVar("Result")


class Documents:
    """Sets documents one after the other in a thread of its own; `close` it where it was made."""

    def __init__(self) -> None:
        self._fonts = Fonts()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="documents", initializer=_stand_back)

    async def pdf(self, writes: Writes) -> bytes:
        """The document as PDF. Raises `DocumentFailed`."""
        return await self.apart(pdf, writes, self._fonts)

    async def png(self, writes: Writes) -> bytes:
        """Its first page as a picture. Raises `DocumentFailed`."""
        return await self.apart(png, writes, self._fonts)

    async def apart(self, work: Callable[..., Result], /, *given: object) -> Result:
        """Anything else about documents that would hold up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, *given)

    def close(self) -> None:
        """Let the thread end; what waits is not set any more."""
        self._worker.shutdown(wait=True, cancel_futures=True)


def _stand_back() -> None:
    """Have the interpreter change hands ten times as often as by itself.

    A workbook is made in Python: each time that a door waits for the network, it would wait 5 ms for its turn again.
    """
    sys.setswitchinterval(SWITCH_SECONDS)


async def sheet_as(form: str, about: PrintedSheet, documents: Documents, *, language: str = "en") -> bytes:
    """A lesson's sheet as a file: `pdf`, `png`, `xlsx` or `csv`. Raises `DocumentFailed`."""
    if form == "pdf":
        return await documents.pdf(partial(lesson_sheet, about, language=language))
    if form == "png":
        return await documents.png(partial(lesson_timeline, about, language=language))
    if form == "csv":
        return (await documents.apart(attendance_csv, about.sheet)).encode()
    return await documents.apart(
        partial(
            attendance_xlsx,
            about.sheet,
            zone=about.zone,
            language=language,
            version=about.version,
            sha256=about.sha256,
        )
    )


def pdf(writes: Writes, fonts: Fonts) -> bytes:
    """Set a PDF, here and now."""
    return _set(writes(Names(fonts.can_print)), fonts, "pdf")


def png(writes: Writes, fonts: Fonts) -> bytes:
    """Set a picture, here and now."""
    return _set(writes(Names(fonts.can_print)), fonts, "png")


def _set(printed: Printed, fonts: Fonts, form: Literal["pdf", "png"]) -> bytes:
    try:
        made: Any = typst.compile(
            str(TEMPLATES / f"{printed.template}.typ"),
            root=str(TEMPLATES),
            font_paths=fonts.typst,
            format=form,
            ppi=PICTURE_PPI,
            sys_inputs={"data": json.dumps(printed.data, ensure_ascii=False, separators=(",", ":"))},
            timestamp=int(printed.made_at.timestamp()),
        )
    except typst.TypstError:  # what it says may quote the data, which are names
        raise DocumentFailed(f"The document {printed.template} could not be set.") from None
    # Pictures of several pages are several.
    return bytes(made[0]) if isinstance(made, list) else bytes(made)
