"""How much training time the live picture costs: python -m benchmarks.live_picture

Trains presets on MNIST. Periods with and without the live picture alternate inside one training, so that other programs
disturb both alike; each period with it is divided by the mean of its neighbours. Prints the ratio of the speeds, the
time from one picture to the next, the time that one costs, and the share of the training time that they cost.
"""

import argparse
import os
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import torch

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.data.registry import load
from gan_core.execution.live_drawing import LiveDrawing
from gan_core.presets import DEFAULT, preset
from gan_core.runs.store import RunStore
from gan_core.training.autotune import resolve
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

CPU = torch.device("cpu")
ENDLESS = 10**12


class TimedDrawing(LiveDrawing):
    """Notes when each picture was drawn, and for how many seconds."""

    times: list[tuple[float, float]]

    def draw(self) -> None:
        began = time.perf_counter()
        super().draw()
        self.times.append((began, time.perf_counter() - began))


class Training:
    """One training of a preset, in periods."""

    def __init__(self, name: str, folder: Path, data: Path) -> None:
        config = with_overrides(preset(name).config, {"train.device": "cpu"})
        dataset, store = load(config.data, CPU, root=data), RunStore(folder)
        state = TrainState(config, len(dataset.classes) if config.data.labels else 0, CPU)
        self.resolved = resolve(config, dataset)
        self._steps = Trainer(config, state, dataset, CPU, self.resolved.precision, self.resolved.threads).steps(
            ENDLESS
        )
        self._state, self._seconds = state, 0.0
        self.drawing = TimedDrawing(store.open(store.create(config)), state)
        self.drawing.times = []

    def images_per_second(self, seconds: float, *, with_pictures: bool) -> float:
        """Train for some seconds; the speed."""
        began, before = time.perf_counter(), self._state.images_seen
        while (now := time.perf_counter() - began) < seconds:
            next(self._steps)
            if with_pictures:
                self.drawing.draw_if_due(self._seconds + now)
        self._seconds += now
        return (self._state.images_seen - before) / now


def measured(name: str, folder: Path, data: Path, rounds: int, seconds: float) -> dict[str, Figure]:
    """The row of one preset."""
    training = Training(name, folder, data)
    training.images_per_second(seconds, with_pictures=True)  # warm up: kernels are chosen
    training.drawing.times.clear()
    before, ratios = training.images_per_second(seconds, with_pictures=False), []
    for _ in range(rounds):
        together = training.images_per_second(seconds, with_pictures=True)
        after = training.images_per_second(seconds, with_pictures=False)
        ratios.append(2 * together / (before + after))
        before = after
    times = training.drawing.times
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(times) if later - earlier < seconds]
    return {
        "preset": name,
        "threads": training.resolved.threads,
        "ratio of the speeds": median(ratios),
        "least": min(ratios),
        "greatest": max(ratios),
        "seconds between pictures": median(gaps) if gaps else 0.0,
        "ms a picture": 1_000 * median(cost for _, cost in times) if times else 0.0,
        "percent of the time": 100 * sum(cost for _, cost in times) / (rounds * seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each period")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GAN_STUDIO_DATA", "data")))
    parser.add_argument("presets", nargs="*", default=[DEFAULT])
    chosen = parser.parse_args()
    rows = []
    for name in chosen.presets:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measured(name, Path(folder), chosen.data, chosen.rounds, chosen.seconds))
    report("training speed with the live picture, divided by the speed without", rows)


if __name__ == "__main__":
    main()
