"""Histories for tests, with simple values that make the curves easy to check."""

from pathlib import Path

from gan_core.runs.history import History, Row

BATCH = 64  # images per step


def rows(first: int, last: int, offset: float = 0.0) -> list[Row]:
    """The rows of steps first to last; loss_d is the step plus an offset, which identifies the attempt."""
    return [
        {"step": step, "images_seen": step * BATCH, "seconds": step / 10, "loss_d": step + offset, "loss_g": -step}
        for step in range(first, last + 1)
    ]


def trained(path: Path, steps: int) -> History:
    """A new history with one attempt of so many steps."""
    history = History(path)
    history.append(history.begin_attempt(0, 0, 10_000), rows(1, steps))
    return history
