"""What 200 SIGKILLs inside a write do to a run: python -m benchmarks.kills [--kills 200] [--seed 0]

A process trains a tiny run that saves a state, a grid and a snapshot at every step, and says through a pipe what it is
about to write. This process waits for one of these words, then a random moment, and kills it; the last word tells in
which stage the kill landed. Then it looks at what is left, and lets a fresh process train the run to its end, which
must be that of the run that was never killed. Half of the runs are new, half have so many snapshots that some must go.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Literal

import pandas

from benchmarks.report import Figure, report
from benchmarks.warm import warm_processes
from gan_core.config import config_from
from gan_core.execution.run_training import run_to_end
from gan_core.runs.checkpoints import bytes_to_tensors
from gan_core.runs.store import CheckpointError, RunStore
from gan_core.training.state import fingerprint

RUN = "run"
BATCH = 16
STEPS = 6  # of a victim
OLD_STEPS = 70  # of a run whose snapshots are thinned
CONFIG = config_from(
    {
        "data": {"name": "digits", "image_size": 8, "limit": BATCH},
        "model": {
            "latent": {"size": 4},
            "generator": {"family": "mlp", "widths": [64, 64]},
            "discriminator": {"family": "mlp", "widths": [64, 64]},
        },
        "optim": {"batch_size": BATCH},
        "train": {"images": STEPS * BATCH, "sample_every": 1, "precision": "float32", "device": "cpu"},
    }
)
# what a store writes, by the method that writes it
WRITES = {
    "create": "run",
    "claim": "owner",
    "resolve": "record",
    "save_checkpoint": "state",
    "add_sample": "sample",
    "add_snapshot": "snapshot",
}
BEFORE, OVER = "before", "over"  # words of a victim that is not inside a write
StateFound = Literal["loaded", "fell back", "none yet", "lost"]


# the victim


class Teller:
    """Says through a pipe what is about to be written: `state: fsync`, and the time in ns."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._what = pipe, ""

    def say(self, stage: str) -> None:
        os.write(self._pipe, f"{self._what}: {stage}|{time.monotonic_ns()}\n".encode())

    def listen(self, thing: object, method: str, what: str) -> None:
        """Have `thing` say as well when this method of its begins and when it is over."""
        inner: Callable[..., Any] = getattr(thing, method)

        def told(*arguments: Any, **named: Any) -> Any:
            self._what = what
            self.say(BEFORE)
            result = inner(*arguments, **named)
            self.say(OVER)
            return result

        setattr(thing, method, told)


class TellingStore(RunStore):
    """A store that writes as ever, and says what."""

    def __init__(self, root: Path, teller: Teller) -> None:
        super().__init__(root, teller.say)
        self._teller = teller
        for method, what in WRITES.items():
            teller.listen(self, method, what)

    def history(self, run: str) -> Any:
        history, append = super().history(run), "append"
        inner = history.append

        def told(*arguments: Any, **named: Any) -> None:
            self._teller.say("transaction")
            inner(*arguments, **named)

        setattr(history, append, told)
        self._teller.listen(history, append, "rows")
        return history


def train(root: Path, images: int, pipe: Connection | None) -> None:
    """What a process does: create the run if it is not there, train it to `images` in all."""
    store = TellingStore(root, Teller(pipe.fileno())) if pipe else RunStore(root)
    if not store.folder_exists(RUN):
        store.create(CONFIG, RUN)
    sys.exit(run_to_end(store, RUN, images=images).status != "finished")


# the killer


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One announcement: what is about to happen, and how long it then took (0 for the last)."""

    stage: str
    seconds: float

    @property
    def inside(self) -> bool:
        """Whether a write is under way."""
        return not self.stage.endswith((BEFORE, OVER))


@dataclass(frozen=True, kw_only=True, slots=True)
class Straight:
    """A run that nobody killed, and what it said."""

    template: Path | None  # where its folder is copied from; None: it is made
    images: int
    words: list[Word]
    store: RunStore
    end: str
    curve: pandas.DataFrame


@dataclass(frozen=True, kw_only=True, slots=True)
class Landing:
    """One kill: the stage that it fell into, and what became of the run."""

    stage: str
    inside: bool
    state: StateFound
    torn_rows: int
    torn_files: int
    went_on: bool


def straight_run(warm: ForkServerContext, folder: Path, template: Path | None, images: int) -> Straight:
    root = start_of(template, folder / "straight")
    process, pipe = start(warm, root, images)
    words = words_in(read_to_end(pipe))
    process.join()
    assert process.exitcode == 0
    store = RunStore(root)
    return Straight(
        template=template, images=images, words=words, store=store, end=end_of(store), curve=all_rows(store)
    )


def old_run(warm: ForkServerContext, folder: Path) -> Path:
    """A root with a run that keeps as many snapshots as any run does."""
    process = warm.Process(target=train, args=(folder / "old", OLD_STEPS * BATCH, None))
    process.start()
    process.join()
    assert process.exitcode == 0
    return folder / "old"


def start_of(template: Path | None, root: Path) -> Path:
    return shutil.copytree(template, root) if template else root


def start(warm: ForkServerContext, root: Path, images: int) -> tuple[Any, int]:
    """A process that trains, and the end of its pipe to read from."""
    here, there = warm.Pipe(duplex=False)
    process = warm.Process(target=train, args=(root, images, there))
    process.start()
    there.close()
    pipe = os.dup(here.fileno())
    here.close()
    return process, pipe


def read_to_end(pipe: int) -> bytes:
    """All that is said until nobody can say anything any more."""
    os.set_blocking(pipe, True)
    with os.fdopen(pipe, "rb") as file:
        return file.read()


def words_in(said: bytes) -> list[Word]:
    entries = [line.rpartition("|") for line in said.decode().splitlines()]
    times = [int(nanoseconds) / 1e9 for _, _, nanoseconds in entries]
    lasted = [after - before for before, after in pairwise(times)]
    return [Word(stage=stage, seconds=s) for (stage, _, _), s in zip(entries, [*lasted, 0.0], strict=True)]


def kill(process: Any, pipe: int, word: int, delay_seconds: float) -> list[Word]:
    """Kill the process `delay_seconds` after it said so many words; returns all that it said."""
    said = b""
    os.set_blocking(pipe, False)
    while said.count(b"\n") < word + 1:
        try:
            part = os.read(pipe, 65_536)
        except BlockingIOError:
            continue  # waiting asleep would wake up after the shortest stages are over
        if not part:
            break
        said += part
    at = time.perf_counter() + delay_seconds
    while time.perf_counter() < at:
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return words_in(said + read_to_end(pipe))


def strike(warm: ForkServerContext, straight: Straight, root: Path, word: int, delay_seconds: float) -> Landing | None:
    """One kill and its consequences; None where the process had ended before."""
    start_of(straight.template, root)
    process, pipe = start(warm, root, straight.images)
    words = kill(process, pipe, word, delay_seconds)
    if process.exitcode != -signal.SIGKILL:
        return None
    store, made = RunStore(root), RunStore(root).folder_exists(RUN)
    state = state_found(store, straight, words) if made else "none yet"
    successor = warm.Process(target=train, args=(root, straight.images, None))
    torn_rows = rows_torn(store, straight) if made else 0
    torn_files = files_torn(store, straight) if made else 0
    at_rest = not made or store.progress(RUN).status in ("queued", "interrupted", "finished")
    successor.start()
    successor.join()
    went_on = successor.exitcode == 0 and at_rest and end_of(store) == straight.end and whole(store, straight)
    return Landing(
        stage=words[-1].stage,
        inside=words[-1].inside,
        state=state,
        torn_rows=torn_rows,
        torn_files=torn_files,
        went_on=went_on,
    )


def state_found(store: RunStore, straight: Straight, words: list[Word]) -> StateFound:
    """What a resume would begin with. A state whose saving was over must not be missing."""
    over = sum(word.stage == f"state: {OVER}" for word in words)
    begun = straight.images - STEPS * BATCH
    # a new run saves its first state before its first step
    promised = min(begun + (over if straight.template else over - 1) * BATCH, straight.images)
    try:
        state = store.newest_checkpoint(RUN)
    except CheckpointError:
        return "none yet" if promised < begun or (not straight.template and over == 0) else "lost"
    if state.counters["images_seen"] < promised:
        return "lost"
    return "fell back" if state.complaints else "loaded"


def end_of(store: RunStore) -> str:
    state = store.newest_checkpoint(RUN)
    return fingerprint(state.tensors, state.counters)


def all_rows(store: RunStore) -> pandas.DataFrame:
    """Every visible row, but for the seconds that it took."""
    return store.curve(RUN, points=2000).drop(columns="seconds")


def rows_torn(store: RunStore, straight: Straight) -> int:
    """Visible rows that the straight run does not have just so."""
    rows = all_rows(store)
    wanted = straight.curve.iloc[: len(rows)]
    return sum(
        not mine.equals(theirs) for (_, mine), (_, theirs) in zip(rows.iterrows(), wanted.iterrows(), strict=True)
    )


def files_torn(store: RunStore, straight: Straight) -> int:
    """Mentioned grids and snapshots that cannot be read, or differ from those of the straight run."""
    moments = store.folder(RUN) / "moments"
    mentioned = [path for _, _, path in store.samples(RUN)]
    mentioned += [moments / f"{images_seen:012d}.safetensors" for images_seen in store.snapshots(RUN)]
    return sum(is_torn(path, straight.store.root / path.relative_to(store.root)) for path in mentioned)


def is_torn(path: Path, twin: Path) -> bool:
    try:
        data = path.read_bytes()
        if path.suffix == ".safetensors":
            bytes_to_tensors(data, path.name)
    except (OSError, CheckpointError):
        return True
    return twin.exists() and data != twin.read_bytes()


def whole(store: RunStore, straight: Straight) -> bool:
    """Whether a run that went on shows all that the straight one shows, and nothing half written is left."""
    return (
        all_rows(store).equals(straight.curve)
        and files_torn(store, straight) == 0
        and [images for images, _, _ in store.samples(RUN)] == [images for images, _, _ in straight.store.samples(RUN)]
        and not list(store.root.rglob(".partial-*"))
    )


def landings(folder: Path, kills: int, seed: int) -> Iterator[Landing]:
    """Kill until `kills` have landed inside a write; those that landed between two writes come as well.

    Each aims at a stage, rather at one that was hit seldom, and as often just before it: the word takes time to arrive.
    """
    draw, warm = random.Random(seed), warm_processes()
    straights = [
        straight_run(warm, folder / "new", None, STEPS * BATCH),
        straight_run(warm, folder / "old", old_run(warm, folder), (OLD_STEPS + STEPS) * BATCH),
    ]
    hits: Counter[str] = Counter()
    number = inside = 0
    while inside < kills:
        straight = straights[number % 2]
        stages = sorted({word.stage for word in straight.words if word.inside})
        aim = draw.choices(stages, [1 / (1 + hits[stage]) for stage in stages])[0]
        places = [place for place, word in enumerate(straight.words) if word.stage == aim]
        place = draw.choice(places) - draw.choice([0, 1])
        delay_seconds = draw.uniform(0, straight.words[place].seconds)
        landing = strike(warm, straight, folder / f"{number}", place, delay_seconds)
        shutil.rmtree(folder / f"{number}")
        number += 1
        if landing is not None:
            hits[landing.stage] += 1
            inside += landing.inside
            yield landing


def line(title: str, found: list[Landing]) -> dict[str, Figure]:
    return {
        "stage": title,
        "kills": len(found),
        "loaded": sum(landing.state == "loaded" for landing in found),
        "none saved yet": sum(landing.state == "none yet" for landing in found),
        "fell back": sum(landing.state == "fell back" for landing in found),
        "lost": sum(landing.state == "lost" for landing in found),
        "torn rows": sum(landing.torn_rows for landing in found),
        "torn files": sum(landing.torn_files for landing in found),
        "could not go on": sum(not landing.went_on for landing in found),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = list(landings(Path(folder), chosen.kills, chosen.seed))
    inside = [landing for landing in found if landing.inside]
    stages = sorted({landing.stage for landing in inside})
    rows = [line(stage, [landing for landing in inside if landing.stage == stage]) for stage in stages]
    notes = [
        f"{len(found) - len(inside)} more kills landed between two writes: "
        f"{sum(not landing.went_on for landing in found if not landing.inside)} of these runs could not go on",
        f"{time.monotonic() - began:.0f} s, seed {chosen.seed}",
    ]
    report(f"{len(inside)} SIGKILLs inside a write", [*rows, line("all", inside)], notes)


if __name__ == "__main__":
    main()
