"""How soon a run starts, pauses, goes on and stops: python -m benchmarks.reactions [--rounds 5]

The default preset on real MNIST, trained by a worker as in the dashboard, beside 0, 1 and 2 programs that compute all
the time. Seconds from the request until the run is in the new state, on the disk; for a start until its first step.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.data.cache_folder import data_root
from gan_core.execution.worker import Worker
from gan_core.presets import DEFAULT, preset
from gan_core.runs.store import RunStore
from tests.browser.presence import busy_processors

LOOK_SECONDS = 0.005
SETTLE_SECONDS = 2.0  # after a change of the load or of the status
TRAINED = 3_000  # images before a run is paused
PATIENCE_SECONDS = 120.0


def until(happened: Callable[[], bool]) -> float:
    """The seconds until something happens."""
    began = time.perf_counter()
    while not happened():
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise TimeoutError("nothing happened")
        time.sleep(LOOK_SECONDS)
    return time.perf_counter() - began


def has_status(store: RunStore, run: str, status: str) -> bool:
    return store.progress(run).status == status


def reactions(worker: Worker) -> dict[str, float]:
    """Start one run, pause it, let it go on, stop it; the seconds that each took."""
    store = worker.store
    began = time.perf_counter()
    run = worker.enqueue(with_overrides(preset(DEFAULT).config, {"train.images": 10**9}))
    until(lambda: store.progress(run).images_seen > 0)
    seconds = {"first step": time.perf_counter() - began}
    until(lambda: store.progress(run).images_seen > TRAINED)
    for name, act, status in (
        ("paused", worker.pause, "paused"),
        ("going on", worker.resume, "running"),
        ("stopped", worker.stop, "stopped"),
    ):
        before = time.perf_counter()
        act(run)
        until(partial(has_status, store, run, status))
        seconds[name] = time.perf_counter() - before
        time.sleep(SETTLE_SECONDS)
    return seconds


def row_of(programs: int, rounds: list[dict[str, float]]) -> dict[str, Figure]:
    row: dict[str, Figure] = {"busy programs": programs}
    for name in rounds[0]:
        found = [each[name] for each in rounds]
        row[name] = f"{median(found):.2f} s (at most {max(found):.2f})"
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(RunStore(Path(folder)), data_root=data_root())
        reactions(worker)  # imports and caches what the first run of a server imports and caches
        for programs in (0, 1, 2):
            with busy_processors(programs):
                time.sleep(SETTLE_SECONDS)
                rows.append(row_of(programs, [reactions(worker) for _ in range(chosen.rounds)]))
        worker.shutdown(10.0)
    report("from the request until it is done", rows)


if __name__ == "__main__":
    main()
