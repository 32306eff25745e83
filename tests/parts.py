"""All tests, in four parts at the same time: python -m tests.parts

A part waits for much of its time, for a browser or for a process, so that four of them keep two processors busy.
Tests with a time budget take turns (tests/turns.py). The output of each part is printed when it ends. The exit status
is 1 if a part fails.
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

BROWSER = Path("tests/browser")
LAST_OF_THE_FIRST = "test_keyboard.py"  # of the browser's test files, in the order of their names
PROCESSES = [f"tests/gan_core/{name}" for name in ("cli", "execution", "runs")]  # half of the tests without a browser
LOOK_SECONDS = 0.5
END_SECONDS = 30.0  # for the fixtures of a part that is interrupted


class Part(NamedTuple):
    """One pytest, in a session of its own, so that its processes are not taken for those of another part."""

    name: str
    output: Path
    process: subprocess.Popen[bytes]


def parts() -> dict[str, list[str]]:
    """The paths that pytest gets in each part."""
    files = sorted(BROWSER.glob("test_*.py"))
    first = [str(file) for file in files if file.name <= LAST_OF_THE_FIRST]
    second = [str(file) for file in files if file.name > LAST_OF_THE_FIRST]
    return {
        "in the browser, first part": first,
        "in the browser, second part": second,
        "of runs and their processes": PROCESSES,
        "of everything else": ["tests", *(f"--ignore={path}" for path in (str(BROWSER), *PROCESSES))],
    }


def start(name: str, options: list[str], folder: Path) -> Part:
    output = folder / f"{name}.txt"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *options],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, FOLDER: str(folder)},
            start_new_session=True,
        )
    return Part(name, output, process)


def finish(parts: list[Part]) -> bool:
    """Wait for all of them, print what each has printed; whether all have passed."""
    began, running = monotonic(), list(parts)
    while running:
        sleep(LOOK_SECONDS)
        for part in [part for part in running if part.process.poll() is not None]:
            running.remove(part)
            print(f"\nTests {part.name}, {monotonic() - began:.0f} s:", flush=True)
            print(part.output.read_text(errors="replace"), flush=True)
    return not any(part.process.returncode for part in parts)


def interrupt(part: Part) -> None:
    """Ctrl-C for a part that still runs."""
    if part.process.poll() is None:
        part.process.send_signal(signal.SIGINT)
        part.process.wait(END_SECONDS)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        started = [start(name, options, Path(folder)) for name, options in parts().items()]
        try:
            return 0 if finish(started) else 1
        finally:
            for part in started:
                interrupt(part)


if __name__ == "__main__":
    sys.exit(main())
