"""The bytes of kept documents: a file each, which is there whole or not at all."""

import os
from errno import EIO
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile, mkstemp
from typing import Final

#: For us alone, as each new file is: the documents name people.
FOLDER_MODE: Final = 0o700


class AssetFiles:
    """Files under `folder`, named by the ids of their documents and the hash (SHA-256) of their bytes.

    So two that make one document at the same time, each a little differently, do not write over each other, and what
    the row tells of is there whoever was last. Everything here waits for the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute() / "assets"

    def try_out(self) -> None:
        """Raises `OSError` where no document could be written; leaves nothing behind."""
        nearest = next(each for each in (self._folder, *self._folder.parents) if each.exists())
        with NamedTemporaryFile(dir=nearest):
            pass

    def put(self, id_: str, body: bytes) -> None:
        """Write a document; when this returns, it outlasts a power cut. Raises `OSError`, and then changes nothing.

        The row that tells of it is written afterwards: a process that dies in between leaves a file that nobody knows,
        and that goes with the next attempt (`keep_only`).
        """
        place = self._place(id_, sha256(body).hexdigest())
        for folder in (self._folder, place.parent):
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        # A name that nobody else has: in containers that share the folder every process has the same number.
        opened, name = mkstemp(prefix=".", dir=place.parent)
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

    def get(self, id_: str, digest: str) -> bytes:
        """Read a document of this hash. Raises `OSError` where it is gone, or is not what was written."""
        place = self._place(id_, digest)
        body = place.read_bytes()
        if sha256(body).hexdigest() != digest:
            raise OSError(EIO, "not the bytes that were written", str(place))
        return body

    def remove(self, id_: str, digest: str) -> None:
        """Take a document away; nothing happens where there is none."""
        self._place(id_, digest).unlink(missing_ok=True)

    def keep_only(self, id_: str, digest: str) -> None:
        """Take away whatever else was written for this document: by who died, or by who was second."""
        place = self._place(id_, digest)
        for other in place.parent.glob(f"{id_}-*"):
            if other != place:
                other.unlink(missing_ok=True)

    def _place(self, id_: str, digest: str) -> Path:
        # Some file systems grow slow with many files in one folder.
        return self._folder / id_[:2] / f"{id_}-{digest}"


def _sync(folder: Path) -> None:
    """A new name lasts once its folder is on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
