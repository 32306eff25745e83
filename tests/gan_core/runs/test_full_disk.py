"""A full disk: a small file system in memory, which exists for one test."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from tests.terminals import ENDLESS, ended, started, tiny_settings
from tests.tiny_runs import train

DISK = "900k"
SPARE_BYTES = 400_000
RUN = "run"


class Disk(NamedTuple):
    """A file system that processes started with `enter` find at `place`, and all others at `seen`."""

    place: Path
    seen: Path
    enter: list[str]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """An empty disk of 900 kB, mounted for one process only, so that it disappears with that process."""
    place = tmp_path / "disk"
    place.mkdir()
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    mount = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && echo mounted && exec cat'
    with subprocess.Popen(
        ["unshare", "--mount", *mapped, "sh", "-c", mount, str(place), DISK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        said = keeper.stdout.readline()
        assert said == "mounted\n", f"this test needs a small disk of its own: run it as root or allow unshare ({said})"
        user = ["--user", "--preserve-credentials"] if mapped else []
        enter = ["nsenter", f"--target={keeper.pid}", "--mount", *user, "env", f"--chdir={place}"]
        yield Disk(place, Path(f"/proc/{keeper.pid}/root{place}"), enter)
        keeper.stdin.close()


def end_of(store: RunStore, run: str) -> str:
    state = store.checkpoints(run).newest()
    return fingerprint(state.tensors, state.counters)


def command(disk: Disk, *arguments: str) -> tuple[int, str]:
    """Run one command with its runs on the disk; returns its exit status and the last line of its stderr."""
    with started(
        *arguments, "--root", str(disk.place / "runs"), folder=disk.place.parent, inside=disk.enter
    ) as process:
        return ended(process)


def test_a_full_disk_ends_a_run_with_one_sentence_and_loses_nothing(disk: Disk, tmp_path: Path) -> None:
    spare = disk.seen / "spare"
    spare.write_bytes(bytes(SPARE_BYTES))
    store = RunStore(disk.seen / "runs")

    status, sentence = command(disk, "train", "--run", RUN, *tiny_settings(train__images=ENDLESS))

    assert status == 1
    assert "full" in sentence or "No space left on device" in sentence
    assert "free some space" in sentence or "has space" in sentence
    state = store.checkpoints(RUN).newest()
    assert state.counters["images_seen"] > 0
    assert state.complaints == []
    assert list(disk.seen.rglob(".partial-*")) == []

    spare.unlink()
    images = state.counters["images_seen"] + 320
    assert command(disk, "resume", RUN, "--images", str(images))[0] == 0

    undisturbed = RunStore(tmp_path / "runs")
    undisturbed.create(store.config(RUN), RUN)
    assert train(undisturbed, RUN, images) == "finished"
    assert end_of(store, RUN) == end_of(undisturbed, RUN)
