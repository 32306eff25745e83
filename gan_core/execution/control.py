"""Where requests to a run arrive: from its own database (any page, any terminal) and from the trainer's process."""

import time

from gan_core.execution.jobs import Event
from gan_core.runs.history import History, Request

POLL_SECONDS = 0.05
WISHES = ("extend", "pin")  # requests that training goes on after


class Control:
    """How the process that trains asks its own training to end: a signal in a terminal, the end of a server."""

    def __init__(self) -> None:
        self.ending = Event()
        self.reason = ""
        self.state = "interrupted"
        self.failure = ""  # why the training failed, told here as well: the disk may take no more notes

    def end(self, reason: str, state: str = "interrupted") -> None:
        """Finish the step, save, leave the run as `state` (interrupted or stopped). Safe in a signal handler."""
        self.reason, self.state = reason, state
        self.ending.set()


class Desk:
    """What is wanted of a run right now."""

    def __init__(self, history: History, control: Control) -> None:
        self.control = control
        self._history = history
        self._seen = history.last_request()
        self._polled = 0.0
        self.paused = False
        self.stop = False
        self.who = ""
        self._wishes: list[Request] = []

    def poll(self) -> None:
        """Look for new requests, at most twenty times a second."""
        now = time.monotonic()
        if now - self._polled >= POLL_SECONDS:
            self._polled = now
            self.look()

    def look(self) -> None:
        """Look for new requests now. Of pauses, resumes and stops the last one counts; every wish is kept."""
        for request in self._history.new_requests(self._seen):
            self._seen = request.id
            if request.kind in WISHES:
                self._wishes.append(request)
                continue
            self.who = request.who
            self.stop = self.stop or request.kind == "stop"
            self.paused = request.kind == "pause"

    def take_wishes(self) -> list[Request]:
        """What was wished for since the last time, oldest first."""
        wishes, self._wishes = self._wishes, []
        return wishes

    @property
    def leave(self) -> bool:
        """Whether the training is to end now."""
        return self.stop or self.control.ending.is_set()

    def wait_while_paused(self) -> None:
        """Return when somebody asks to resume, to stop, to end, or for a wish; a sign of life is given every second."""
        beat = time.monotonic()
        while self.paused and not self.leave and not self._wishes:
            self.control.ending.wait(POLL_SECONDS)
            self.poll()
            if time.monotonic() - beat > 1:
                self._history.set_status()
                beat = time.monotonic()
