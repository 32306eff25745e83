"""A preset: a configuration, where it comes from, and what it reached when it was measured."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from gan_core.config import ConfigError, Json, RunConfig, config_from

Group = Literal["recommended", "classic", "modern"]

MEASURED = Path(__file__).with_name("measured.json")  # written by benchmarks/presets.py
PRESENT = 0.02  # share of the samples; a digit below it counts as missing
NOT_MEASURED = "Not measured yet."


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """What a preset had reached after some time of training. Shares are in [0, 1]."""

    seconds: float  # of training, without sample grids, checkpoints and pauses
    images_seen: int
    shares: tuple[float, ...]  # for each digit, of the samples: the classifier gives it a probability of at least 0.9
    accuracy_real: float  # share of the real images that D calls real, in the last tenth of the time
    accuracy_fake: float
    threads: int
    precision: str

    @property
    def confident(self) -> float:
        """The share of the samples that the classifier is sure of."""
        return sum(self.shares)

    @property
    def missing(self) -> tuple[int, ...]:
        """The digits with a share below 2 %."""
        return tuple(digit for digit, share in enumerate(self.shares) if share < PRESENT)

    @property
    def images_per_second(self) -> float:
        return self.images_seen / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """A configuration, what it is and where it comes from."""

    name: str
    title: str
    group: Group
    summary: str
    source: str
    config: RunConfig
    repaired: tuple[str, ...] = ()  # defects of its project that are repaired here
    unlike: str = ""  # what its project did differently, with nearly the same effect

    @property
    def reached(self) -> tuple[Reached, ...]:
        """What it had reached at each time of its measurement; empty if these settings were not measured."""
        return reached_by(self.name, self.config)


def reached_by(name: str, config: RunConfig, path: Path = MEASURED) -> tuple[Reached, ...]:
    """The measurement of a preset with exactly these settings, except for the length of the run."""
    entry = measurements(path).get(name)
    if entry is None or not same_settings(entry["config"], config):
        return ()
    return tuple(Reached(**{**measured, "shares": tuple(measured["shares"])}) for measured in entry["reached"])


@cache
def measurements(path: Path) -> Mapping[str, Json]:
    """All measurements, by preset."""
    presets: Mapping[str, Json] = json.loads(path.read_text())["presets"] if path.is_file() else {}
    return presets


def same_settings(measured: Mapping[str, Any], config: RunConfig) -> bool:
    """Whether a run with the settings `measured` (as JSON has them) trains as `config` does."""
    try:
        return without_length(config_from(measured)) == without_length(config)
    except ConfigError:  # a setting that no longer exists
        return False


def without_length(config: RunConfig) -> RunConfig:
    """The configuration with the same length of the run for all."""
    return config.model_copy(update={"train": config.train.model_copy(update={"images": 1})})


def sentence_of(reached: Sequence[Reached]) -> str:
    """The last measurement in one sentence."""
    if not reached:
        return NOT_MEASURED
    last = reached[-1]
    missing = f"of the ten digits {listed(last.missing)} missing" if last.missing else "all ten digits occur"
    return (
        f"After {last.seconds / 60:.0f} minutes, {last.images_seen:,} images, on {threads(last.threads)}: the "
        f"classifier is sure of {last.confident:.0%} of 2,000 samples; {missing}."
    )


def listed(digits: Sequence[int]) -> str:
    """`1, 4 and 8 are`, `4 is`."""
    *some, last = map(str, digits)
    return f"{', '.join(some)} and {last} are" if some else f"{last} is"


def threads(count: int) -> str:
    return "one thread" if count == 1 else f"{count} threads"
