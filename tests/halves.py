"""All tests, in two halves at the same time: python -m tests.halves

Either half keeps one processor busy for most of its time. Tests with a time budget take turns (tests/turns.py).
The output of each half is printed when it ends. The exit status is 1 if a half fails.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from tests.turns import FOLDER

BROWSER = "tests/browser"
HALVES = {"in the browser": [BROWSER], "without a browser": ["tests", f"--ignore={BROWSER}"]}
LOOK_SECONDS = 0.5
END_SECONDS = 30.0  # for the fixtures of a half that is interrupted


class Half(NamedTuple):
    """One pytest, in a session of its own, so that its processes are not taken for those of the other half."""

    name: str
    output: Path
    process: subprocess.Popen[bytes]


def start(name: str, options: list[str], folder: Path) -> Half:
    output = folder / f"{name}.txt"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, FOLDER: str(folder)},
            start_new_session=True,
        )
    return Half(name, output, process)


def finish(halves: list[Half]) -> bool:
    """Wait for all of them, print what each has printed; whether all have passed."""
    began, running = monotonic(), list(halves)
    while running:
        sleep(LOOK_SECONDS)
        for half in [half for half in running if half.process.poll() is not None]:
            running.remove(half)
            print(f"\nTests {half.name}, {monotonic() - began:.0f} s:", flush=True)
            print(half.output.read_text(errors="replace"), flush=True)
    return not any(half.process.returncode for half in halves)


def interrupt(half: Half) -> None:
    """Ctrl-C for a half that still runs."""
    if half.process.poll() is None:
        half.process.send_signal(signal.SIGINT)
        half.process.wait(END_SECONDS)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        halves = [start(name, options, Path(folder)) for name, options in HALVES.items()]
        try:
            return 0 if finish(halves) else 1
        finally:
            for half in halves:
                interrupt(half)


if __name__ == "__main__":
    sys.exit(main())
