"""How much the evaluator slows the training: python -m benchmarks.evaluator [--preset NAME] [--rounds N] [--seconds S]

One run on MNIST trains with an evaluator that always has a snapshot to measure: there is a sample grid every 5,000
images. Periods in which the evaluator's process is stopped alternate with periods in which it works. The speed in each
working period is divided by the mean of the periods before and after. Then two short runs, with and without an
evaluator, must end with the same fingerprint.
"""

import argparse
import os
import signal
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.report import report
from gan_core.config import RunConfig
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.evaluator import PROCESS, Evaluator, start_evaluator
from gan_core.execution.run_training import run_to_end
from gan_core.notebook import configure
from gan_core.presets import DEFAULT
from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from gan_core.training.step_report import StepReport

ENDLESS = 1_000_000_000
SETTINGS = {"data.name": "mnist-5k", "train.sample_every": 5_000, "train.images": ENDLESS}
SHORT_IMAGES = 20_000


class Stretches:
    """Stops and continues the evaluator of a run that trains, and measures the speed in each period."""

    def __init__(self, store: RunStore, run: str, rounds: int, seconds: float) -> None:
        self.store, self.run, self.seconds = store, run, seconds
        self.shutdown = ShutdownRequest()
        self.speeds: list[float] = []  # stopped, working, stopped, working, ..., stopped
        self.evaluator: Evaluator | None = None
        self._left = 2 * rounds + 1
        self._began, self._images = 0.0, 0

    def on_step(self, step: StepReport) -> None:
        if self.evaluator is None:
            with self.store.open(self.run) as opened:
                self.evaluator = start_evaluator(opened)
            assert self.evaluator is not None
        elif self._began:
            self._measure(step)
        elif step.step % 100 == 0 and self._has_measured():
            self._begin(step, working=False)

    def _has_measured(self) -> bool:
        with self.store.history(self.run) as history:
            return bool(history.measurements.all())

    def _measure(self, step: StepReport) -> None:
        elapsed = time.monotonic() - self._began
        if elapsed < self.seconds:
            return
        self.speeds.append((step.images_seen - self._images) / elapsed)
        self._left -= 1
        if self._left:
            self._begin(step, working=len(self.speeds) % 2 == 1)
        else:
            self.shutdown.set("The benchmark ends.", "stopped")

    def _begin(self, step: StepReport, *, working: bool) -> None:
        assert PROCESS.pid is not None
        os.kill(PROCESS.pid, signal.SIGCONT if working else signal.SIGSTOP)
        self._began, self._images = time.monotonic(), step.images_seen


def ratios(speeds: list[float]) -> list[float]:
    """The speed in each working period, divided by the mean of its neighbours."""
    return [speeds[at] / ((speeds[at - 1] + speeds[at + 1]) / 2) for at in range(1, len(speeds), 2)]


def end_of(store: RunStore, config: RunConfig, *, measure: bool) -> str:
    """The fingerprint of a short run."""
    run = store.create(config, f"measured-{measure}")
    run_to_end(store, run, images=SHORT_IMAGES, measure=measure)
    newest = store.checkpoints(run).newest()
    return fingerprint(newest.tensors, newest.counters)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default=DEFAULT)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each period")
    return parser.parse_args()


def processor_name() -> str:
    """The model of the processor, if the system names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return "unknown processor"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown processor"
    )


def main() -> None:
    chosen = arguments()
    config = configure(chosen.preset, SETTINGS)
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(folder)
        run = store.create(config, "endless", chosen.preset)
        stretches = Stretches(store, run, chosen.rounds, chosen.seconds)
        outcome = run_to_end(store, run, shutdown=stretches.shutdown, on_step=stretches.on_step, measure=False)
        assert stretches.evaluator is not None, outcome
        stretches.evaluator.end(at_once=True, wait=False)
        resolved = store.record(run)["resolved"]
        found = ratios(stretches.speeds)
        fixed = configure(
            chosen.preset,
            {**SETTINGS, "train.precision": resolved["precision"], "train.threads": resolved["threads"]},
        )
        same = end_of(store, fixed, measure=True) == end_of(store, fixed, measure=False)
        report(
            "training speed with a working evaluator, divided by the speed with a stopped one",
            [
                {
                    "preset": chosen.preset,
                    "images/s": median(stretches.speeds[::2]),
                    "ratio": median(found),
                    "least": min(found),
                    "greatest": max(found),
                    "fingerprint": "same" if same else "DIFFERENT",
                }
            ],
            [f"{processor_name()}; {resolved['precision']}, {resolved['threads']} thread(s)"],
        )


if __name__ == "__main__":
    main()
