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
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from gan_core.config import with_overrides
from gan_core.execution.recorder import Recorder
from gan_core.execution.run_training import run_to_end
from gan_core.presets import preset
from gan_core.runs.store import RunStore

SEED = 0
RUN = "run"
IMAGES = 1_280
SECTOR = 512
RESUMED_EVERY = 50
MARK = "saved at"
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


# the model of a disk


@dataclass
class Node:
    """A file or a folder; `changes` are the places in the record of what was done to it, `syncs` those of its syncs."""

    folder: bool
    changes: list[int] = field(default_factory=list)
    syncs: list[int] = field(default_factory=list)


@dataclass
class Change:
    """One call. Of a file: bytes at an offset, or a length (offset -1). Of a folder: a name gets or loses a node."""

    node: int
    offset: int = 0
    data: bytes = b""
    length: int = 0
    name: str = ""
    target: int = -1  # -1: the name is removed
    also: str = ""  # of a rename: the name that is removed with it


class Disk:
    """The record as changes of nodes, in the order in which the calls returned."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.nodes = [Node(folder=True)]
        self.names: dict[tuple[int, str], int] = {}  # (folder, name) -> node, as the run saw it
        self.changes: list[Change] = []
        self.marks: list[tuple[int, int]] = []  # (place, images seen)
        self.open: dict[int, tuple[int, int]] = {}  # descriptor -> (node, position)

    def find(self, path: str) -> tuple[int, str, int]:
        """The folder, the name in it, and the node of a path below the root; -1 for what does not exist."""
        parts = Path(path).relative_to(self.root).parts
        folder = 0
        for part in parts[:-1]:
            folder = self.names.get((folder, part), -1)
        name = parts[-1] if parts else ""
        return folder, name, self.names.get((folder, name), -1) if parts else 0

    def new(self, folder: int, name: str, is_folder: bool) -> int:
        self.nodes.append(Node(is_folder))
        self.names[folder, name] = node = len(self.nodes) - 1
        self.change(Change(folder, name=name, target=node))
        return node

    def change(self, change: Change) -> None:
        self.nodes[change.node].changes.append(len(self.changes))
        self.changes.append(change)

    def take(self, call: str, arguments: Sequence[str], result: int) -> None:
        """Add one call that has succeeded."""
        if call in ("openat", "open", "creat"):
            self.take_open(arguments[1 if call == "openat" else 0], arguments, result)
        elif call == "mkdir" and (path := self.inside(arguments[0])):
            folder, name, node = self.find(path)
            if node < 0:
                self.new(folder, name, is_folder=True)
        elif call == "rename" and (source := self.inside(arguments[0])):
            self.take_rename(source, unescaped(arguments[1]).decode())
        elif call in ("unlink", "rmdir") and (path := self.inside(arguments[0])):
            folder, name, _ = self.find(path)
            self.names.pop((folder, name), None)
            self.change(Change(folder, name=name))
        elif call == "write" and arguments[0] == "1":
            self.take_mark(unescaped(arguments[1]))
        elif arguments and arguments[0].isdigit() and int(arguments[0]) in self.open:
            self.take_descriptor(call, int(arguments[0]), arguments, result)

    def inside(self, text: str) -> str:
        path = unescaped(text).decode(errors="replace")
        return path if path == str(self.root) or path.startswith(f"{self.root}/") else ""

    def take_open(self, text: str, arguments: Sequence[str], descriptor: int) -> None:
        path, flags = self.inside(text), " ".join(arguments)
        self.open.pop(descriptor, None)
        if not path or path.endswith("-shm"):  # shared memory: SQLite makes it anew
            return
        folder, name, node = self.find(path)
        if node < 0:
            node = self.new(folder, name, is_folder=False)
        elif "O_TRUNC" in flags:
            self.change(Change(node, offset=-1))
        self.open[descriptor] = (node, 0)

    def take_rename(self, source: str, target: str) -> None:
        folder, name, node = self.find(source)
        other, new_name, _ = self.find(target)
        assert folder == other, "a rename from one folder to another"
        del self.names[folder, name]
        self.names[folder, new_name] = node
        self.change(Change(folder, name=new_name, target=node, also=name))

    def take_mark(self, data: bytes) -> None:
        if found := re.match(rf"{MARK} (\d+)", data.decode(errors="replace")):
            self.marks.append((len(self.changes), int(found[1])))

    def take_descriptor(self, call: str, descriptor: int, arguments: Sequence[str], result: int) -> None:
        node, position = self.open[descriptor]
        if call == "close":
            del self.open[descriptor]
        elif call in ("fsync", "fdatasync"):
            self.nodes[node].syncs.append(len(self.changes))
        elif call == "lseek":
            self.open[descriptor] = (node, result)
        elif call == "write":
            self.change(Change(node, offset=position, data=unescaped(arguments[1])))
            self.open[descriptor] = (node, position + result)
        elif call == "pwrite64":
            self.change(Change(node, offset=int(arguments[3]), data=unescaped(arguments[1])))
        elif call == "ftruncate":
            self.change(Change(node, offset=-1, length=int(arguments[1])))


def unescaped(text: str) -> bytes:
    """A string of strace -xx as bytes."""
    return bytes.fromhex(text.strip('".').replace("\\x", ""))


def read_trace(trace: Path, root: Path) -> Disk:
    """The record of strace. Calls of several threads may be split into two lines each."""
    disk, begun = Disk(root), dict[str, str]()
    with trace.open() as lines:
        for line in lines:
            thread, _, text = line.rstrip("\n").partition(" ")
            text = text.lstrip()
            if text.endswith("<unfinished ...>"):
                begun[thread] = text.removesuffix("<unfinished ...>")
                continue
            if resumed := re.match(r"<\.\.\. \w+ resumed>\s?", text):
                text = begun.pop(thread, "") + text[resumed.end() :]
            if found := re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", text):
                call, arguments, result = found[1], split_arguments(found[2]), int(found[3])
                if result >= 0:
                    disk.take(call, arguments, result)
    return disk


def split_arguments(text: str) -> list[str]:
    return [part.strip() for part in text.split(", ")]


# power cuts


def disk_after(disk: Disk, place: int, chance: random.Random, folder: Path) -> None:
    """Write one possible disk after a power cut at this place of the record into `folder`."""
    kept_share = chance.choice((0.0, 0.5, 0.9, 1.0))
    names: dict[int, dict[str, int]] = {}
    for number, node in enumerate(disk.nodes):
        if node.folder:
            names[number] = names_after(disk, node, place, kept_share, chance)
    write_folder(disk, 0, names, place, kept_share, chance, folder)


def lasting(node: Node, place: int) -> int:
    """Changes before this place of the record are on the disk for certain: they were synced before the cut."""
    return max((sync for sync in node.syncs if sync <= place), default=0)


def names_after(disk: Disk, node: Node, place: int, kept_share: float, chance: random.Random) -> dict[str, int]:
    names: dict[str, int] = {}
    for number in node.changes:
        if number >= place or (number >= lasting(node, place) and chance.random() >= kept_share):
            continue
        change = disk.changes[number]
        names.pop(change.also, None)
        if change.target >= 0:
            names[change.name] = change.target
        else:
            names.pop(change.name, None)
    return names


def bytes_after(disk: Disk, node: Node, place: int, kept_share: float, chance: random.Random) -> bytes:
    content = bytearray()
    for number in node.changes:
        if number >= place:
            break
        change = disk.changes[number]
        data = change.data
        if number >= lasting(node, place):
            if chance.random() >= kept_share:
                continue
            if chance.random() < 0.2:
                data = data[: SECTOR * chance.randrange(len(data) // SECTOR + 1)]
        if change.offset < 0:
            del content[change.length :]
            content.extend(bytes(change.length - len(content)))
        elif data:
            content.extend(bytes(max(0, change.offset - len(content))))
            content[change.offset : change.offset + len(data)] = data
    return bytes(content)


def write_folder(
    disk: Disk,
    number: int,
    names: dict[int, dict[str, int]],
    place: int,
    kept_share: float,
    chance: random.Random,
    folder: Path,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in names[number].items():
        if disk.nodes[target].folder:
            write_folder(disk, target, names, place, kept_share, chance, folder / name)
        else:
            (folder / name).write_bytes(bytes_after(disk, disk.nodes[target], place, kept_share, chance))


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
