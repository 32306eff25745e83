"""Configurations with a few hundred weights, and trainers of them on scikit-learn's digits of 8 x 8 pixels."""

from functools import cache
from pathlib import Path
from typing import Any, get_args

import torch
from annotated_types import Ge
from pydantic.fields import FieldInfo

from gan_core.config import DataConfig, RunConfig, config_from, families_of, with_overrides
from gan_core.data.dataset import Dataset
from gan_core.data.registry import load
from gan_core.models.family import ClassicGenerator
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

CPU = torch.device("cpu")
DATA = Path(__file__).resolve().parents[1] / "data"  # not in git: what a data set caches stays out of the sources
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


def settings(player: str, family: str) -> dict[str, FieldInfo]:
    """The settings that a player ("generator" or "discriminator") has in a family."""
    return dict(families_of(f"model.{player}")[family].model_fields)


def families_with(player: str, setting: str) -> list[str]:
    """The families in which a player has a setting: not each offers spectral norm, or a choice of the output."""
    return [family for family in FAMILIES if setting in settings(player, family)]


def choices_of(player: str, family: str, setting: str) -> tuple[Any, ...]:
    """The values of a setting that is a choice of words; none if the family does not have it."""
    field = settings(player, family).get(setting)
    return get_args(field.annotation) if field else ()


def offered(family: str, **overrides: Any) -> dict[str, Any]:
    """Those of `model__<player>__<setting>` that a family has; the others are left out."""
    paths = {key: key.removeprefix("model__").split("__") for key in overrides}
    return {key: overrides[key] for key, (player, setting) in paths.items() if setting in settings(player, family)}


def narrowest(family: str) -> dict[str, int]:
    """The fewest channels that both players of a family can have, as overrides; empty for a family without widths."""
    players = [player for player in ("generator", "discriminator") if "width" in settings(player, family)]
    rules = [
        rule.ge for player in players for rule in settings(player, family)["width"].metadata if isinstance(rule, Ge)
    ]
    return {f"model__{player}__width": max(bound for bound in rules if isinstance(bound, int)) for player in players}


def tiny(**overrides: Any) -> RunConfig:
    """A configuration of two small linear networks on 8 x 8 digits; `optim__d_steps=2` sets `optim.d_steps`."""
    dotted = {key.replace("__", "."): value for key, value in overrides.items()}
    return with_overrides(config_from(MLP), dotted)


def tiny_family(family: str, **overrides: Any) -> RunConfig:
    """As `tiny`, with both networks of one family, with as few channels as it allows."""
    players = {"model__generator__family": family, "model__discriminator__family": family}
    return tiny(**(players if family != "mlp" else {}), **narrowest(family), **overrides)


def classic(family: str, **overrides: Any) -> RunConfig:
    """As `tiny`, with both networks of one classic family, at the image size that they are made for."""
    players = {"model__generator__family": family, "model__discriminator__family": family}
    return tiny(**players, **{"data__image_size": 28, "model__latent__size": 100, **overrides})


@cache
def digits(labels: bool = False) -> Dataset:
    """1,797 grey digits of 8 x 8 pixels; no file below `data/` is read or written."""
    return load(DataConfig(name="digits", image_size=8, labels=labels), CPU, root=DATA)


def trainer_of(config: RunConfig) -> Trainer:
    """A trainer at step 0, on the CPU in float32 with one thread."""
    classes = CLASSES if config.data.labels else 0
    return Trainer(config, TrainState(config, classes, CPU), digits(), CPU, "float32", threads=1)
