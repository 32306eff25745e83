"""Atomic files: a file is complete or absent, and partial files are deleted."""

import errno
import os
import time
from pathlib import Path
from typing import IO

import pytest

from gan_core.runs.atomic_files import StorageError, sweep_partials, write_atomically
from tests.faults import at, full_disk, killed, stages_of, sudden_death

WRITE_STAGES = ["write", "write half", "fsync", "rename", "fsync folder"]
DEAD_PID = 2**22 + 1  # beyond the greatest pid that Linux gives


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_written_bytes_are_read_unchanged(tmp_path: Path) -> None:
    write_atomically(tmp_path / "file", b"content")

    assert (tmp_path / "file").read_bytes() == b"content"
    assert names(tmp_path) == ["file"]


def test_a_function_may_write_the_bytes(tmp_path: Path) -> None:
    def writer(file: IO[bytes]) -> None:
        file.write(b"one ")
        file.write(b"two")

    write_atomically(tmp_path / "file", writer)

    assert (tmp_path / "file").read_bytes() == b"one two"


def test_every_stage_of_a_write_is_announced_in_order(tmp_path: Path) -> None:
    heard = stages_of(lambda announce: write_atomically(tmp_path / "file", b"content", announce))

    assert heard == WRITE_STAGES


@pytest.mark.parametrize("stage", WRITE_STAGES)
def test_a_full_disk_leaves_the_old_or_the_new_bytes_and_no_partial_file(tmp_path: Path, stage: str) -> None:
    write_atomically(tmp_path / "file", b"old")

    with pytest.raises(StorageError) as caught:
        write_atomically(tmp_path / "file", b"new", at(WRITE_STAGES.index(stage), full_disk))

    assert (tmp_path / "file").read_bytes() in (b"old", b"new")
    assert names(tmp_path) == ["file"]
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("stage", WRITE_STAGES)
def test_a_kill_leaves_the_old_or_the_new_bytes(tmp_path: Path, stage: str) -> None:
    write_atomically(tmp_path / "file", b"old")
    announce = at(WRITE_STAGES.index(stage), sudden_death)

    assert killed(lambda: write_atomically(tmp_path / "file", b"new", announce))

    assert (tmp_path / "file").read_bytes() in (b"old", b"new")


def test_partial_files_of_a_killed_process_are_deleted(tmp_path: Path) -> None:
    announce = at(WRITE_STAGES.index("write half"), sudden_death)
    killed(lambda: write_atomically(tmp_path / "file", b"new", announce))
    (partial,) = tmp_path.iterdir()

    assert sweep_partials(tmp_path) == [partial]
    assert names(tmp_path) == []


def test_partial_files_of_a_living_process_are_kept(tmp_path: Path) -> None:
    partial = tmp_path / f".partial-{os.getpid()}-00-file"
    partial.touch()

    assert sweep_partials(tmp_path) == []
    assert partial.exists()


def test_an_old_partial_file_is_deleted_although_its_pid_is_in_use_again(tmp_path: Path) -> None:
    partial = tmp_path / f".partial-{os.getpid()}-00-file"
    partial.touch()
    yesterday = time.time() - 86_400
    os.utime(partial, (yesterday, yesterday))

    assert sweep_partials(tmp_path) == [partial]


def test_a_file_with_a_similar_name_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".partial-of-somebody").touch()
    (tmp_path / f".partial-{DEAD_PID}-00-file").touch()

    sweep_partials(tmp_path)

    assert names(tmp_path) == [".partial-of-somebody"]


def test_writing_into_a_deleted_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="its folder is gone"):
        write_atomically(tmp_path / "gone" / "file", b"content")


def test_a_full_disk_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_atomically(tmp_path / "file", b"content", at(0, full_disk))

    assert str(caught.value) == (
        f"could not write {tmp_path / 'file'}: No space left on device; free some space or check the disk, then try "
        "again; what was saved before is still there"
    )
