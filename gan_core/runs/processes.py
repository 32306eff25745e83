"""Which process is which: a pid alone is used again, a pid with its start time on one boot is not."""

import os
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """What the kernel calls this boot; empty where it has no name for it."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return ""


def process_started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot (0 where the system does not tell); None if it is dead.

    A killed process that its parent has not collected yet (a zombie) is dead.
    """
    try:
        # the command's name, in parentheses, may itself hold spaces and parentheses
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0 if not Path("/proc/self/stat").exists() and answers(pid) else None
    state, started = fields[0], int(fields[19])
    return None if state in "ZX" else started


def answers(pid: int) -> bool:
    """Whether a process takes signals, for systems without /proc."""
    if os.name != "posix":
        return True  # signal 0 would end a process on Windows; the heartbeat decides there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
