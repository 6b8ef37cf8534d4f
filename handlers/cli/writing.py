"""Where a command puts what it made: into a file, or on the terminal."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.errors import BadInput
from bot.language import DOCUMENT_LANGUAGES

Output = Annotated[Path | None, typer.Option("-o", "--output", help="A file instead of the terminal.")]
Language = Annotated[
    str, typer.Option(metavar="|".join(DOCUMENT_LANGUAGES), help="Of a document: what it is written in.")
]
#: What a terminal can show.
READABLE: Final = frozenset({"text", "json", "csv"})


def check_form(form: str, forms: tuple[str, ...], *, output: Path | None) -> None:
    """Raises `BadInput` for a form that there is not, and for a document that would land on a terminal."""
    if form not in forms:
        raise BadInput(f"--format {form}: there is no such format; give {', '.join(forms[:-1])} or {forms[-1]}.")
    if output is None and form not in READABLE and sys.stdout.isatty():
        raise BadInput(f"--format {form}: a terminal cannot show it; name a file with -o.")


def check_language(language: str) -> None:
    """Raises `BadInput` for a language that documents are not written in."""
    if language not in DOCUMENT_LANGUAGES:
        raise BadInput(f"--language {language}: there is {' and '.join(DOCUMENT_LANGUAGES)}.")


def write_out(written: bytes, form: str, output: Path | None) -> None:
    """Write it where it belongs. Raises `BadInput` for a file that cannot be written."""
    if output is not None:
        try:
            output.write_bytes(written)
        except OSError as problem:
            raise BadInput(f"-o {output}: it cannot be written ({problem.strerror}); give another file.") from problem
        print(f"Written to {output}.")
    elif form in READABLE:
        print(written.decode(), end="")
    else:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()
