"""A dashboard in a process of its own, started with `streamlit run app.py`, that tests can kill and restart."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0
LOOK_AGAIN_SECONDS = 0.1


class Server:
    """One dashboard with its own port and checkpoints folder; both stay the same after a restart."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str] | None = None,
        code: Path = REPOSITORY,
        base_path: str = "",
        options: Sequence[str] = (),
    ) -> None:
        """`code` is the checkout that is served, by default the one that this file belongs to.

        `base_path` is the path below which it is served, such as "/some/studio"; `options` are more of Streamlit's.
        """
        self.options = options
        self.base_path = base_path
        self.root = folder / "checkpoints"
        self.log = folder / "server.log"
        self.code = code
        self.port = free_port()
        self.environment = {**os.environ, "GAN_STUDIO_ROOT": str(self.root), **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the front page, without a final slash."""
        return f"http://localhost:{self.port}{self.base_path}"

    @property
    def pid(self) -> int:
        """The process id of the server. Raises RuntimeError if it does not run."""
        return self.running().pid

    def start(self) -> None:
        """Start the server and wait until it is healthy. Raises RuntimeError with its output if it ends or hangs."""
        if self.process is not None:
            raise RuntimeError("the server is already running: use restart()")
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        options += ["--server.baseUrlPath", self.base_path] if self.base_path else []
        options += self.options
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
        self.root.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.code, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        deadline = monotonic() + START_SECONDS
        while not answers(f"{self.url}/_stcore/health"):
            if ended(self.running(), LOOK_AGAIN_SECONDS) or monotonic() > deadline:
                self.close()
                raise RuntimeError(f"the server did not start:\n{self.output()}")

    def terminate(self, seconds: float = 10.0) -> int:
        """Send SIGTERM; returns the exit status. Raises TimeoutExpired after `seconds`."""
        self.running().terminate()
        return self.ended_with(seconds)

    def kill9(self) -> None:
        """Send SIGKILL."""
        self.running().kill()
        self.ended_with(10.0)

    def restart(self) -> None:
        """Start again with the same port and folder, after a SIGTERM if it still runs."""
        if self.process is not None:
            self.terminate()
        self.start()

    def close(self) -> None:
        """Kill the server and every process that it started."""
        if self.process is not None:
            end_group(self.process.pid)
            self.ended_with(10.0)

    def output(self) -> str:
        """Everything written to stdout and stderr, over all starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("the server is not running: use start()")
        return self.process

    def ended_with(self, seconds: float) -> int:
        status = self.running().wait(seconds)
        end_group(self.running().pid)  # processes that the server started
        self.process = None
        return status


def end_group(leader: int) -> None:
    """Send SIGKILL to the process group of `leader`, if it still has processes."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process ends within `seconds`."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def answers(url: str) -> bool:
    """Whether an HTTP GET of `url` returns status 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def free_port() -> int:
    """A free TCP port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
