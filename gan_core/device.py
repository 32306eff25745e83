"""Where and in which arithmetic the networks run: the only file that asks what hardware there is.

Only the CPU has been run. CUDA and Apple's MPS take the same code paths through the names below.
"""

import os
import platform
from contextlib import AbstractContextManager
from typing import Any

import torch

from gan_core.config import DeviceName, Precision


class DeviceError(ValueError):
    """A device that this machine does not have."""


def choose_device(name: DeviceName) -> torch.device:
    """The named device; `auto` takes CUDA, then MPS, then the CPU. Raises DeviceError with a sentence."""
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
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def use_threads(count: int) -> None:
    """Compute with `count` threads from here on; results depend on it in the last bits, so a run keeps its own."""
    torch.set_num_threads(count)


def versions() -> dict[str, str]:
    """What a run's exactness depends on besides its configuration."""
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "processor": torch.backends.cpu.get_cpu_capability(),
        "machine": platform.machine(),
    }
