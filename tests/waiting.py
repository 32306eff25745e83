"""Waiting for a condition in a test."""

from collections.abc import Callable
from threading import Event

DEADLINE_SECONDS = 60.0


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until `holds()` is true. Raises AssertionError with `what` after DEADLINE_SECONDS."""
    pause = Event()
    for _ in range(int(DEADLINE_SECONDS / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError(f"in {DEADLINE_SECONDS:.0f} s it did not happen that {what}")
