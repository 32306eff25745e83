"""A dashboard in a process of its own, as `streamlit run app.py` starts it, that tests may kill and start again."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from time import monotonic

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0
LOOK_AGAIN_SECONDS = 0.1


class Server:
    """One dashboard on a port of its own with a checkpoints folder of its own; both survive a restart."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.root = folder / "checkpoints"
        self.log = folder / "server.log"
        self.port = free_port()
        self.environment = {**os.environ, "GAN_STUDIO_ROOT": str(self.root), **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the front page, without a slash at its end."""
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        """The process that serves. Raises RuntimeError where none runs."""
        return self.running().pid

    def start(self) -> None:
        """Start the server and wait until it is healthy. Raises RuntimeError with its output where it dies instead."""
        if self.process is not None:
            raise RuntimeError("the server runs already: use restart()")
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
        self.root.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=REPOSITORY, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        deadline = monotonic() + START_SECONDS
        while not answers(f"{self.url}/_stcore/health"):
            if ended(self.running(), LOOK_AGAIN_SECONDS) or monotonic() > deadline:
                self.close()
                raise RuntimeError(f"the server did not start:\n{self.output()}")

    def terminate(self, seconds: float = 10.0) -> int:
        """SIGTERM as a service manager sends it; the exit status. Raises TimeoutExpired after `seconds`."""
        self.running().terminate()
        return self.ended_with(seconds)

    def kill9(self) -> None:
        """SIGKILL: nothing in the server learns of it."""
        self.running().kill()
        self.ended_with(10.0)

    def restart(self) -> None:
        """Start again on the same port and folder, after a graceful end if it still runs."""
        if self.process is not None:
            self.terminate()
        self.start()

    def close(self) -> None:
        """Leave no process behind, whatever state the server is in."""
        if self.process is not None:
            end_group(self.process.pid)
            self.ended_with(10.0)

    def output(self) -> str:
        """All that it has written to stdout and stderr so far, over all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("the server does not run: use start()")
        return self.process

    def ended_with(self, seconds: float) -> int:
        status = self.running().wait(seconds)
        end_group(self.running().pid)  # what the server itself started
        self.process = None
        return status


def end_group(leader: int) -> None:
    """SIGKILL to the process group of `leader`, if anybody is left in it."""
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
    """Whether an HTTP GET of `url` succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
