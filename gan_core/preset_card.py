"""What a preset says of itself: its configuration and its story. What it reached is read from what was measured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gan_core.config import ConfigError, Json, RunConfig, config_from

Group = Literal["ours", "ancestor", "modern"]

MEASURED = Path(__file__).with_name("presets_measured.json")  # written by benchmarks/presets.py


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """What one preset had reached after some time of training, as the judge saw it."""

    seconds: float  # of training
    images_seen: int
    images_per_second: float
    confident: float  # share of the samples that are digits which the judge is sure of
    classes: int  # of the ten that at least 2 % of the samples are sure to show
    rarest: float  # share of the samples that are sure to show the rarest class
    accuracy_real: float  # share of real images that D called real, lately
    accuracy_fake: float
    threads: int
    precision: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """A configuration with its story."""

    name: str
    title: str
    group: Group
    summary: str
    source: str
    config: RunConfig
    repaired: tuple[str, ...] = ()  # what its project had wrong
    unlike: str = ""  # what its project did in another way that comes to much the same

    @property
    def reached(self) -> tuple[Reached, ...]:
        """What it reached at each time of its measurement; nothing where its settings were never measured."""
        return reached_by(self.name, self.config)


def reached_by(name: str, config: RunConfig, path: Path = MEASURED) -> tuple[Reached, ...]:
    """The measurement of a preset with exactly these settings; how long a run may go does not matter to it."""
    entry = measurements(path).get(name)
    if entry is None or not same_settings(entry["config"], config):
        return ()
    return tuple(Reached(**moment) for moment in entry["reached"])


@cache
def measurements(path: Path) -> Mapping[str, Json]:
    """All that was measured, by preset."""
    presets: Mapping[str, Json] = json.loads(path.read_text())["presets"] if path.is_file() else {}
    return presets


def same_settings(measured: Mapping[str, Any], config: RunConfig) -> bool:
    """Whether a run with the settings `measured` (as JSON has them) trains as `config` does."""
    try:
        return without_clock(config_from(measured)) == without_clock(config)
    except ConfigError:  # a setting that there is no more
        return False


def without_clock(config: RunConfig) -> RunConfig:
    """The configuration less where and how long it trains."""
    return config.model_copy(update={"train": RunConfig().train})


def sentence_of(reached: Reached) -> str:
    """`After 5 minutes and 45,000 images on one thread: ...`."""
    classes = "all ten classes" if reached.classes == 10 else f"{reached.classes} of the ten classes"
    threads = "one thread" if reached.threads == 1 else f"{reached.threads} threads"
    return (
        f"After {reached.seconds / 60:.0f} minutes and {reached.images_seen:,} images on {threads} "
        f"({reached.images_per_second:,.0f} a second): {reached.confident:.0%} of 2,000 samples are digits that the "
        f"judge is sure of, {classes} are there, the rarest makes up {reached.rarest:.1%}."
    )
