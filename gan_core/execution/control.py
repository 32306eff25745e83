"""Requests to a run while it trains: from its database, and the shutdown of the process that trains."""

import time
from collections.abc import Callable
from typing import Literal

from gan_core.execution.jobs import Event
from gan_core.runs.history import History, Request

POLL_SECONDS = 0.05
CARRIED_OUT = ("extend", "pin")  # kinds of requests after which training continues


class ShutdownRequest:
    """How a process asks its own training to end: on a signal in a terminal, or when a server exits."""

    def __init__(self) -> None:
        self._event = Event()
        self.reason = ""
        self.status: Literal["interrupted", "stopped"] = "interrupted"

    def set(self, reason: str, status: Literal["interrupted", "stopped"] = "interrupted") -> None:
        """Finish the step, save, and leave the run with this status. Safe in a signal handler."""
        self.reason, self.status = reason, status
        self._event.set()

    def is_set(self) -> bool:
        """Whether the training is to end."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Wait until it is set, at most `seconds`."""
        self._event.wait(seconds)


def not_wanted() -> bool:
    """No other run waits: the default of `Control`."""
    return False


class Control:
    """The present requests to a run, for the thread that trains it. Requests older than this object are ignored."""

    def __init__(
        self, history: History, shutdown: ShutdownRequest, machine_is_wanted: Callable[[], bool] = not_wanted
    ) -> None:
        """`machine_is_wanted` says whether another run waits for this trainer: a paused run then leaves it."""
        self.shutdown = shutdown
        self.machine_is_wanted = machine_is_wanted
        self.left = False  # the run was paused, and left the trainer to another run
        self._history = history
        self._last_id = history.requests.newest()
        self._polled = 0.0
        self.paused = False
        self.stopped = False
        self.who = ""  # sent the last request to pause, resume or stop
        self._to_carry_out: list[Request] = []

    def poll(self) -> None:
        """Read new requests, at most twenty times a second."""
        now = time.monotonic()
        if now - self._polled >= POLL_SECONDS:
            self._polled = now
            self.read_requests()

    def read_requests(self) -> None:
        """Read new requests now. The last pause, resume or stop counts; every extend and pin is kept."""
        for request in self._history.requests.all(self._last_id):
            self._last_id = request.id
            if request.kind in CARRIED_OUT:
                self._to_carry_out.append(request)
                continue
            self.who = request.who
            self.stopped = self.stopped or request.kind == "stop"
            self.paused = request.kind == "pause"

    def take_requests(self) -> list[Request]:
        """The extend and pin requests since the last call, oldest first."""
        taken, self._to_carry_out = self._to_carry_out, []
        return taken

    @property
    def must_end(self) -> bool:
        """Whether the training is to end now: it is stopped, it left the trainer, or the process shuts down."""
        return self.stopped or self.left or self.shutdown.is_set()

    def wait_while_paused(self) -> None:
        """Wait until there is something to do: resume, stop, leave the trainer, shut down, or carry out a request.

        Updates the heartbeat every second.
        """
        heartbeat = time.monotonic()
        while self.paused and not self.must_end and not self._to_carry_out:
            self.shutdown.wait(POLL_SECONDS)
            self.poll()
            self.left = self.paused and not self.must_end and self.machine_is_wanted()
            if time.monotonic() - heartbeat > 1:
                self._history.set_progress()
                heartbeat = time.monotonic()
