"""How much of the processors other programs use."""

import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from gan_core.numerics.other_programs import OtherPrograms
from tests.waiting import eventually

pytestmark = pytest.mark.alone  # other tests use the processors, too
BUSY = "import time\nend = time.time() + 60\nwhile time.time() < end: pass"


def test_a_busy_machine_is_noticed() -> None:
    load = OtherPrograms()
    with busy() as other:
        eventually(lambda: slept(0.2, load) > 0.2, "the other program is noticed")
        other.kill()


def test_what_this_process_computes_is_not_that_of_others() -> None:
    load, end = OtherPrograms(), time.monotonic() + 1
    while time.monotonic() < end:
        pass
    own = load.processors_used()
    with busy() as other:
        slept(0.5, load)
        beside = slept(1, load)
        other.kill()

    assert beside > own


def test_programs_of_low_priority_use_what_is_left_over() -> None:
    load = OtherPrograms()
    with busy("nice", "-n", "10") as other:
        slept(0.5, load)
        polite = slept(1, load)
        other.kill()
    with busy() as other:
        slept(0.5, load)
        beside = slept(1, load)
        other.kill()

    assert beside > polite


def busy(*before: str) -> subprocess.Popen[bytes]:
    """A process that computes all the time."""
    command: Sequence[str] = [*before, sys.executable, "-c", BUSY]
    return subprocess.Popen(command)


def slept(seconds: float, load: OtherPrograms) -> float:
    """The processors that others used over the next seconds."""
    time.sleep(seconds)  # the time over which the load is a mean, and not a wait for something
    return load.processors_used()
