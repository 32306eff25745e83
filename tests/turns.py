"""Turns between the parts of the tests that the gate runs at the same time.

A test with a time budget, marked `alone`, has the machine to itself: no test of another part runs meanwhile. All others
run beside each other. Two locks on files make the turns fair: whoever waits for the machine holds the door, and nobody
else gets in before. Tests of one module that follow each other alone keep the machine.
"""

import fcntl
import os
from pathlib import Path
from typing import TextIO

import pytest

FOLDER = "GAN_STUDIO_TEST_TURNS"  # the folder of both locks; without it, the tests run alone anyway


class Turns:
    """The turns of this process."""

    def __init__(self) -> None:
        self._machine: TextIO | None = None
        self._alone = False

    def begin(self, test: pytest.Item) -> None:
        """Wait until this test may run."""
        alone = is_alone(test)
        if FOLDER not in os.environ or (self._machine and self._alone == alone):
            return
        self.end(None, None)
        folder = Path(os.environ[FOLDER])
        self._machine, self._alone = (folder / "machine").open("w"), alone
        with (folder / "door").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(self._machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)

    def end(self, test: pytest.Item | None, following: pytest.Item | None) -> None:
        """This test has run: let others have their turn, unless the one that follows goes on alone."""
        if test and following and self._alone and is_alone(following) and test.path == following.path:
            return
        if self._machine:
            self._machine.close()
        self._machine = None


def is_alone(test: pytest.Item) -> bool:
    return test.get_closest_marker("alone") is not None
