"""How fast a configuration will train on this machine: a few steps of new networks are timed.

The images are noise of the right shape, so that no data set has to be read or downloaded.
"""

import json
import math
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch

from gan_core.config import RunConfig
from gan_core.data.dataset import Dataset
from gan_core.numerics.device import DeviceError, choose_device, processors, use_threads
from gan_core.numerics.other_programs import OtherPrograms
from gan_core.numerics.rng import generator_for
from gan_core.training.autotune import Arithmetic, choices_for, handicap, seconds_of_step
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

MEASURE_SECONDS = 1.0  # of computing: a training beside it loses no more
WARM_STEPS = 1  # per choice that do not count: they choose kernels and fill caches
FEWEST_STEPS = 2  # per choice that count
BUSY_SHARE = 0.15  # of the processors: less is what a desktop and a browser use at rest
STAND_IN_IMAGES = 4  # batches of them

SETTINGS_THAT_MATTER = (
    "model",
    "objective",
    "optim.batch_size",
    "optim.d_steps",
    "data.image_size",
    "data.channels",
    "data.labels",
    "train.device",
    "train.precision",
    "train.threads",
)


def what_matters(config: RunConfig) -> str:
    """A text that is equal for configurations of equal speed: without learning rates, seeds and lengths."""
    values = config.model_dump(mode="json")
    return json.dumps({path: value_at(values, path) for path in SETTINGS_THAT_MATTER}, sort_keys=True)


def value_at(values: Mapping[str, object], path: str) -> object:
    head, _, rest = path.partition(".")
    inner = values[head]
    return value_at(inner, rest) if rest and isinstance(inner, Mapping) else inner


class SpeedEstimate(NamedTuple):
    """Real images per second: what is likely, and the range of the timed steps without the outer tenths.

    `busy` says that other programs used the processors meanwhile: on an idle machine the run will be faster.
    """

    images_per_second: float
    slowest: float
    fastest: float
    busy: bool


def estimate_speed(config: RunConfig, classes: int, leave: Callable[[], bool]) -> SpeedEstimate | None:
    """How fast a run would train on this machine now; None if `leave()` became true.

    Precision and threads are chosen as at the start of a run. `classes` is 0 without labels. Raises DeviceError.
    """
    before, load = torch.get_num_threads(), OtherPrograms()
    try:
        seconds = time_steps(config, classes, leave)
    finally:
        use_threads(before)
    if seconds is None:
        return None
    chosen = min(seconds, key=lambda choice: min(seconds[choice]) * handicap(*choice))
    tenths = statistics.quantiles(seconds[chosen], n=20, method="inclusive")
    quick, typical, slow = tenths[1], tenths[4], tenths[17]  # of few steps, others easily disturb half
    if math.isinf(typical):
        raise DeviceError("this machine cannot compute a step of these networks; make them or the batch smaller")
    images = config.images_per_step
    busy = load.processors_used() > BUSY_SHARE * processors()
    return SpeedEstimate(images / typical, images / slow, images / quick, busy)


def time_steps(config: RunConfig, classes: int, leave: Callable[[], bool]) -> dict[Arithmetic, list[float]] | None:
    """The seconds of the steps of each choice, which take turns; None if `leave()` became true."""
    device = choose_device(config.train.device)
    choices = choices_for(config, device)
    state, data = TrainState(config, classes, device), stand_in(config, classes, device)
    trainers = {choice: Trainer(config, state, data, device, *choice) for choice in choices}
    seconds: dict[Arithmetic, list[float]] = {choice: [] for choice in choices}
    began = time.perf_counter()
    while time.perf_counter() - began < MEASURE_SECONDS or len(seconds[choices[-1]]) < WARM_STEPS + FEWEST_STEPS:
        for choice in choices:
            if leave():
                return None
            seconds[choice].append(seconds_of_step(trainers[choice]))
    return {choice: taken[WARM_STEPS:] for choice, taken in seconds.items()}


def stand_in(config: RunConfig, classes: int, device: torch.device) -> Dataset:
    """Noise in the shape of the data."""
    data, count = config.data, STAND_IN_IMAGES * config.optim.batch_size
    draw = generator_for(config.train.seed, "stand-in for the data")
    shape = (count, data.channels, data.image_size, data.image_size)
    return Dataset(
        images=torch.randint(256, shape, generator=draw, dtype=torch.uint8).to(device),
        labels=torch.randint(classes, (count,), generator=draw).to(device) if classes else None,
        classes=tuple(map(str, range(classes))),
        source="noise",
    )
