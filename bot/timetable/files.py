"""The files that a course file names. They are read through a callable, because nothing here opens a file."""

from collections.abc import Callable

from bot.timetable.nodes import LARGEST_FILE
from bot.timetable.problems import Place, Problems, quoted

#: given a path relative to the course file; raises `OSError`, or `ValueError` where it is no text in UTF-8
ReadFile = Callable[[str], str]


def relative_path(text: str) -> str:
    """A path beside the course file. Raises `ValueError`."""
    is_elsewhere = text.startswith(("/", "~")) or ":" in text or "\\" in text or ".." in text.split("/")
    if is_elsewhere or not text.isprintable():
        message = f"{quoted(text)} is no path beside the course file: put the file there and write only its name"
        raise ValueError(message)
    return text


def read_named_file(name: str, read: ReadFile, place: Place, problems: Problems) -> str | None:
    """The text of a file; None, reported, where it cannot be read or is too large."""
    try:
        text = read(name)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        problems.add(place, f"{quoted(name)} cannot be read ({why}): paths are relative to the course file")
        return None
    except ValueError:
        problems.add(place, f"{quoted(name)} is no text in UTF-8: save it again as UTF-8")
        return None
    if len(text.encode(errors="replace")) > LARGEST_FILE:
        problems.add(place, f"{quoted(name)} is larger than 1 MiB: split it")
        return None
    return text
