"""Which process is which: a pid is reused, a pid with its start time on one boot is not."""

import os
from pathlib import Path

import psutil

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
TOLERANCE_SECONDS = 2.0  # the boot time is known to the second, and moves when the system's clock is set


def boot_id() -> str:
    """The kernel's name for this boot; empty if it has none."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return ""


def process_started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot (as in owner.json); None if it is dead.

    A killed process that its parent has not collected yet (a zombie) is dead.
    """
    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return None
        return round((process.create_time() - psutil.boot_time()) * TICKS_PER_SECOND)
    except (psutil.NoSuchProcess, OverflowError):
        return None


def is_same_process(pid: int, started: int) -> bool:
    """Whether the process that now has `pid` is the one that started then (ticks since boot), on this boot."""
    now = process_started(pid)
    return now is not None and abs(now - started) <= TOLERANCE_SECONDS * TICKS_PER_SECOND
