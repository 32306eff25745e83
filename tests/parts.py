"""All tests, in four parts at the same time and a last one: python -m tests.parts

A part waits for much of its time, for a browser or for a process, so that four of them keep two processors busy.
Tests with a time budget, marked `alone`, are the last part, when no other test runs. The output of each part is printed
when it ends. The exit status is 1 if a part fails.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

BROWSER = Path("tests/browser")
LAST_OF_THE_FIRST = "test_in_the_way_thread.py"  # of the browser's test files, in the order of their names
PROCESSES = [f"tests/gan_core/{name}" for name in ("cli", "execution", "runs")]  # half of the tests without a browser
BESIDE_OTHERS = ("-m", "not alone")
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # the parts share the processors
LAST = {"with a time budget": ("tests", "-m", "alone")}
LOOK_SECONDS = 0.5
END_SECONDS = 30.0  # for the fixtures of a part that is interrupted


class Part(NamedTuple):
    """One pytest, in a session of its own, so that its processes are not taken for those of another part."""

    name: str
    output: Path
    process: subprocess.Popen[bytes]


def parts() -> Mapping[str, Sequence[str]]:
    """The options of pytest in each part of those that run at the same time."""
    files = sorted(BROWSER.glob("test_*.py"))
    first = [str(file) for file in files if file.name <= LAST_OF_THE_FIRST]
    second = [str(file) for file in files if file.name > LAST_OF_THE_FIRST]
    rest = ["tests", *(f"--ignore={path}" for path in (str(BROWSER), *PROCESSES))]
    return {
        "in the browser, first part": [*first, *BESIDE_OTHERS],
        "in the browser, second part": [*second, *BESIDE_OTHERS],
        "of runs and their processes": [*PROCESSES, *BESIDE_OTHERS],
        "of everything else": [*rest, *BESIDE_OTHERS],
    }


def start(name: str, options: Sequence[str], environment: Mapping[str, str], folder: Path) -> Part:
    output = folder / f"{name}.txt"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *options],
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **environment},
        )
    return Part(name, output, process)


def run(parts: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> bool:
    """Run parts at the same time; whether all have passed."""
    with tempfile.TemporaryDirectory() as folder:
        started = [start(name, options, environment, Path(folder)) for name, options in parts.items()]
        try:
            return finish(started)
        finally:
            for part in started:
                interrupt(part)


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
    passed = [run(parts(), ONE_THREAD), run(LAST, {})]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
