"""A run that is killed at a random time and resumed by a new process ends bit for bit like one that was not killed."""

import os
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import get_args

import pandas
import pytest

from benchmarks.warm import REPOSITORY, one_processor, warm_processes
from gan_core import cli
from gan_core.config import (
    AugmentName,
    LossName,
    PenaltyName,
    RunConfig,
    parse_assignment,
    with_overrides,
)
from gan_core.models.family import ClassicDiscriminator, Norm
from gan_core.presets import preset
from gan_core.runs.history.curve_levels import MOST_POINTS, VISIBLE
from gan_core.runs.store import RunStore
from gan_core.training.state import fingerprint
from tests.waiting import eventually

SEED = "GAN_STUDIO_KILL_SEED"  # set it to the seed that a failed test printed, to kill at the same time again
STEPS = 96
LATEST = 0.75  # latest kill, as a share of the run: the kill may be late
TRIES = 5  # if the run ends before the kill, start again

TINY = (
    "data.name=digits data.image_size=8 data.limit=64 model.latent.size=4 optim.batch_size=8 "
    "train.device=cpu train.sample_every=1 objective.gamma_end=0.1 objective.gamma_images=500"
)
LINEAR = (
    "model.generator.family=mlp model.generator.widths=[8,8] "
    "model.discriminator.family=mlp model.discriminator.widths=[8,8]"
)
DCGAN = (
    "model.generator.family=dcgan model.generator.width=4 model.discriminator.family=dcgan model.discriminator.width=4"
)
RESIZE = (
    "model.generator.family=resize model.generator.width=4 "
    "model.discriminator.family=resize model.discriminator.width=4"
)
STUDIO = "model.generator.width=8 model.discriminator.width=8"
SPECTRAL = "model.discriminator.norm=none model.discriminator.spectral_norm=true"
LAYER = "model.generator.norm=layer model.discriminator.norm=layer"
DROPOUT = "model.discriminator.dropout=0.3"
EXACT = "train.precision=float32"
HALF = "train.precision=bfloat16"

CASES = {
    "linear networks, non-saturating loss, dropout in both": (
        f"{LINEAR} {EXACT} {DROPOUT} model.generator.dropout=0.3 objective.loss=non_saturating"
    ),
    "dcgan, minimax loss, two steps of D, no average": (
        f"{DCGAN} {EXACT} objective.loss=minimax optim.d_steps=2 optim.ema_halflife_images=0"
    ),
    "resize, least squares, R2, translation": (
        f"{RESIZE} {EXACT} objective.loss=least_squares objective.penalty=r2 objective.augment=translation"
    ),
    "studio, hinge loss, spectral norm, R1, labels": (
        f"{STUDIO} {EXACT} {SPECTRAL} objective.loss=hinge objective.penalty=r1 data.labels=true"
    ),
    "linear networks, Wasserstein loss, gradient penalty, layer norm, two steps of D": (
        f"{LINEAR} {EXACT} {LAYER} objective.loss=wasserstein objective.penalty=gradient_penalty optim.d_steps=2"
    ),
    "studio, relativistic loss, R1 and R2, both augmentations": (
        f"{STUDIO} {EXACT} objective.loss=relativistic objective.penalty=r1_r2 objective.augment=translation_cutout"
    ),
    "dcgan in bfloat16, R1, spectral norm, dropout, cutout": (
        f"{DCGAN} {HALF} {SPECTRAL} {DROPOUT} objective.penalty=r1 objective.augment=cutout"
    ),
    "linear networks in bfloat16, hinge loss, batch norm in both, labels": (
        f"{LINEAR} {HALF} model.discriminator.norm=batch objective.loss=hinge data.labels=true"
    ),
    "studio in bfloat16, smoothed labels, translation, no average": (
        f"{STUDIO} {HALF} objective.label_smoothing=0.1 objective.augment=translation optim.ema_halflife_images=0"
    ),
    "resize, relativistic loss, gradient penalty, no norms, dropout, labels": (
        f"{RESIZE} {EXACT} {DROPOUT} model.generator.norm=none model.discriminator.norm=none "
        "objective.loss=relativistic objective.penalty=gradient_penalty data.labels=true"
    ),
    "dcgan, Wasserstein loss, R2, spectral norm, labels, two steps of D": (
        f"{DCGAN} {EXACT} {SPECTRAL} objective.loss=wasserstein objective.penalty=r2 data.labels=true optim.d_steps=2"
    ),
    "linear networks, least squares, R1 and R2, layer and spectral norm, dropout, cutout": (
        f"{LINEAR} {EXACT} {LAYER} {DROPOUT} model.discriminator.spectral_norm=true "
        "objective.loss=least_squares objective.penalty=r1_r2 objective.augment=cutout"
    ),
}
FRESH = {  # started as `python -m gan_core`; the others are forked from a process that has imported everything
    "dcgan in bfloat16, R1, spectral norm, dropout, cutout",
}


class Process:
    """`python -m gan_core ...` on one processor, forked from a warm server or started anew."""

    def __init__(self, warm: ForkServerContext | None, arguments: Sequence[str], processor: int | None = None) -> None:
        self._exit_status: Callable[[], int | None]
        if warm is None:
            command = [sys.executable, "-m", "gan_core", *arguments]
            with one_processor():
                program = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.DEVNULL)
            self.pid, self._exit_status = program.pid, program.poll
        else:
            forked = warm.Process(target=call, args=(list(arguments), processor))
            forked.start()
            assert forked.pid is not None
            self.pid, self._exit_status = forked.pid, lambda: forked.exitcode

    @property
    def alive(self) -> bool:
        return self._exit_status() is None

    def exit_status(self) -> int | None:
        """Wait for the end; returns the exit status, -9 after a SIGKILL."""
        eventually(lambda: not self.alive, f"process {self.pid} ended")
        return self._exit_status()


def call(arguments: list[str], processor: int | None) -> None:
    """Run the command in a forked process, on the given processor."""
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    sys.exit(cli.main(arguments))


def train(
    warm: ForkServerContext | None, store: RunStore, case: str, run: str, processor: int | None = None
) -> Process:
    settings = [part for text in f"{TINY} {CASES[case]}".split() for part in ("--set", text)]
    images = STEPS * config_of(case).images_per_step
    arguments = ["train", "--run", run, "--root", str(store.root), "--images", str(images), *settings]
    return Process(warm, arguments, processor)


def config_of(case: str) -> RunConfig:
    return with_overrides(preset("studio").config, dict(map(parse_assignment, f"{TINY} {CASES[case]}".split())))


def killed(warm: ForkServerContext | None, store: RunStore, case: str, share: float) -> str:
    """Kill a run after it has saved a checkpoint at `share` of the run; returns its name."""
    images = share * STEPS * config_of(case).images_per_step
    for number in range(TRIES):
        run = f"killed-{number}"
        process = train(warm, store, case, run)
        wait_for_checkpoint(process, store, run, images)
        if process.alive:
            os.kill(process.pid, signal.SIGKILL)
        if process.exit_status() == -signal.SIGKILL and store.progress(run).status != "finished":
            return run
    raise AssertionError(f"in {TRIES} tries the run was over before it could be killed")


def wait_for_checkpoint(process: Process, store: RunStore, run: str, images: float) -> None:
    eventually(
        lambda: not process.alive or saved(store, run) >= images, f"a checkpoint was saved after {images:.0f} images"
    )


def saved(store: RunStore, run: str) -> int:
    """Images seen by the newest checkpoint; -1 if there is none."""
    names = sorted(path.name for path in store.folder(run).glob("state-*"))
    return int(names[-1].split("-")[1]) if names else -1


def end_of(store: RunStore, run: str) -> str:
    checkpoint = store.checkpoints(run).newest()
    assert checkpoint.complaints == []
    return fingerprint(checkpoint.tensors, checkpoint.counters)


def curve(store: RunStore, run: str, points: int) -> pandas.DataFrame:
    """The curves without the column of seconds."""
    return store.curve(run, points=points).drop(columns="seconds")


def visible(store: RunStore, run: str) -> list[tuple[int, int]]:
    """(attempt, step) of every visible row, in the order of the steps."""
    with closing(sqlite3.connect(store.folder(run) / "history.sqlite")) as database:
        bounds = {"first": 1, "last": 10 * STEPS}
        return database.execute(f"SELECT steps.attempt, steps.step {VISIBLE} ORDER BY 2, 1", bounds).fetchall()


def pictures(store: RunStore, run: str) -> list[tuple[int, int, bytes]]:
    return [(images_seen, epoch, path.read_bytes()) for images_seen, epoch, path in store.samples(run).all()]


@pytest.fixture(scope="module")
def warm() -> ForkServerContext:
    return warm_processes()


@pytest.fixture
def share() -> float:
    """When to kill, as a random share of the run."""
    seed = int(os.environ.get(SEED) or secrets.randbelow(2**32))
    print(f"killed at the time of {SEED}={seed}")
    return random.Random(seed).uniform(0, LATEST)


@pytest.mark.parametrize("case", CASES)
def test_a_killed_and_resumed_run_ends_bit_for_bit_like_an_uninterrupted_one(
    case: str, root: Path, warm: ForkServerContext, share: float
) -> None:
    store, started = RunStore(root), None if case in FRESH else warm
    other_processor = min(os.sched_getaffinity(0))  # killed runs are on the last one
    uninterrupted = train(warm, store, case, "uninterrupted", other_processor)

    run = killed(started, store, case, share)

    assert uninterrupted.exit_status() == 0
    assert store.progress(run).status == "interrupted"
    step = store.checkpoints(run).newest().counters["step"]
    assert Process(started, ["resume", run, "--root", str(root)]).exit_status() == 0
    assert store.progress(run).status == "finished"
    assert end_of(store, run) == end_of(store, "uninterrupted")
    assert visible(store, run) == [(1 if number <= step else 2, number) for number in range(1, STEPS + 1)]
    for points in (MOST_POINTS, STEPS // 8):
        pandas.testing.assert_frame_equal(
            curve(store, run, points), curve(store, "uninterrupted", points), check_exact=True
        )
    assert pictures(store, run) == pictures(store, "uninterrupted")
    assert store.snapshots(run).all() == store.snapshots("uninterrupted").all()


def test_the_cases_cover_every_choice() -> None:
    configs = [config_of(case) for case in CASES]
    players = [(config.model.generator, config.model.discriminator) for config in configs]

    assert len(CASES) == 12
    assert {config.objective.loss for config in configs} == set(get_args(LossName))
    assert {config.objective.penalty for config in configs} == set(get_args(PenaltyName))
    assert {config.objective.augment for config in configs} == set(get_args(AugmentName))
    assert {player.family for pair in players for player in pair} == {"mlp", "dcgan", "resize", "studio"}
    critics = [critic for _, critic in players if not isinstance(critic, ClassicDiscriminator)]
    assert {critic.norm for critic in critics} == set(get_args(Norm))
    assert {critic.spectral_norm for critic in critics} == {True, False}
    assert {critic.dropout > 0 for critic in critics} == {True, False}
    assert {config.optim.d_steps for config in configs} == {1, 2}
    assert {config.optim.ema_halflife_images > 0 for config in configs} == {True, False}
    assert {config.data.labels for config in configs} == {True, False}
    assert {config.train.precision for config in configs} == {"float32", "bfloat16"}
    assert len(FRESH & CASES.keys()) == 1
