"""How much training time the files of a run cost at the default settings: python -m benchmarks.writing

Trains the default preset on real MNIST. Prints the time that the recorder needs to write curves, sample grids,
snapshots and checkpoints, as a share of the whole training time.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.data.registry import load
from gan_core.execution.recorder import Recorder
from gan_core.presets import DEFAULT, preset
from gan_core.runs.store import RunStore
from gan_core.training.autotune import resolve
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

ENDLESS = 1_000_000_000
CPU = torch.device("cpu")


class TimedRecorder(Recorder):
    """A recorder that adds up the seconds of each kind of writing."""

    seconds_in: defaultdict[str, float]

    def timed(self, kind: str, work: Callable[[], None]) -> None:
        began = time.perf_counter()
        work()
        self.seconds_in[kind] += time.perf_counter() - began

    def flush(self) -> None:
        self.timed("curves", super().flush)

    def sample(self) -> None:
        self.timed("sample grids and snapshots", super().sample)

    def save(self) -> None:
        self.timed("checkpoints", super().save)


def measure(folder: Path, data: Path, seconds: float) -> list[dict[str, Figure]]:
    """Train for some seconds; one row for each kind of file, and one for all."""
    config = with_overrides(preset(DEFAULT).config, {"train.device": "cpu"})
    dataset, store, state = load(config.data, CPU, root=data), RunStore(folder), TrainState(config, 0, CPU)
    resolved = resolve(config, dataset)
    recorder = TimedRecorder(store.open(store.create(config, "run")), state, len(dataset), 0)
    recorder.seconds_in = defaultdict(float)
    recorder.begin(ENDLESS)
    began = time.perf_counter()
    for step in Trainer(config, state, dataset, CPU, resolved.precision, resolved.threads).steps(ENDLESS):
        recorder.record(step)
        if time.perf_counter() - began > seconds:
            break
    total = time.perf_counter() - began
    rows: list[dict[str, Figure]] = [
        {"what is written": kind, "percent of the time": 100 * spent / total}
        for kind, spent in sorted(recorder.seconds_in.items())
    ]
    return [*rows, {"what is written": "all", "percent of the time": 100 * sum(recorder.seconds_in.values()) / total}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GAN_STUDIO_DATA", "data")))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), chosen.data, chosen.seconds)
    report(f"time to write the files of a run of the preset {DEFAULT}, over {chosen.seconds:g} s", rows)


if __name__ == "__main__":
    main()
