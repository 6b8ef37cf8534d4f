"""The bytes of kept documents: there whole or not at all, and for us alone."""

import os
from pathlib import Path

import pytest

from handlers.asset_files import AssetFiles


@pytest.fixture
def files(tmp_path: Path) -> AssetFiles:
    return AssetFiles(tmp_path / "reports")


def on_disk(tmp_path: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_document_is_read_as_it_was_written(files: AssetFiles) -> None:
    files.put("a1b2", b"%PDF")
    assert files.get("a1b2") == b"%PDF"


def test_writing_it_again_replaces_it(files: AssetFiles, tmp_path: Path) -> None:
    files.put("a1b2", b"%PDF of an attempt that died")
    files.put("a1b2", b"%PDF")
    assert on_disk(tmp_path) == {"a1b2": b"%PDF"}


def test_nobody_else_on_the_machine_reads_it(files: AssetFiles, tmp_path: Path) -> None:
    files.put("a1b2", b"%PDF")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "reports").rglob("*")}
    assert modes == {"assets": 0o700, "a1": 0o700, "a1b2": 0o600}


def test_what_is_not_there_cannot_be_read_but_taken_away(files: AssetFiles) -> None:
    with pytest.raises(OSError, match="a1b2"):
        files.get("a1b2")
    files.remove("a1b2")
    files.put("a1b2", b"%PDF")
    files.remove("a1b2")
    with pytest.raises(OSError, match="a1b2"):
        files.get("a1b2")


def test_a_full_disk_leaves_the_old_document_and_no_half_of_the_new_one(
    files: AssetFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    files.put("a1b2", b"%PDF")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.put("a1b2", b"%PDF of tomorrow")
    assert on_disk(tmp_path) == {"a1b2": b"%PDF"}


def test_two_containers_that_write_it_at_once_do_not_write_into_each_others_file(
    files: AssetFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the process number 1: the second begins, and ends, while the first is not on disk yet."""
    fsync, first = os.fsync, [True]

    def meanwhile(descriptor: int) -> None:
        if first:
            first.clear()
            files.put("a1b2", b"%PDF, somewhat longer")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    files.put("a1b2", b"%PDF")
    assert on_disk(tmp_path) == {"a1b2": b"%PDF"}


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
