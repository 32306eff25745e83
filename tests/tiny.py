"""Configurations with a few hundred weights, and trainers of them on scikit-learn's digits of 8 x 8 pixels."""

from functools import cache
from pathlib import Path
from typing import Any

import torch

from gan_core.config import DataConfig, RunConfig, config_from, with_overrides
from gan_core.data.dataset import Dataset
from gan_core.data.registry import load
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

CPU = torch.device("cpu")
CLASSES = 10
MLP = {
    "data": {"name": "digits", "image_size": 8},
    "model": {
        "latent": {"size": 4},
        "generator": {"family": "mlp", "widths": [8, 8]},
        "discriminator": {"family": "mlp", "widths": [8, 8]},
    },
    "optim": {"batch_size": 8},
    "train": {"images": 64, "precision": "float32", "device": "cpu", "threads": 1},
}
NARROWEST = {"dcgan": 4, "resize": 4, "studio": 8}  # channels


def tiny(**overrides: Any) -> RunConfig:
    """A configuration of two small linear networks on 8 x 8 digits; `optim__d_steps=2` sets `optim.d_steps`."""
    dotted = {key.replace("__", "."): value for key, value in overrides.items()}
    return with_overrides(config_from(MLP), dotted)


def tiny_family(family: str, **overrides: Any) -> RunConfig:
    """As `tiny`, with both networks of one family, with as few channels as it allows."""
    players = {"model__generator__family": family, "model__discriminator__family": family}
    widths = {f"{player.removesuffix('__family')}__width": NARROWEST[family] for player in players if family != "mlp"}
    return tiny(**(players if family != "mlp" else {}), **widths, **overrides)


def classic(family: str, **overrides: Any) -> RunConfig:
    """As `tiny`, with both networks of one classic family, at the image size that they are made for."""
    players = {"model__generator__family": family, "model__discriminator__family": family}
    return tiny(**players, **{"data__image_size": 28, "model__latent__size": 100, **overrides})


@cache
def digits(labels: bool = False) -> Dataset:
    """1,797 grey digits of 8 x 8 pixels; no file below `data/` is read or written."""
    return load(DataConfig(name="digits", image_size=8, labels=labels), CPU, root=Path("nowhere"))


def trainer_of(config: RunConfig) -> Trainer:
    """A trainer at step 0, on the CPU in float32 with one thread."""
    classes = CLASSES if config.data.labels else 0
    return Trainer(config, TrainState(config, classes, CPU), digits(), CPU, "float32", threads=1)
