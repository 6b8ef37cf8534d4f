"""Files on their way in: an address is asked for, bytes are put there, the upload is completed and shared."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.slack.errors import Refused
from sandbox.slack.model import File

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

FILES_KEPT = 200
LARGEST = 20 * 1024 * 1024
BYTES_KEPT = 5 * LARGEST


class Uploads:
    """The steps of an upload; the files themselves are in `Workspace.files`."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def ask(self, name: str, length: int, alt_text: str) -> tuple[str, File]:
        """Return the address for a file of this length, and the file to come."""
        file = File(self._workspace.new_id("F"), name, length, alt_text)
        files = self._workspace.files
        files[file.id] = file
        if len(files) > FILES_KEPT:
            del files[next(iter(files))]
        return f"{self._workspace.base_url}upload/{file.id}", file

    def put(self, file_id: str, content: bytes) -> tuple[int, str]:
        """Take the bytes and return HTTP status and plain text."""
        file = self._workspace.files.get(file_id)
        if file is None or file.content is not None:
            return 404, "not found"
        if len(content) != file.length:
            self._workspace.complain(f"upload: {len(content)} bytes came, {file.length} were announced")
            return 400, "length differs from what was announced"
        self._workspace.files[file_id] = replace(file, content=content)
        self._make_room(but=file_id)
        self._workspace.record("upload", {"file": file_id, "length": len(content)}, "ok", 200)
        return 200, f"OK - {len(content)}"

    def complete(self, file_id: str, title: str, channels: tuple[str, ...]) -> File:
        """Finish an upload whose bytes are there."""
        file = self._workspace.files.get(file_id)
        if file is None or file.content is None:
            raise Refused("file_not_found")
        done = replace(file, title=title or file.name, complete=True, shared_in=(*file.shared_in, *channels))
        self._workspace.files[file_id] = done
        self._workspace.observers.tell("file", file_id)
        return done

    def _make_room(self, *, but: str) -> None:
        """Throw away the oldest files while all together are too much."""
        files = self._workspace.files
        held = sum(len(file.content or b"") for file in files.values())
        for file_id, file in list(files.items()):
            if held <= BYTES_KEPT:
                return
            if file_id != but and file.content is not None:
                held -= len(file.content)
                del files[file_id]
