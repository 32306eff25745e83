"""Turns between the two halves of the tests that the gate runs at the same time.

A test with a time budget, marked `alone`, has the machine to itself: no test of the other half runs meanwhile. All
others run beside each other. Two locks on files make the turns fair: whoever waits for the machine holds the door, and
nobody else gets in before.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "GAN_STUDIO_TEST_TURNS"  # the folder of both locks; without it, the tests run alone anyway


@contextmanager
def turn(alone: bool) -> Iterator[None]:
    """Wait until a test may run, and hold the machine, or a share of it, until it has run."""
    if FOLDER not in os.environ:
        yield
        return
    folder = Path(os.environ[FOLDER])
    with (folder / "door").open("w") as door, (folder / "machine").open("w") as machine:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
