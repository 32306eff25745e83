"""Fix before the first step what a configuration leaves open, so that a resumed run computes as it began."""

import time
from statistics import median

import torch

from gan_core.config import Frozen, Precision, RunConfig
from gan_core.data import Dataset
from gan_core.device import choose_device, processors, use_threads, versions
from gan_core.state import TrainState
from gan_core.trainer import Trainer

PROBE_SECONDS = 0.6
WORTH_IT = 1.05  # bfloat16 must be this much faster: it is less exact


class Resolved(Frozen):
    """What was open, as it came out; kept in config.json for the life of the run."""

    device: str
    precision: Precision
    threads: int
    classes: tuple[str, ...]  # names of the labels that the networks are told; empty without
    data_size: int  # images
    data_source: str
    data_sha256: str
    versions: dict[str, str]


class DataChangedError(ValueError):
    """The data are not those that the run began with."""


def resolve(config: RunConfig, dataset: Dataset) -> Resolved:
    """Device, precision, threads, classes and versions for a run that has not begun."""
    device, threads = choose_device(config.train.device), processors()
    precision = config.train.precision
    if precision == "auto":
        precision = faster_precision(config, dataset, device, threads)
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


def faster_precision(config: RunConfig, dataset: Dataset, device: torch.device, threads: int) -> Precision:
    """bfloat16 where it pays, by timing alternating steps of throw-away copies; float32 where it fails or does not."""
    choices: tuple[Precision, ...] = ("float32", "bfloat16")
    classes = len(dataset.classes) if config.data.labels else 0
    use_threads(threads)
    trainers = {
        choice: Trainer(config, TrainState(config, classes, device), dataset, device, choice, threads)
        for choice in choices
    }
    seconds: dict[Precision, list[float]] = {choice: [] for choice in choices}
    try:
        began = time.perf_counter()
        while time.perf_counter() - began < PROBE_SECONDS or len(seconds["bfloat16"]) < 4:
            for choice in choices:
                seconds[choice].append(seconds_of_step(trainers[choice]))
    except RuntimeError:  # an operation that this device does not have in bfloat16
        return "float32"
    # the first steps choose kernels and fill caches
    gain = median(seconds["float32"][2:]) / median(seconds["bfloat16"][2:])
    return "bfloat16" if gain > WORTH_IT else "float32"


def seconds_of_step(trainer: Trainer) -> float:
    began = time.perf_counter()
    trainer.step().scalars["loss_g"].item()  # waits for the device
    return time.perf_counter() - began


def differences(resolved: Resolved) -> list[str]:
    """Why a resumed run may differ in the last bits from one that was never stopped, one sentence each."""
    now = versions()
    return [
        f"{name} was {before} when the run began and is {now.get(name)} now: the last bits may differ"
        for name, before in resolved.versions.items()
        if now.get(name) != before
    ]


def check_data(resolved: Resolved, dataset: Dataset, run: str) -> None:
    """Raises DataChangedError where the data are not those that the run began with."""
    if dataset.sha256 != resolved.data_sha256:
        raise DataChangedError(
            f"the data of run {run} have changed since it began (then {resolved.data_source!r}, "
            f"now {dataset.source!r}); put the old data back, or start a new run"
        )
