"""What a preset reaches two minutes after `Start training` is pressed: digits of all ten classes?

    python -m benchmarks.promise [PRESET] [SEEDS] [SECONDS]

Each seed is a run of the real worker on real MNIST, from a process that has imported everything (as the dashboard has).
At the end 2,000 samples of the newest generator go to the digit classifier; the promise is kept if it is 0.9 sure of at
least 2 % of them for every class.
"""

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, report
from gan_core.config import with_overrides
from gan_core.evaluation.digit_counts import count_digits
from gan_core.execution import run_training  # imported before the clock starts, as the dashboard does
from gan_core.execution.control import ShutdownRequest
from gan_core.presets import preset
from gan_core.runs.store import RunStore
from gan_core.training.step_report import StepReport

SAMPLES = 2_000
SHARE = 0.02
ENDLESS = 1_000_000_000


def train_for(store: RunStore, run: str, seconds: float) -> None:
    """Train until the clock, started now, has run out; the run's newest moment is what was there then."""
    shutdown, began = ShutdownRequest(), time.monotonic()

    def watch(report: StepReport) -> None:
        if time.monotonic() - began >= seconds:
            shutdown.set("The time is over.", "stopped")

    run_training.run_to_end(store, run, shutdown=shutdown, on_step=watch)


def counted(store: RunStore, run: str) -> tuple[int, ...]:
    """How many of 2,000 samples are digits of each class of which the classifier is sure."""
    digits = count_digits(store, run, "latest", lambda share, sentence: None, lambda: False, SAMPLES)
    assert digits is not None  # it is never cancelled
    return digits.counts


def main(name: str = "studio", seeds: str = "5", seconds: str = "120") -> None:
    rows: list[dict[str, Figure]] = []
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        for seed in range(int(seeds)):
            config = with_overrides(preset(name).config, {"train.seed": seed, "train.images": ENDLESS})
            run = store.create(config, f"{name}-{seed}", name)
            train_for(store, run, float(seconds))
            counts, status = counted(store, run), store.status(run)
            rows.append(
                {
                    "seed": seed,
                    "images seen": status.images_seen,
                    "images/s": round(status.images_seen / status.seconds),
                    "confident": sum(counts) / SAMPLES,
                    "rarest class": min(counts) / SAMPLES,
                    "kept": "yes" if min(counts) >= SHARE * SAMPLES else "no",
                }
            )
    report(f"{name} after {seconds} s: share of {SAMPLES} samples that the classifier is 0.9 sure of", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
