"""A power cut at any moment of a run, simulated: python -m benchmarks.power_loss [--states 10000]

A tiny run trains under strace, which records every write, sync, rename and deletion of its files and of SQLite. From
the record, disks are built as they may be after a power cut at a random moment: what was synced before is there; of
everything else any part may be missing, in any order, and a write may be torn at a sector of 512 bytes. Each disk is
opened: the newest checkpoint must be no older than the newest save that had returned, the database must be whole, every
row must name a sound file, and (for one disk in 50) the run must go on to its end. Prints how many disks lay in which
stage. The exit status is 1 if one fails.

Such a simulation cannot tell what a disk does that claims to have synced and has not.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from PIL import Image

from benchmarks.recorded_disk import MARK, Disk, disk_after, read_trace
from gan_core.config import with_overrides
from gan_core.execution.recorder import Recorder
from gan_core.execution.run_training import run_to_end
from gan_core.presets import preset
from gan_core.runs.store import RunStore

SEED = 0
RUN = "run"
IMAGES = 1_280
RESUMED_EVERY = 50
CALLS = "openat,open,creat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,unlink,mkdir,rmdir,close"
SETTINGS = {
    "data.name": "digits",
    "data.image_size": 8,
    "data.limit": 160,
    "data.labels": False,
    "model.latent.size": 4,
    "model.generator.family": "mlp",
    "model.generator.widths": "8,8",
    "model.discriminator.family": "mlp",
    "model.discriminator.widths": "8,8",
    "optim.batch_size": 16,
    "train.images": IMAGES,
    "train.sample_every": 160,
    "train.precision": "float32",
    "train.threads": 1,
    "train.device": "cpu",
}


# what is recorded


def train_and_mark(root: Path, data: Path) -> None:
    """Train the run, with a line on stdout after each save has returned."""
    save = Recorder.save

    def marked(recorder: Recorder) -> None:
        save(recorder)
        sys.stdout.write(f"{MARK} {recorder.state.images_seen}\n")
        sys.stdout.flush()

    Recorder.save = marked  # type: ignore[method-assign, assignment]
    store = RunStore(root)
    store.create(with_overrides(preset("mlp").config, SETTINGS), RUN)
    outcome = run_to_end(store, RUN, data_root=data, measure=False)
    assert outcome.status == "finished", outcome


def recorded(root: Path, data: Path, trace: Path) -> None:
    """Train under strace."""
    code = "import sys; from pathlib import Path; from benchmarks.power_loss import train_and_mark; "
    code += "train_and_mark(*map(Path, sys.argv[1:]))"
    options = ["-f", "-xx", "-s", "100000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run(
        ["strace", *options, sys.executable, "-c", code, str(root), str(data)], check=True, stdout=subprocess.DEVNULL
    )


# what must hold


def faults_of(root: Path, saved: int) -> Iterator[str]:
    """What is wrong with a disk on which a save at so many images had returned; -1: none had."""
    store = RunStore(root)
    listed = {run.name: run.status for run in store.runs()}
    if RUN not in listed or listed[RUN] == "damaged":
        if saved >= 0:
            yield f"the run is {listed.get(RUN, 'gone')} although it was saved at {saved}"
        return
    if saved >= 0:
        try:
            images = store.checkpoints(RUN).newest().counters["images_seen"]
            if images < saved:
                yield f"the newest checkpoint is at {images}, but one at {saved} had been saved"
        except Exception as problem:
            yield f"no checkpoint although one at {saved} had been saved: {problem}"
    yield from faults_of_history(store)


def faults_of_history(store: RunStore) -> Iterator[str]:
    with closing(sqlite3.connect(store.folder(RUN) / "history.sqlite")) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            yield f"the database is damaged: {answer}"
        steps = [step for (step,) in database.execute("SELECT step FROM steps ORDER BY step")]
        if steps != list(range(1, len(steps) + 1)):
            yield "rows of the curves are missing"
    for images, _, path in store.samples(RUN).all():
        try:
            with Image.open(path) as picture:
                picture.load()
        except OSError as problem:
            yield f"the row of the sample grid at {images} names no sound file: {problem}"
    for images in store.snapshots(RUN).all():
        try:
            store.snapshots(RUN).load(images)
        except Exception as problem:
            yield f"the row of the snapshot at {images} names no sound file: {problem}"


def goes_on(root: Path, data: Path) -> str:
    """Why the run does not go on to its end; empty if it does."""
    store = RunStore(root)
    if not store.exists(RUN) or store.runs()[0].status == "damaged":
        return ""
    outcome = run_to_end(store, RUN, data_root=data, measure=False)
    return "" if outcome.status == "finished" else f"it does not go on: {outcome.failure or outcome.status}"


def stage_of(disk: Disk, place: int) -> str:
    """What the run did at this place of the record, by the last file that it touched."""
    for change in reversed(disk.changes[:place]):
        name = change.name or next((entry for (_, entry), node in disk.names.items() if node == change.node), "")
        for part, stage in STAGES.items():
            if part in name:
                return stage
    return "making the run"


STAGES = {
    "state-": "saving a checkpoint",
    "history": "writing the history",
    ".png": "writing a sample grid",
    ".safetensors": "writing a snapshot",
    "config": "writing the configuration",
    "owner": "claiming the run",
    "live": "writing the live picture",
}


def cut(states: int) -> int:
    """Build and open so many disks; the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        root, data = folder / "checkpoints", folder / "data"
        root.mkdir()
        recorded(root, data, folder / "trace")
        disk = read_trace(folder / "trace", root)
        print(
            f"{len(disk.changes):,} changes of {len(disk.nodes):,} files and folders, {len(disk.marks)} saves",
            flush=True,
        )
        return report(*examine(disk, states, folder / "cut", data))


def examine(disk: Disk, states: int, place_of_disks: Path, data: Path) -> tuple[Counter[str], list[str]]:
    """How many disks lay in which stage, and what was wrong with them."""
    chance, stages, faults = random.Random(SEED), Counter[str](), list[str]()
    for number in range(states):
        place = chance.randrange(len(disk.changes) + 1)
        saved = max((images for mark, images in disk.marks if mark <= place), default=-1)
        root = place_of_disks / "checkpoints"
        disk_after(disk, place, chance, root)
        stages[stage_of(disk, place)] += 1
        found = list(faults_of(root, saved))
        if number % RESUMED_EVERY == 0 and not found:
            found = [fault for fault in [goes_on(root, data)] if fault]
        faults += [f"disk {number}, place {place:,}, saved at {saved}: {fault}" for fault in found]
        shutil.rmtree(place_of_disks)
    return stages, faults


def report(stages: Counter[str], faults: list[str]) -> int:
    for stage, count in stages.most_common():
        print(f"{stage:28} {count:>7,}")
    print(f"{stages.total():,} disks, {len(faults):,} faults")
    for fault in faults[:20]:
        print(fault)
    return int(bool(faults))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--states", type=int, default=10_000)
    sys.exit(cut(parser.parse_args().states))
