"""Configurations with a few hundred weights, and trainers of them on scikit-learn's digits of 8 x 8 pixels."""

from functools import cache
from pathlib import Path
from typing import Any

import torch
from annotated_types import Ge

from gan_core.config import PLAYERS, DataConfig, RunConfig, config_from, families_of, with_overrides
from gan_core.data.dataset import Dataset
from gan_core.data.registry import load
from gan_core.models.family import ClassicGenerator
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer


def least_width(family: str) -> int:
    """The fewest channels that both players of a family can have."""
    players = [families_of(player)[family].model_fields["width"] for player in PLAYERS]
    bounds = [rule.ge for field in players for rule in field.metadata if isinstance(rule, Ge)]
    return max(bound for bound in bounds if isinstance(bound, int))


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
FAMILIES = tuple(  # those with settings; the others are `classic`
    name for name, family in families_of("model.generator").items() if not issubclass(family, ClassicGenerator)
)
NARROWEST = {
    name: least_width(name) for name in FAMILIES if "width" in families_of("model.generator")[name].model_fields
}


def tiny(**overrides: Any) -> RunConfig:
    """A configuration of two small linear networks on 8 x 8 digits; `optim__d_steps=2` sets `optim.d_steps`."""
    dotted = {key.replace("__", "."): value for key, value in overrides.items()}
    return with_overrides(config_from(MLP), dotted)


def tiny_family(family: str, **overrides: Any) -> RunConfig:
    """As `tiny`, with both networks of one family, with as few channels as it allows."""
    players = {"model__generator__family": family, "model__discriminator__family": family}
    widths = {
        f"{player.removesuffix('__family')}__width": NARROWEST[family] for player in players if family in NARROWEST
    }
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
