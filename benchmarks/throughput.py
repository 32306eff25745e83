"""How much faster a run trains than the tutorials' loop on the same networks: python -m benchmarks.throughput

Our side is a complete run: a trainer, and a recorder that writes curves, sample grids, snapshots and checkpoints. The
other side is `benchmarks.textbook` in a process of its own. They take turns, so that other load on the machine slows
both. The result is the median of the ratios of all rounds.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import torch

from benchmarks.report import Figure, report
from benchmarks.textbook import images_per_second
from gan_core.config import RunConfig, with_overrides
from gan_core.data.dataset import Dataset
from gan_core.data.registry import load
from gan_core.execution.recorder import Recorder
from gan_core.presets import preset
from gan_core.runs.store import RunStore
from gan_core.training.autotune import resolve
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

ENDLESS = 1_000_000_000
CPU = torch.device("cpu")
MLP = with_overrides(preset("mlp").config, {"train.device": "cpu"})
DCGAN = with_overrides(
    RunConfig(),
    {
        "data.image_size": 32,
        "model.latent.size": 100,
        "model.generator.family": "resize",
        "model.generator.width": 128,
        "model.discriminator.family": "resize",
        "model.discriminator.dropout": 0.25,
        "optim.batch_size": 64,
        "optim.lr_g": 2e-4,
        "optim.lr_d": 2e-4,
        "optim.beta2": 0.999,
        "train.device": "cpu",
    },
)
NETWORKS = {"gan.py": MLP, "dcgan.py": DCGAN}
Measure = Callable[[float], float]  # train for so many seconds -> images per second


def ours(config: RunConfig, dataset: Dataset, folder: Path) -> tuple[Measure, str]:
    """A new run that trains and records; and its precision and number of threads."""
    store = RunStore(folder)
    run = store.create(config, "run")
    state, resolved = TrainState(config, 0, CPU), resolve(config, dataset)
    recorder = Recorder(store.open(run), state, len(dataset), 0)
    recorder.begin(ENDLESS)
    trainer = Trainer(config, state, dataset, CPU, resolved.precision, resolved.threads)
    clock = recorded(trainer, recorder)

    def measure(seconds: float) -> float:
        recorder.resume_clock()
        return images_per_second(clock, seconds)

    return measure, f"{resolved.precision}, {resolved.threads} threads"


def recorded(trainer: Trainer, recorder: Recorder) -> Iterator[int]:
    """Train and record; yields the images seen so far after each step."""
    for step in trainer.steps(ENDLESS):
        recorder.record(step)
        yield step.images_seen


@contextmanager
def textbook(networks: str, data: Path) -> Iterator[Measure]:
    """The tutorials' loop in its own process, with the default threads of torch."""
    command = [sys.executable, "-m", "benchmarks.textbook", networks, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def measure(seconds: float) -> float:
            print(seconds, file=asked, flush=True)
            return float(answered.readline())

        yield measure
        asked.close()


def compare(name: str, config: RunConfig, data: Path, rounds: int, seconds: float) -> dict[str, Figure]:
    """One row of the table: medians over the rounds, after one second of warm-up on each side."""
    dataset = load(config.data, CPU, root=data)
    with tempfile.TemporaryDirectory() as folder, textbook(name, data) as there:
        there(1.0)
        here, arithmetic = ours(config, dataset, Path(folder))
        here(1.0)
        pairs = [(here(seconds), there(seconds)) for _ in range(rounds)]
    ratios = [mine / theirs for mine, theirs in pairs]
    return {
        "networks of": name,
        "ours computes in": arithmetic,
        "ours, images/s": median(mine for mine, _ in pairs),
        "textbook, images/s": median(theirs for _, theirs in pairs),
        "ratio": median(ratios),
        "least": min(ratios),
        "greatest": max(ratios),
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of one measurement of one side")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GAN_STUDIO_DATA", "data")))
    parser.add_argument("--networks", choices=NETWORKS, nargs="*", default=list(NETWORKS))
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    rows = [compare(name, NETWORKS[name], chosen.data, chosen.rounds, chosen.seconds) for name in chosen.networks]
    report("training speed against the textbook loop, batch 64", rows)


if __name__ == "__main__":
    main()
