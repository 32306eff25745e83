"""Choose precision and threads before the first step. A resumed run keeps the precision."""

import math
import time

import torch

from gan_core.config import Frozen, Precision, RunConfig
from gan_core.data.dataset import Dataset
from gan_core.data.source import DataChangedError
from gan_core.numerics.device import choose_device, processors, use_threads, versions
from gan_core.training.state import TrainState
from gan_core.training.trainer import Trainer

PROBE_SECONDS = 0.8
PROBE_STEPS = 5  # per choice at least: the first steps choose kernels and fill caches
TURN_STEPS = 2  # steps in a row: the first step after a change of the choice is slower
WORTH_LESS_EXACT = 1.05  # bfloat16 must be this much faster than float32
WORTH_ALL_CORES = 1.15  # all cores must be this much faster than one, which leaves the others to the dashboard
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")

Arithmetic = tuple[Precision, int]  # precision and number of threads


class Resolved(Frozen):
    """The choices made for `auto`, and the data and versions that a run began with; kept in config.json."""

    device: str
    precision: Precision
    threads: int
    classes: tuple[str, ...]  # names of the labels; empty for a run without labels
    data_size: int  # images
    data_source: str
    data_sha256: str
    versions: dict[str, str]


def resolve(config: RunConfig, dataset: Dataset) -> Resolved:
    """Choose device, precision and threads for a new run, and record classes, data and versions."""
    device = choose_device(config.train.device)
    precision, threads = fastest(config, dataset, device)
    return Resolved(
        device=device.type,
        precision=precision,
        threads=threads,
        classes=dataset.classes if config.data.labels else (),
        data_size=len(dataset),
        data_source=dataset.source,
        data_sha256=dataset.sha256,
        versions=versions(),
    )


def fastest(config: RunConfig, dataset: Dataset, device: torch.device) -> Arithmetic:
    """The fastest precision and number of threads: steps of copies of the networks are timed in turns.

    Only what the configuration leaves open is tried. The fastest step of each choice counts, because other programs
    disturb the others.
    """
    choices = choices_for(config, device)
    if len(choices) == 1:
        return choices[0]
    classes = len(dataset.classes) if config.data.labels else 0
    states = {precision: TrainState(config, classes, device) for precision, _ in choices}
    trainers = {choice: Trainer(config, states[choice[0]], dataset, device, *choice) for choice in choices}
    seconds: dict[Arithmetic, list[float]] = {choice: [] for choice in choices}
    began = time.perf_counter()
    while time.perf_counter() - began < PROBE_SECONDS or len(seconds[choices[0]]) < PROBE_STEPS:
        for choice in choices:
            seconds[choice] += [seconds_of_step(trainers[choice]) for _ in range(TURN_STEPS)]
    return min(choices, key=lambda choice: min(seconds[choice]) * handicap(*choice))


def choices_for(config: RunConfig, device: torch.device) -> list[Arithmetic]:
    """The choices that the configuration leaves open, the most exact first. Threads matter on the CPU only."""
    precisions = PRECISIONS if config.train.precision == "auto" else (config.train.precision,)
    threads = [config.train.threads or processors()]
    if device.type == "cpu" and config.train.threads == 0:
        threads = sorted({1, processors()})
    return [(precision, count) for precision in precisions for count in threads]


def handicap(precision: Precision, threads: int) -> float:
    """How much faster than the first choice a choice must be."""
    return (WORTH_LESS_EXACT if precision == "bfloat16" else 1.0) * (WORTH_ALL_CORES if threads > 1 else 1.0)


def seconds_of_step(trainer: Trainer) -> float:
    """The time of one step; infinite if the device lacks an operation in this precision."""
    use_threads(trainer.threads)
    began = time.perf_counter()
    try:
        trainer.step().measured["loss_g"].item()  # waits for the device
    except RuntimeError:
        return math.inf
    return time.perf_counter() - began


def differences(resolved: Resolved) -> list[str]:
    """One sentence for each library whose version has changed: the resumed run may differ by rounding errors."""
    now = versions()
    return [
        f"{name} was {before} when the run began and is {now.get(name)} now: results may differ by rounding errors"
        for name, before in resolved.versions.items()
        if now.get(name) != before
    ]


def as_it_began(resolved: Resolved, dataset: Dataset) -> Dataset:
    """The data with their classes in the order that the run began with: older versions ordered them by characters.

    The order is a part of the hash even if the networks are not told the classes. Without a match the data are returned
    as they are, for `check_data` to refuse.
    """
    orders = (dataset.classes, resolved.classes, tuple(sorted(dataset.classes)))
    candidates = (dataset.with_classes_as(names) for names in orders)
    return next((each for each in candidates if each.sha256 == resolved.data_sha256), dataset)


def check_data(resolved: Resolved, dataset: Dataset, run: str) -> None:
    """Raises DataChangedError if the data have changed since the run began."""
    if dataset.sha256 != resolved.data_sha256:
        raise DataChangedError(
            f"the data of run {run} have changed since it began (then {resolved.data_source!r}, "
            f"now {dataset.source!r}); put the old data back, or start a new run"
        )
