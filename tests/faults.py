"""Inject faults in tests: let the disk fail, or kill the process, at one stage of an action.

The code under test announces each stage, such as `fsync` or `rename`, to a function that tests pass in.
"""

import errno
import os
import signal
import traceback
from collections.abc import Callable

from gan_core.runs.atomic_files import Announce

Action = Callable[[Announce], object]


def stages_of(action: Action) -> list[str]:
    """Run the action without a fault; returns every stage that it announced, in order."""
    announced: list[str] = []
    action(announced.append)
    return announced


def at(number: int, fault: Callable[[], None]) -> Announce:
    """Call `fault` at the stage with this number (0 is the first)."""
    announced: list[str] = []

    def announce(stage: str) -> None:
        announced.append(stage)
        if len(announced) == number + 1:
            fault()

    return announce


def at_first(stage: str, fault: Callable[[], None]) -> Announce:
    """Call `fault` the first time that a stage with this name is announced."""
    waiting = [stage]

    def announce(announced: str) -> None:
        if announced in waiting:
            waiting.remove(announced)
            fault()

    return announce


def full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken_disk() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def sudden_death() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(action: Callable[[], object]) -> bool:
    """Run the action in a forked process. Returns True if it was killed, False if it ended without an error."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.WIFSIGNALED(status)
