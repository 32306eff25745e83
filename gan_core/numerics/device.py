"""The device and the arithmetic of the networks: which devices and processors there are, and how they compute.

Tested on the CPU only. CUDA and Apple's MPS use the same code through the functions below.
"""

import os
import platform
from contextlib import AbstractContextManager
from typing import Any

import torch

from gan_core.config import DeviceName, Precision

THREADS_VARIABLE = "OMP_NUM_THREADS"  # by which people limit every program that uses OpenMP


class DeviceError(ValueError):
    """The configured device is not available on this machine."""


def choose_device(name: DeviceName) -> torch.device:
    """The named device; `auto` uses CUDA, then MPS, then the CPU. Raises DeviceError if it is not available."""
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, there in available.items() if there))
    if not available[name]:
        raise DeviceError(f"train.device: {name} is not available on this machine; use 'auto' or 'cpu'")
    return torch.device(name)


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[Any]:
    """Mixed precision for the networks' forward passes; weights, losses and penalties stay float32."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")


def processors() -> int:
    """Number of processors that this process may use, and no more than the environment variable OMP_NUM_THREADS."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    there = len(affinity(0)) if affinity else os.cpu_count() or 1
    wanted = os.environ.get(THREADS_VARIABLE, "").partition(",")[0]  # of nested loops the outermost
    return min(there, int(wanted)) if wanted.isdecimal() and int(wanted) else there


def use_threads(count: int) -> None:
    """Compute with `count` threads from now on. The last bits of results depend on it, so a run keeps its number."""
    torch.set_num_threads(count)


def versions() -> dict[str, str]:
    """What exact results depend on besides the configuration."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "processor": torch.backends.cpu.get_cpu_capability(),
        "machine": platform.machine(),
    }
