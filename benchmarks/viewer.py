"""A viewer without a browser: a websocket client that keeps a page of the dashboard alive as a tab does.

It runs the page once, then each of its live fragments again whenever the interval that the page asked for has passed.
Once a second it fetches what the components of the page fetch. It draws nothing, but causes all the work that a viewer
causes in the server. In between it sleeps, because it takes the training's processors too.
"""

import json
import time
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from gan_core.execution.jobs import Job

LONGEST_SLEEP_SECONDS = 0.5  # after which it looks whether it is to end
FETCH_SECONDS = 1.0


class Fetches:
    """What the components of one Train page fetch of a run. A server without these routes gives nothing."""

    def __init__(self, port: int, run: str) -> None:
        self.bytes = 0
        self._run, self._connection = run, HTTPConnection("localhost", port)
        self._has_routes = True
        self._step = -1
        self._known = ""
        self._newest = -1
        self._live: dict[str, int] | None = None

    def refresh(self) -> None:
        """The status and, if they have changed, the new rows of the losses, the new samples and the live picture."""
        status = self._get("status") if self._has_routes else None
        self._has_routes = status is not None
        if status is None:
            return
        if status["step"] != self._step:
            self._step = status["step"]
            rows = self._get(f"curve?group=losses{self._known}") or {"step": []}
            if rows["step"]:
                self._known = f"&attempt={rows['attempt']}&bucket={rows['bucket']}&after={rows['step'][-1]}"
        if status["samples"]["newest"] != self._newest:
            listed = self._get(f"samples?after={max(0, self._newest)}")
            self._newest = status["samples"]["newest"]
            if listed is not None:
                self._get(f"samples/{self._newest}.png?version=1")

        live = status.get("live")
        if live and live != self._live:
            self._live = live
            self._get(f"live.png?version={live['version']}")

    def _get(self, path: str) -> Any:
        self._connection.request("GET", f"/runs/{self._run}/{path}")
        answer = self._connection.getresponse()
        content = answer.read()
        self.bytes += len(content)
        return json.loads(content) if answer.getheader("Content-Type") == "application/json" else None


class Viewer:
    """One tab at `/train?query` of the server on localhost, for the length of a `with` block."""

    def __init__(self, port: int, query: str) -> None:
        self.query, self.refreshes, self.bytes = query, 0, 0
        self._fetches, self._fetch_due = Fetches(port, query.removeprefix("run=")), 0.0
        self._due: dict[str, float] = {}
        self._intervals: dict[str, float] = {}
        self._connection = connect(
            f"ws://localhost:{port}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], max_size=None
        )
        self._job = Job("viewer", self._look)

    def __enter__(self) -> Self:
        self._socket = self._connection.__enter__()
        self._ask("")
        self._job.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._job.cancel()
        self._job.wait(10)
        self._connection.__exit__(kind, error, trace)
        if self._job.problem:
            raise self._job.problem

    def _look(self, job: Job) -> None:
        while not job.cancelled.is_set():
            try:
                self._hear(self._socket.recv(timeout=self._seconds_until_something_is_due()))
            except TimeoutError:
                self._refresh_what_is_due()
            except ConnectionClosed:
                return

    def _seconds_until_something_is_due(self) -> float:
        soonest = min([*self._due.values(), self._fetch_due]) if self._due else float("inf")
        return max(0.0, min(LONGEST_SLEEP_SECONDS, soonest - time.monotonic()))

    def _hear(self, data: str | bytes) -> None:
        assert isinstance(data, bytes)
        self.bytes += len(data)
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "auto_rerun":
            fragment, interval = message.auto_rerun.fragment_id, message.auto_rerun.interval
            self._intervals[fragment] = interval
            self._due.setdefault(fragment, time.monotonic() + interval)

    def _refresh_what_is_due(self) -> None:
        now = time.monotonic()
        if self._due and now >= self._fetch_due:
            self._fetch_due = now + FETCH_SECONDS
            self._fetches.refresh()
        for fragment, due in list(self._due.items()):
            if now >= due:
                self._due[fragment] = now + self._intervals[fragment]
                self.refreshes += 1
                self._ask(fragment)

    def _ask(self, fragment: str) -> None:
        self._socket.send(asking(self.query, fragment))


def asking(query: str, fragment: str) -> bytes:
    """What a tab at `/train?query` sends to run the whole page (no fragment) or one fragment of it."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "train"
    message.rerun_script.fragment_id = fragment
    message.rerun_script.is_auto_rerun = bool(fragment)
    data: bytes = message.SerializeToString()
    return data
