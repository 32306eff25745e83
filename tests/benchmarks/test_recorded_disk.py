"""The model of a disk after a power cut: what was synced is there, of all else any part may be missing."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.recorded_disk import Disk, disk_after, read_trace

ROOT = Path("/disk")
DISKS = 60


def quoted(text: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


def disk_of(calls: Sequence[tuple[str, list[str], int]]) -> Disk:
    disk = Disk(ROOT)
    for call, arguments, result in calls:
        disk.take(call, arguments, result)
    return disk


def opened(path: str, descriptor: int, flags: str = "O_WRONLY|O_CREAT") -> tuple[str, list[str], int]:
    return "openat", ["AT_FDCWD", quoted(f"{ROOT}/{path}"), flags], descriptor


def written(descriptor: int, text: str) -> tuple[str, list[str], int]:
    return "write", [str(descriptor), quoted(text), str(len(text))], len(text)


def renamed(old: str, new: str) -> tuple[str, list[str], int]:
    return "rename", [quoted(f"{ROOT}/{old}"), quoted(f"{ROOT}/{new}")], 0


def possible(disk: Disk, tmp_path: Path, place: int | None = None) -> set[tuple[tuple[str, str], ...]]:
    """The files of many possible disks after a cut at the end of the record, or at a place of it."""
    found = set()
    for seed in range(DISKS):
        folder = tmp_path / str(seed)
        disk_after(disk, len(disk.changes) if place is None else place, random.Random(seed), folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        found.add(tuple((path.relative_to(folder).as_posix(), path.read_text()) for path in files))
    return found


SAFE = [
    opened("new", 5),
    written(5, "words"),
    ("fsync", ["5"], 0),
    ("close", ["5"], 0),
    renamed("new", "file"),
    opened("", 6, "O_RDONLY"),
    ("fsync", ["6"], 0),
]


def test_what_was_written_synced_renamed_and_synced_again_is_there(tmp_path: Path) -> None:
    assert possible(disk_of(SAFE), tmp_path) == {(("file", "words"),)}


def test_without_the_sync_of_the_file_its_bytes_may_be_missing(tmp_path: Path) -> None:
    found = possible(disk_of([call for call in SAFE if call != ("fsync", ["5"], 0)]), tmp_path)

    assert found == {(("file", "words"),), (("file", ""),)}


def test_without_the_sync_of_the_folder_its_name_may_be_missing_or_old(tmp_path: Path) -> None:
    assert possible(disk_of(SAFE[:-2]), tmp_path) == {(("file", "words"),), (("new", "words"),), ()}


def test_nothing_after_the_cut_is_there(tmp_path: Path) -> None:
    assert possible(disk_of(SAFE), tmp_path, place=0) == {()}


def test_a_write_may_be_torn_at_a_sector(tmp_path: Path) -> None:
    found = possible(disk_of([opened("file", 5), written(5, "x" * 1_500)]), tmp_path)

    lengths = {len(text) for files in found for _, text in files}
    assert lengths <= {0, 512, 1_024, 1_500}
    assert {512, 1_024} & lengths


def test_a_position_and_a_length_are_kept(tmp_path: Path) -> None:
    calls = [
        opened("file", 5),
        written(5, "abcdef"),
        ("lseek", ["5", "2", "SEEK_SET"], 2),
        written(5, "XY"),
        ("pwrite64", ["5", quoted("!"), "1", "5"], 1),
        ("ftruncate", ["5", "7"], 0),
        ("fsync", ["5"], 0),
        opened("", 6, "O_RDONLY"),
        ("fsync", ["6"], 0),
    ]

    assert possible(disk_of(calls), tmp_path) == {(("file", "abXYe!\0"),)}


def test_calls_that_strace_splits_are_joined_and_failed_ones_left_out(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    path = quoted(f"{ROOT}/file")
    trace.write_text(
        f"1 openat(AT_FDCWD, {path}, O_WRONLY|O_CREAT, 0666) = 5\n"
        f"1 write(5, {quoted('ab')}, 2 <unfinished ...>\n"
        f"2 openat(AT_FDCWD, {quoted('/disk/none')}, O_RDONLY) = -1 ENOENT (No such file or directory)\n"
        "1 <... write resumed>) = 2\n"
        "1 fsync(5) = 0\n"
        f"1 openat(AT_FDCWD, {quoted('/disk')}, O_RDONLY) = 6\n"
        "1 fsync(6) = 0\n"
        f"1 write(1, {quoted('saved at 160')}, 12) = 12\n"
    )

    disk = read_trace(trace, ROOT)

    assert disk.marks == [(2, 160)]
    assert possible(disk, tmp_path / "disks") == {(("file", "ab"),)}


@pytest.mark.parametrize("suffix", ["-shm"])
def test_shared_memory_is_no_file_of_the_disk(tmp_path: Path, suffix: str) -> None:
    assert possible(disk_of([opened(f"history.sqlite{suffix}", 5), written(5, "x")]), tmp_path) == {()}
