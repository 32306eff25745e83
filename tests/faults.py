"""Faults for tests: an action is run with the disk failing, or the process dying, at one of its announced stages."""

import errno
import os
import signal
import traceback
from collections.abc import Callable

from gan_core.runs.checkpoints import Announce

Action = Callable[[Announce], object]


def stages_of(action: Action) -> list[str]:
    """Run the action undisturbed; returns every stage that it announced, in order."""
    heard: list[str] = []
    action(heard.append)
    return heard


def at(number: int, fault: Callable[[], None]) -> Announce:
    """An announcement that strikes at the stage with this number (0 is the first)."""
    heard: list[str] = []

    def announce(stage: str) -> None:
        heard.append(stage)
        if len(heard) == number + 1:
            fault()

    return announce


def at_first(stage: str, fault: Callable[[], None]) -> Announce:
    """An announcement that strikes at the first stage with this name, and never again."""
    waiting = [stage]

    def announce(heard: str) -> None:
        if heard in waiting:
            waiting.remove(heard)
            fault()

    return announce


def full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken_disk() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def sudden_death() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(action: Callable[[], object]) -> bool:
    """Run the action in a forked child; returns whether it was killed (False: it ended by itself, without an error)."""
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
