"""Estimates for a run before it starts. Sizes are computed at once; speeds are measured in the background.

No widgets here. A server makes one measurement at a time: two at once would slow each other.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from dashboard.app import services
from dashboard.ui.text import roughly
from gan_core.config import RunConfig
from gan_core.data.registry import outlook
from gan_core.execution.jobs import Job, Lock

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.models.summary import Layer

MOST_SPEEDS = 256
MINUTES_SECONDS = 120.0  # from which on a range is given in whole minutes
HOUR_SECONDS = 3_600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """The layers of both networks, and the disk space of a run in bytes."""

    generator: "tuple[Layer, ...]"
    discriminator: "tuple[Layer, ...]"
    images: int  # of the data set
    disk_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Speed:
    """Images per second, and the range in which the steps were. Without a speed, `problem` says why.

    `beside` is the run that trained at the same time; `busy` says that other programs used the processors.
    """

    images_per_second: float = 0.0
    slowest: float = 0.0
    fastest: float = 0.0
    busy: bool = False
    beside: str | None = None
    problem: str = ""


class Seconds(NamedTuple):
    """How long something will take: from the fastest to the slowest."""

    least: float
    most: float

    @property
    def in_words(self) -> str:
        """`4 to 6 min`, or `about 5 min` where both ends read the same."""
        ends = roughly(self.least), roughly(self.most)
        if ends[0] == ends[1]:
            return ends[0] if ends[0].startswith("under") else f"about {ends[0]}"
        if self.least >= MINUTES_SECONDS and self.most < HOUR_SECONDS:
            return f"{int(self.least // 60)} to {math.ceil(self.most / 60)} min"
        (first, unit), (last, other) = (end.rsplit(" ", 1) for end in ends)
        one_unit = unit == other and first.isdigit() and last.isdigit()
        return f"{first} to {last} {unit}" if one_unit else f"{ends[0]} to {ends[1]}"


class Speeds:
    """The speeds that this process has measured. Configurations of equal speed share one entry."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, Speed] = {}
        self._job: Job | None = None
        self._beside: str | None = None
        self._measured = ""  # the key of the present or the last measurement

    def known(self, config: RunConfig) -> Speed | None:
        """The speed of a configuration, if it has been measured."""
        return self._known.get(key_of(config))

    def measure(self, config: RunConfig, beside: str | None) -> None:
        """Begin to measure, unless something is being measured. `beside` is the run that trains now, if any."""
        with self._lock:
            if self._job is None or not self._job.running:
                self._beside, self._measured = beside, key_of(config)
                self._job = Job("gan-studio-speed", lambda job: self._work(job, config, beside)).start()

    @property
    def is_measuring(self) -> bool:
        return self._job is not None and self._job.running

    def is_measuring_another(self, config: RunConfig) -> bool:
        """Whether this configuration must wait until another one has been measured."""
        return self.is_measuring and self._measured != key_of(config)

    def forget(self, config: RunConfig) -> None:
        """Forget the speed of this configuration, so that it is measured again."""
        with self._lock:
            self._known.pop(key_of(config), None)

    def leave_where_disturbed(self, training: str | None) -> None:
        """Cancel a measurement during which a run began or ended: its result would be valid for neither case."""
        if self._job is not None and training != self._beside:
            self._job.cancel()

    def _work(self, job: Job, config: RunConfig, beside: str | None) -> None:
        from gan_core.numerics.device import DeviceError
        from gan_core.training.speed_estimate import estimate_speed

        try:
            found = estimate_speed(config, outlook(config.data).classes, job.cancelled.is_set)
            speed = None if found is None else Speed(**found._asdict(), beside=beside)
        except (DeviceError, MemoryError, RuntimeError) as problem:  # torch raises RuntimeError if memory is full
            speed = Speed(problem=str(problem) or "there is not enough memory for it")
        if speed is not None:
            self._keep(config, speed)

    def _keep(self, config: RunConfig, speed: Speed) -> None:
        with self._lock:
            self._known[key_of(config)] = speed
            while len(self._known) > MOST_SPEEDS:
                self._known.pop(next(iter(self._known)))


def key_of(config: RunConfig) -> str:
    from gan_core.training.speed_estimate import what_matters

    return what_matters(config)


@st.cache_resource(show_spinner=False)
def speeds() -> Speeds:
    """The speeds that this process has measured."""
    return Speeds()


@st.cache_data(max_entries=64, ttl=300.0, show_spinner=False)  # a folder of pictures may change
def sizes(config_json: str) -> Sizes:
    """The sizes for the configuration in this JSON."""
    from gan_core.models.summary import summarize
    from gan_core.runs.disk_estimate import footprint

    config = RunConfig.model_validate_json(config_json)
    images, classes = outlook(config.data)
    layers = summarize(config, classes)
    return Sizes(
        generator=layers.generator,
        discriminator=layers.discriminator,
        images=images,
        disk_bytes=footprint(config, images, classes).total,
    )


def seconds_for(config: RunConfig, images: int | None = None) -> Seconds | None:
    """How long so many images (all of the run's by default) will take here; None before that is measured."""
    speed = speeds().known(config) if services.warm() else None
    if speed is None or speed.problem:
        return None
    count = config.train.images if images is None else images
    return Seconds(count / speed.fastest, count / speed.slowest)
