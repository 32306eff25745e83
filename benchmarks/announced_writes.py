"""A process that trains a tiny run and announces every stage of its writes, and how to kill it at one of them.

Before each stage it writes a line such as `checkpoint: fsync` to a pipe. The process that kills waits for one line,
then for a given time; the last line says which stage was killed.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from gan_core.config import config_from
from gan_core.execution.run_training import run_to_end
from gan_core.runs.open_run import OpenRun
from gan_core.runs.store import RunStore

RUN = "run"
BATCH = 16
STEPS = 6  # that a process trains before or after its kill
OLD_STEPS = 70  # of an old run: more than the snapshots that a run keeps
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
# method of the run store -> what it writes; what an open run writes is below
WRITES = {"create": "run", "claim": "lock"}
BEFORE, AFTER = "before", "after"  # stages outside a write


# the process that is killed


class Announcer:
    """Writes each stage to a pipe, such as `checkpoint: fsync`, with the time in ns."""

    def __init__(self, pipe: int) -> None:
        self._pipe, self._what = pipe, ""

    def announce(self, stage: str) -> None:
        os.write(self._pipe, f"{self._what}: {stage}|{time.monotonic_ns()}\n".encode())

    def wrap(self, thing: object, method: str, what: str) -> None:
        """Replace a method of `thing` by one that also announces its begin and its end."""
        inner: Callable[..., Any] = getattr(thing, method)

        def announced(*arguments: Any, **named: Any) -> Any:
            self._what = what
            self.announce(BEFORE)
            result = inner(*arguments, **named)
            self.announce(AFTER)
            return result

        setattr(thing, method, announced)


class AnnouncingStore(RunStore):
    """A run store that announces every stage of a write."""

    def __init__(self, root: Path, announcer: Announcer) -> None:
        super().__init__(root, announcer.announce)
        self._announcer = announcer
        for method, what in WRITES.items():
            announcer.wrap(self, method, what)

    def open(self, run: str) -> OpenRun:
        opened, announcer = super().open(run), self._announcer
        announcer.wrap(opened, "resolve", "record")
        announcer.wrap(opened.checkpoints, "save", "checkpoint")
        announcer.wrap(opened.samples, "add", "sample grid")
        announcer.wrap(opened.snapshots, "add", "snapshot")
        history, append = opened.history, "append"
        inner = history.append

        def announced(*arguments: Any, **named: Any) -> None:
            announcer.announce("transaction")
            inner(*arguments, **named)

        setattr(history, append, announced)
        announcer.wrap(history, append, "rows")
        return opened


def train(root: Path, images: int, pipe: Connection | None) -> None:
    """Create the run if it does not exist, and train it to `images` in total; announce through `pipe`."""
    store = AnnouncingStore(root, Announcer(pipe.fileno())) if pipe else RunStore(root)
    if not store.exists(RUN):
        store.create(CONFIG, RUN)
    sys.exit(run_to_end(store, RUN, images=images).status != "finished")


# the process that kills


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """One stage of a write, and the time until the next announcement (0 for the last)."""

    stage: str
    seconds: float

    @property
    def inside(self) -> bool:
        """Whether the stage is inside a write."""
        return not self.stage.endswith((BEFORE, AFTER))


def start(warm: ForkServerContext, root: Path, images: int) -> tuple[Any, int]:
    """Start a process that trains; returns it and the descriptor to read its announcements from."""
    here, there = warm.Pipe(duplex=False)
    process = warm.Process(target=train, args=(root, images, there))
    process.start()
    there.close()
    pipe = os.dup(here.fileno())
    here.close()
    return process, pipe


def read_to_end(pipe: int) -> bytes:
    """Everything written to a pipe until its other end is closed."""
    os.set_blocking(pipe, True)
    with os.fdopen(pipe, "rb") as file:
        return file.read()


def announcements_in(received: bytes) -> list[Announcement]:
    """Parse what was read from the pipe."""
    entries = [line.rpartition("|") for line in received.decode().splitlines()]
    times = [int(nanoseconds) / 1e9 for _, _, nanoseconds in entries]
    lasted = [after - before for before, after in pairwise(times)]
    return [Announcement(stage=stage, seconds=s) for (stage, _, _), s in zip(entries, [*lasted, 0.0], strict=True)]


def kill_process(process: Any, pipe: int, announcement: int, delay_seconds: float) -> list[Announcement]:
    """Kill the process `delay_seconds` after the announcement with this number; returns all announcements."""
    received = b""
    os.set_blocking(pipe, False)
    while received.count(b"\n") < announcement + 1:
        try:
            part = os.read(pipe, 65_536)
        except BlockingIOError:
            continue  # poll: after a sleep the shortest stages would be over
        if not part:
            break
        received += part
    at = time.perf_counter() + delay_seconds
    while time.perf_counter() < at:
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return announcements_in(received + read_to_end(pipe))
