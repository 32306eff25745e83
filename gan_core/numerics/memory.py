"""Memory that was freed: kept for the next step of a training, given back to the system now and then. glibc only."""

import ctypes
import platform
from functools import cache

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # mallopt(3)
KEPT_BYTES = 1 << 30


def keep_freed_memory() -> None:
    """Let this process keep the memory that it frees.

    Otherwise the system maps and clears memory anew for each large tensor of a step: 4 to 8 % of the time.
    """
    if library := glibc():
        for option in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            library.mallopt(option, KEPT_BYTES)


def give_back_freed_memory() -> None:
    """Give the memory that this process has freed back to the system."""
    if library := glibc():
        library.malloc_trim(0)


@cache
def glibc() -> ctypes.CDLL | None:
    """The C library of this process; None if it is not glibc."""
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
