"""Tiny real runs for tests: scikit-learn's 8 x 8 digits, and linear networks with a few units."""

from pathlib import Path
from typing import Any

from gan_core.config import RunConfig, with_overrides
from gan_core.execution.run_training import run_to_end
from gan_core.runs.store import RunStore
from tests import tiny as networks

SHORT = {"data.limit": 160, "optim.batch_size": 16, "train.images": 640, "train.sample_every": 160}


def tiny(**overrides: Any) -> RunConfig:
    """A configuration of 640 images that trains in well under a second; `optim__d_steps=2` sets `optim.d_steps`."""
    dotted = {key.replace("__", "."): value for key, value in overrides.items()}
    return with_overrides(networks.tiny(), {**SHORT, **dotted})


def train(store: RunStore, run: str, images: int | None = None, data_root: Path = networks.DATA) -> str:
    """Train to the end in this thread; returns the status of the run."""
    return run_to_end(store, run, images=images, data_root=data_root).status
