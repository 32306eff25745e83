"""What the commands print: one line for a person on stderr, or JSON for a program on stdout."""

import contextlib
import json
import sys
from time import monotonic
from typing import Any

from gan_core.config import SCHEMA

EVERY_SECONDS = 0.2


def say(sentence: str) -> None:
    """One line on stderr; nothing if that is gone, as a terminal that was closed is."""
    with contextlib.suppress(OSError):
        print(" ".join(sentence.split()), file=sys.stderr)


def print_json(**values: Any) -> None:
    """The values as one JSON object on stdout, with the schema of the configuration."""
    print(json.dumps({"schema": SCHEMA, **values}, indent=1, default=str))


class Reading:
    """How far the reading of data is: one line that is written again and again on a terminal, nothing elsewhere."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._written, self._length = -EVERY_SECONDS, 0

    def __call__(self, share: float, sentence: str) -> None:
        """A report: the share that is done, 0..1, and what is done."""
        if self._shows and monotonic() - self._written > EVERY_SECONDS:
            self._written = monotonic()
            self._write(f"{sentence} {share:.0%}" if share else sentence)

    def close(self) -> None:
        """Remove the line."""
        if self._length:
            self._write("")
            self._length = 0

    def _write(self, text: str) -> None:
        try:
            print(f"\r{text.ljust(self._length)}\r{text}", end="", file=sys.stderr, flush=True)
        except (OSError, ValueError):  # a terminal that is gone ends nothing
            self._shows = False
        self._length = len(text)
