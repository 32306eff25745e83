"""Speed of training beside busy programs, by the number of threads: python -m benchmarks.busy

For 0, 1 and 2 programs that compute all the time: images a second with each fixed number of threads, and with the one
that a run chooses while it trains, once it has had time to choose. The default preset on noise, in float32. The
contestants take turns; the medians over the rounds are printed, and each as a share of the best fixed number.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import torch

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.execution.thread_count import ThreadCount, ThreadsOfRun
from gan_core.numerics.device import processors
from gan_core.numerics.other_programs import OtherPrograms
from gan_core.presets import DEFAULT, preset
from gan_core.runs.history import History
from gan_core.training.speed_estimate import stand_in
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer
from tests.browser.presence import busy_processors

CPU = torch.device("cpu")
SETTLE_SECONDS = 10.0  # after a change of the load, a run has chosen again
CHOSEN = 0  # stands for the number that the run chooses


def trainer_with(threads: int) -> Trainer:
    config = with_overrides(preset(DEFAULT).config, {"train.images": 10**9})
    classes = 10 if config.data.labels else 0
    return Trainer(config, TrainState(config, classes, CPU), stand_in(config, classes, CPU), CPU, "float32", threads)


def speed(trainer: Trainer, threads: ThreadsOfRun | None, seconds: float) -> float:
    """Images a second over so many seconds."""
    images, began = trainer.state.images_seen, time.perf_counter()
    for _ in trainer.steps(10**9):
        if threads is not None:
            threads.after_step()
        if time.perf_counter() - began >= seconds:
            break
    return (trainer.state.images_seen - images) / (time.perf_counter() - began)


def measure(seconds: float, history: History) -> Mapping[int, float]:
    """Images a second by the fixed number of threads, and as the run chooses (CHOSEN)."""
    most = processors()
    speeds = {}
    for count in sorted({1, most}):
        trainer = trainer_with(count)
        speed(trainer, None, 1.0)
        speeds[count] = speed(trainer, None, seconds)
    trainer = trainer_with(most)
    threads = ThreadsOfRun(trainer, history, 0, ThreadCount(most, most, OtherPrograms().processors_used))
    speed(trainer, threads, SETTLE_SECONDS)
    speeds[CHOSEN] = speed(trainer, threads, seconds)
    return speeds


def row_of(programs: int, rounds: list[Mapping[int, float]]) -> dict[str, Figure]:
    medians = {count: statistics.median(each[count] for each in rounds) for count in rounds[0]}
    best = max(value for count, value in medians.items() if count != CHOSEN)
    fixed = {f"{count} threads": round(value) for count, value in medians.items() if count != CHOSEN}
    return {
        "busy programs": programs,
        **fixed,
        "chosen": round(medians[CHOSEN]),
        "share of the best": f"{medians[CHOSEN] / best:.2f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each speed is measured")
    chosen = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for programs in (0, 1, 2):
            rounds = []
            for number in range(chosen.rounds):
                with busy_processors(programs), History(Path(folder) / f"{programs}-{number}") as history:
                    rounds.append(measure(chosen.seconds, history))
            rows.append(row_of(programs, rounds))
    report("images a second beside busy programs", rows)


if __name__ == "__main__":
    main()
