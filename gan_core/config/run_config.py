"""The configuration of one run, and the rules between its fields."""

from collections.abc import Callable
from math import lcm
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from gan_core.config.families import FAMILIES
from gan_core.config.fields import Frozen
from gan_core.config.problem import ConfigError, Problem
from gan_core.config.sections import DataConfig, ModelConfig, ObjectiveConfig, OptimConfig, TrainConfig

SCHEMA = 1  # of config.json


class RunConfig(Frozen):
    """All settings of one run. On one machine with the same versions, equal configurations give equal runs."""

    data: DataConfig = Field(default=DataConfig(), description="Data")
    model: ModelConfig = Field(default=ModelConfig(), description="Networks")
    objective: ObjectiveConfig = Field(default=ObjectiveConfig(), description="Loss")
    optim: OptimConfig = Field(default=OptimConfig(), description="Optimisation")
    train: TrainConfig = Field(default=TrainConfig(), description="Training")

    @model_validator(mode="after")
    def refuse_what_cannot_run(self) -> Self:
        """Raises ConfigError with every rule of RULES that is broken."""
        broken = [Problem(rule.field, text) for rule in RULES for text in rule.broken(self)]
        if broken:
            raise ConfigError(broken)
        return self

    @property
    def images_per_step(self) -> int:
        """Real images that one step (d_steps updates of D, one of G) shows to D."""
        return self.optim.batch_size * self.optim.d_steps


class Rule(NamedTuple):
    """A rule between fields: the field that its problem is reported for, the other fields that it reads, the check."""

    field: str
    reads: tuple[str, ...]
    broken: Callable[[RunConfig], list[str]]  # what to say; empty if the rule is kept


def families_chosen(config: RunConfig) -> dict[str, str]:
    """The chosen family of each player, by the player's dotted name."""
    return {
        "model.generator": config.model.generator.family,
        "model.discriminator": config.model.discriminator.family,
    }


def size_is_no_multiple(config: RunConfig) -> list[str]:
    size = config.data.image_size
    wrong = {
        player: FAMILIES[family].size_multiple
        for player, family in families_chosen(config).items()
        if size % FAMILIES[family].size_multiple
    }
    if not wrong:
        return []
    return [f"must be a multiple of {lcm(*wrong.values())} for the convolutions of {', '.join(wrong)}, got {size}"]


def size_is_not_the_only_one(config: RunConfig) -> list[str]:
    size = config.data.image_size
    wrong = {
        f"{player} {family}": only
        for player, family in families_chosen(config).items()
        if (only := FAMILIES[family].only_size) not in (None, size)
    }
    if not wrong:
        return []
    only = next(iter(wrong.values()))
    return [f"must be {only} for {' and '.join(wrong)}, got {size}; use {only}, or another family"]


def folder_is_not_named(config: RunConfig) -> list[str]:
    missing = config.data.name == "folder" and not config.data.folder.strip()
    return ["must name a folder if data.name is 'folder'"] if missing else []


def limit_is_below_the_batch(config: RunConfig) -> list[str]:
    limit, batch = config.data.limit, config.optim.batch_size
    return [f"must be 0 or at least optim.batch_size ({batch}), got {limit}"] if 0 < limit < batch else []


RULES = (
    Rule("data.image_size", ("model.generator", "model.discriminator"), size_is_no_multiple),
    Rule("data.image_size", ("model.generator", "model.discriminator"), size_is_not_the_only_one),
    Rule("data.folder", ("data.name",), folder_is_not_named),
    Rule("data.limit", ("optim.batch_size",), limit_is_below_the_batch),
)
