"""Whether a preset makes digits of all ten classes two minutes after training starts.

    python -m benchmarks.promise [PRESET] [SEEDS] [SECONDS]

Each seed is one run on real MNIST, in a process that has already imported everything, as the dashboard has. At the end
the digit classifier looks at 2,000 samples of the newest generator. The promise is kept if for every digit at least 2 %
of the samples get a probability of at least 0.9.
"""

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.evaluation.digit_counts import count_digits
from gan_core.execution import run_training  # imported before the clock starts, as in the dashboard
from gan_core.execution.control import ShutdownRequest
from gan_core.presets import preset
from gan_core.runs.store import RunStore
from gan_core.training.step_report import StepReport

SAMPLES = 2_000
SHARE = 0.02
ENDLESS = 1_000_000_000


def train_for(store: RunStore, run: str, seconds: float) -> None:
    """Train for so many seconds from now, including the start. The run's newest snapshot is its state at that time."""
    shutdown, began = ShutdownRequest(), time.monotonic()

    def watch(report: StepReport) -> None:
        if time.monotonic() - began >= seconds:
            shutdown.set("The time is over.", "stopped")

    run_training.run_to_end(store, run, shutdown=shutdown, on_step=watch)


def counted(store: RunStore, run: str) -> tuple[int, ...]:
    """For each digit, how many of 2,000 samples the classifier is sure to be that digit."""
    digits = count_digits(store, run, "latest", lambda share, sentence: None, lambda: False, SAMPLES)
    assert digits is not None  # None means cancelled
    return digits.counts


def main(name: str = "studio", seeds: str = "5", seconds: str = "120") -> None:
    rows: list[dict[str, Figure]] = []
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        for seed in range(int(seeds)):
            config = with_overrides(preset(name).config, {"train.seed": seed, "train.images": ENDLESS})
            run = store.create(config, f"{name}-{seed}", name)
            train_for(store, run, float(seconds))
            counts, progress = counted(store, run), store.progress(run)
            rows.append(
                {
                    "seed": seed,
                    "images seen": progress.images_seen,
                    "images/s": round(progress.images_seen / progress.seconds),
                    "confident": sum(counts) / SAMPLES,
                    "rarest class": min(counts) / SAMPLES,
                    "kept": "yes" if min(counts) >= SHARE * SAMPLES else "no",
                }
            )
    report(f"{name} after {seconds} s: share of {SAMPLES} samples of which the classifier is at least 0.9 sure", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
