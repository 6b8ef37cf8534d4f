"""The bytes of kept documents: a file each, which is there whole or not at all."""

import os
from pathlib import Path
from tempfile import mkstemp
from typing import Final

#: For us alone, as each new file is: the documents name people.
FOLDER_MODE: Final = 0o700


class AssetFiles:
    """Files under `folder`, named by the ids of their documents. Everything here waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "assets"

    def put(self, id_: str, body: bytes) -> None:
        """Write a document; when this returns, it outlasts a power cut. Raises `OSError`, and then changes nothing.

        The row that tells of it is written afterwards: a process that dies in between leaves a file that nobody knows,
        and that the next attempt replaces, because the id follows from what the document is made from.
        """
        place = self._place(id_)
        for folder in (self._folder, place.parent):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        # A name that nobody else has: in containers that share the folder every process has the same number.
        opened, name = mkstemp(prefix=f".{id_}.", dir=place.parent)
        unfinished = Path(name)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
            _sync(place.parent)
        finally:
            unfinished.unlink(missing_ok=True)

    def get(self, id_: str) -> bytes:
        """Read a document. Raises `OSError` where it is gone."""
        return self._place(id_).read_bytes()

    def remove(self, id_: str) -> None:
        """Take a document away; nothing happens where there is none."""
        self._place(id_).unlink(missing_ok=True)

    def _place(self, id_: str) -> Path:
        # Some file systems grow slow with many files in one folder.
        return self._folder / id_[:2] / id_


def _sync(folder: Path) -> None:
    """A new name lasts once its folder is on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
