"""The bytes of kept documents: there whole or not at all, and for us alone."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from handlers.asset_files import AssetFiles


@pytest.fixture
def files(tmp_path: Path) -> AssetFiles:
    return AssetFiles(tmp_path / "reports")


def hash_of(body: bytes) -> str:
    return sha256(body).hexdigest()


def on_disk(tmp_path: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_document_is_read_as_it_was_written(files: AssetFiles) -> None:
    files.put("a1b2", b"%PDF")
    assert files.get("a1b2", hash_of(b"%PDF")) == b"%PDF"


def test_writing_another_does_not_touch_it_and_only_one_is_kept_in_the_end(files: AssetFiles, tmp_path: Path) -> None:
    files.put("a1b2", b"%PDF of an attempt that died")
    files.put("a1b2", b"%PDF")
    files.put("a1b3", b"%PDF of something else")
    assert files.get("a1b2", hash_of(b"%PDF of an attempt that died")) == b"%PDF of an attempt that died"
    files.keep_only("a1b2", hash_of(b"%PDF"))
    assert set(on_disk(tmp_path).values()) == {b"%PDF", b"%PDF of something else"}


def test_what_is_not_as_it_was_written_is_not_read(files: AssetFiles, tmp_path: Path) -> None:
    files.put("a1b2", b"%PDF")
    (name,) = on_disk(tmp_path)
    (tmp_path / "reports" / "assets" / "a1" / name).write_bytes(b"%P")
    with pytest.raises(OSError, match="not the bytes that were written"):
        files.get("a1b2", hash_of(b"%PDF"))


def test_nobody_else_on_the_machine_reads_it(files: AssetFiles, tmp_path: Path) -> None:
    files.put("a1b2", b"%PDF")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "reports").rglob("*")}
    assert modes == {"assets": 0o700, "a1": 0o700, f"a1b2-{hash_of(b'%PDF')}": 0o600}


def test_what_is_not_there_cannot_be_read_but_taken_away(files: AssetFiles) -> None:
    digest = hash_of(b"%PDF")
    with pytest.raises(OSError, match="a1b2"):
        files.get("a1b2", digest)
    files.remove("a1b2", digest)
    files.put("a1b2", b"%PDF")
    files.remove("a1b2", digest)
    with pytest.raises(OSError, match="a1b2"):
        files.get("a1b2", digest)


def test_whether_there_can_be_documents_is_tried_and_leaves_nothing(files: AssetFiles, tmp_path: Path) -> None:
    files.try_out()
    assert [*tmp_path.rglob("*")] == []
    (tmp_path / "reports").write_text("no folder")
    with pytest.raises(NotADirectoryError):
        files.try_out()


def test_a_full_disk_leaves_what_is_there_and_no_half_of_another(
    files: AssetFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    files.put("a1b2", b"%PDF")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.put("a1b2", b"%PDF of tomorrow")
    assert [*on_disk(tmp_path).values()] == [b"%PDF"]


def test_two_containers_that_write_it_at_once_do_not_write_into_each_others_file(
    files: AssetFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the process number 1: the second begins, and ends, while the first is not on disk yet."""
    fsync, first = os.fsync, [True]

    def meanwhile(descriptor: int) -> None:
        if first:
            first.clear()
            files.put("a1b2", b"%PDF")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    files.put("a1b2", b"%PDF")
    assert [*on_disk(tmp_path).values()] == [b"%PDF"]


def test_its_bytes_are_on_disk_before_its_name_is_and_its_name_before_it_counts(
    files: AssetFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        done.append("sync")
        sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", renamed)
    files.put("a1b2", b"%PDF")
    assert done == ["sync", "rename", "sync"]
