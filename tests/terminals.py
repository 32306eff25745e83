"""Run commands in processes of their own, to test signals, exit statuses and two trainers at once."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gan_core.runs.store import RunMissingError, RunStore
from tests.waiting import DEADLINE_SECONDS, eventually

REPOSITORY = Path(__file__).resolve().parents[1]
SETTINGS = {
    "data.name": "digits",
    "data.image_size": "8",
    "data.limit": "160",
    "data.labels": "false",
    "model.latent.size": "4",
    "model.generator.family": "mlp",
    "model.generator.widths": "8,8",
    "model.discriminator.family": "mlp",
    "model.discriminator.widths": "8,8",
    "optim.batch_size": "16",
    "train.images": "640",
    "train.sample_every": "160",
    "train.precision": "float32",
    "train.device": "cpu",
    "train.threads": "1",
}
ENDLESS = 10_000_000  # images


def tiny_settings(**overrides: object) -> list[str]:
    """`--set` options of a run that trains in a second; `optim__d_steps=2` sets `optim.d_steps`."""
    settings = {**SETTINGS, **{key.replace("__", "."): str(value) for key, value in overrides.items()}}
    return [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]


@contextmanager
def started(
    *arguments: str, folder: Path, inside: Sequence[str] = (), **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """A process `python -m gan_core ...` in `folder`; it is killed at the end of the block.

    `inside` is put before the command, for a program that starts another one.
    """
    process = subprocess.Popen(
        [*inside, sys.executable, "-m", "gan_core", *arguments],
        cwd=folder,
        # threads that wait in a busy loop would slow down the other processes of a test
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_WAIT_POLICY": "PASSIVE", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait until a process ends; returns its exit status and the last line of its stderr."""
    _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    return process.returncode, (errors.split("\n")[-2] if errors else "")


def wait_for_steps(store: RunStore, run: str, more_than_images: int = 0) -> None:
    """Wait until another process has trained the run on more than so many images."""
    eventually(lambda: images_seen(store, run) > more_than_images, f"{run} went beyond {more_than_images} images")


def images_seen(store: RunStore, run: str) -> int:
    """How many images a run has seen; -1 before it exists."""
    try:
        return store.progress(run).images_seen
    except RunMissingError:
        return -1
