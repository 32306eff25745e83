"""What 200 SIGKILLs during a write do to a run: python -m benchmarks.kills [--kills 200] [--seed 0]

A process trains a tiny run that writes a checkpoint, a sample grid and a snapshot at every step, and is killed at a
random time inside a write: see `benchmarks.announced_writes`. This process then checks the files, and lets a new
process train the run to its end. The end must be equal to that of a reference run that was not killed. Half of the runs
are new; the other half have so many snapshots that each new one deletes an old one.
"""

import argparse
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Literal

import pandas

from benchmarks.announced_writes import (
    AFTER,
    BATCH,
    OLD_STEPS,
    RUN,
    STEPS,
    Announcement,
    announcements_in,
    kill_process,
    read_to_end,
    start,
    train,
)
from benchmarks.report import Figure, report
from benchmarks.warm import warm_processes
from gan_core.runs.store import CheckpointError, RunStore
from gan_core.runs.tensor_files import bytes_to_tensors
from gan_core.training.state import fingerprint

CheckpointFound = Literal["loaded", "fell back", "none yet", "lost"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A run that was not killed, and its announcements."""

    template: Path | None  # the folder that it starts from; None: a new run
    images: int
    announcements: list[Announcement]
    store: RunStore
    end: str
    curve: pandas.DataFrame


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill:
    """One kill: its stage, and what it did to the run."""

    stage: str
    inside: bool
    checkpoint: CheckpointFound
    torn_rows: int
    torn_files: int
    resumed: bool


def reference_run(warm: ForkServerContext, folder: Path, template: Path | None, images: int) -> Reference:
    """Train a run without a kill."""
    root = start_of(template, folder / "reference")
    process, pipe = start(warm, root, images)
    announcements = announcements_in(read_to_end(pipe))
    process.join()
    assert process.exitcode == 0
    store = RunStore(root)
    return Reference(
        template=template,
        images=images,
        announcements=announcements,
        store=store,
        end=end_of(store),
        curve=all_rows(store),
    )


def old_run(warm: ForkServerContext, folder: Path) -> Path:
    """A folder of runs with one run that has the greatest number of snapshots."""
    process = warm.Process(target=train, args=(folder / "old", OLD_STEPS * BATCH, None))
    process.start()
    process.join()
    assert process.exitcode == 0
    return folder / "old"


def start_of(template: Path | None, root: Path) -> Path:
    """Copy the folder that the run starts from, if there is one."""
    return shutil.copytree(template, root) if template else root


def kill_once(
    warm: ForkServerContext, reference: Reference, root: Path, announcement: int, delay_seconds: float
) -> Kill | None:
    """One kill and its consequences; None if the process had ended before."""
    start_of(reference.template, root)
    process, pipe = start(warm, root, reference.images)
    announcements = kill_process(process, pipe, announcement, delay_seconds)
    if process.exitcode != -signal.SIGKILL:
        return None
    store, made = RunStore(root), RunStore(root).exists(RUN)
    checkpoint = checkpoint_found(store, reference, announcements) if made else "none yet"
    successor = warm.Process(target=train, args=(root, reference.images, None))
    torn_rows = rows_torn(store, reference) if made else 0
    torn_files = files_torn(store, reference) if made else 0
    idle = not made or store.progress(RUN).status in ("queued", "interrupted", "finished")
    successor.start()
    successor.join()
    resumed = (
        successor.exitcode == 0 and idle and end_of(store) == reference.end and same_as_reference(store, reference)
    )
    return Kill(
        stage=announcements[-1].stage,
        inside=announcements[-1].inside,
        checkpoint=checkpoint,
        torn_rows=torn_rows,
        torn_files=torn_files,
        resumed=resumed,
    )


def checkpoint_found(store: RunStore, reference: Reference, announcements: list[Announcement]) -> CheckpointFound:
    """What a resume starts from. A checkpoint that was saved completely must not be lost."""
    saved = sum(each.stage == f"checkpoint: {AFTER}" for each in announcements)
    begun = reference.images - STEPS * BATCH
    # a new run saves its first checkpoint before its first step
    promised = min(begun + (saved if reference.template else saved - 1) * BATCH, reference.images)
    try:
        checkpoint = store.checkpoints(RUN).newest()
    except CheckpointError:
        return "none yet" if promised < begun or (not reference.template and saved == 0) else "lost"
    if checkpoint.counters["images_seen"] < promised:
        return "lost"
    return "fell back" if checkpoint.complaints else "loaded"


def end_of(store: RunStore) -> str:
    """The fingerprint of the newest checkpoint."""
    checkpoint = store.checkpoints(RUN).newest()
    return fingerprint(checkpoint.tensors, checkpoint.counters)


def all_rows(store: RunStore) -> pandas.DataFrame:
    """All rows of the curves, without the column of seconds."""
    return store.curve(RUN, points=2000).drop(columns="seconds")


def rows_torn(store: RunStore, reference: Reference) -> int:
    """The number of rows that differ from those of the reference run."""
    rows = all_rows(store)
    wanted = reference.curve.iloc[: len(rows)]
    return sum(
        not mine.equals(theirs) for (_, mine), (_, theirs) in zip(rows.iterrows(), wanted.iterrows(), strict=True)
    )


def files_torn(store: RunStore, reference: Reference) -> int:
    """The number of sample grids and snapshots that are unreadable, or differ from the reference run."""
    moments = store.folder(RUN) / "moments"
    paths = [path for _, _, path in store.samples(RUN).all()]
    paths += [moments / f"{images_seen:012d}.safetensors" for images_seen in store.snapshots(RUN).all()]
    return sum(is_torn(path, reference.store.root / path.relative_to(store.root)) for path in paths)


def is_torn(path: Path, twin: Path) -> bool:
    """Whether a file is unreadable, or differs from its twin in the reference run, if that has one."""
    try:
        data = path.read_bytes()
        if path.suffix == ".safetensors":
            bytes_to_tensors(data, path.name)
    except (OSError, CheckpointError):
        return True
    return twin.exists() and data != twin.read_bytes()


def same_as_reference(store: RunStore, reference: Reference) -> bool:
    """Whether a resumed run has the same curves and files as the reference run, and no partial file is left."""
    return (
        all_rows(store).equals(reference.curve)
        and files_torn(store, reference) == 0
        and store.samples(RUN).clocks() == reference.store.samples(RUN).clocks()
        and not list(store.root.rglob(".partial-*"))
    )


def kills_during_writes(folder: Path, kills: int, seed: int) -> Iterator[Kill]:
    """Kill until `kills` were inside a write; also yields the kills between two writes.

    Each kill aims at a stage; stages that were hit less often are more likely. Half of them aim at the stage before it,
    because an announcement takes time to arrive.
    """
    draw, warm = random.Random(seed), warm_processes()
    references = [
        reference_run(warm, folder / "new", None, STEPS * BATCH),
        reference_run(warm, folder / "old", old_run(warm, folder), (OLD_STEPS + STEPS) * BATCH),
    ]
    hits: Counter[str] = Counter()
    number = inside = 0
    while inside < kills:
        reference = references[number % 2]
        stages = sorted({announcement.stage for announcement in reference.announcements if announcement.inside})
        aim = draw.choices(stages, [1 / (1 + hits[stage]) for stage in stages])[0]
        places = [place for place, announcement in enumerate(reference.announcements) if announcement.stage == aim]
        place = draw.choice(places) - draw.choice([0, 1])
        delay_seconds = draw.uniform(0, reference.announcements[place].seconds)
        each = kill_once(warm, reference, folder / f"{number}", place, delay_seconds)
        shutil.rmtree(folder / f"{number}")
        number += 1
        if each is not None:
            hits[each.stage] += 1
            inside += each.inside
            yield each


def table_row(title: str, found: list[Kill]) -> dict[str, Figure]:
    """Counts for one stage, or for all."""
    return {
        "stage": title,
        "kills": len(found),
        "loaded": sum(each.checkpoint == "loaded" for each in found),
        "none saved yet": sum(each.checkpoint == "none yet" for each in found),
        "fell back": sum(each.checkpoint == "fell back" for each in found),
        "lost": sum(each.checkpoint == "lost" for each in found),
        "torn rows": sum(each.torn_rows for each in found),
        "torn files": sum(each.torn_files for each in found),
        "could not resume": sum(not each.resumed for each in found),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = list(kills_during_writes(Path(folder), chosen.kills, chosen.seed))
    inside = [each for each in found if each.inside]
    stages = sorted({each.stage for each in inside})
    rows = [table_row(stage, [each for each in inside if each.stage == stage]) for stage in stages]
    notes = [
        f"{len(found) - len(inside)} more kills were between two writes: "
        f"{sum(not each.resumed for each in found if not each.inside)} of these runs could not resume",
        f"{time.monotonic() - began:.0f} s, seed {chosen.seed}",
    ]
    report(f"{len(inside)} SIGKILLs during a write", [*rows, table_row("all", inside)], notes)


if __name__ == "__main__":
    main()
