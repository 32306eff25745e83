"""How far a training is: a bar on a terminal, elsewhere a plain line from time to time.

If the terminal or the file goes away, the display ends, and the training goes on.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from tqdm import tqdm

from gan_core.training.step_report import StepReport

FIRST_LINE_SECONDS = 2.0
LINE_SECONDS = 15.0  # between two lines
LOSSES = {"D": "loss_d", "G": "loss_g"}


def display_for(run: str, images_seen: int, target: int) -> "Display":
    """The display for where stderr leads to."""
    kind = BarDisplay if sys.stderr.isatty() else LineDisplay
    return kind(run, images_seen, target)


class Display:
    """What both displays do: say sentences, and switch themselves off after a fault."""

    def __init__(self, run: str, images_seen: int, target: int) -> None:
        self.run, self.target, self.on = run, target, True
        with self.switched_off_by_a_fault():
            self.begin(images_seen)

    def begin(self, images_seen: int) -> None:
        """Show that the training begins."""

    def show(self, report: StepReport) -> None:
        """Show one step."""

    def show_loading(self, share: float, sentence: str) -> None:
        """Show how far the reading of the data is."""

    def write(self, sentence: str) -> None:
        """Write one line."""
        print(sentence, file=sys.stderr, flush=True)

    def finish(self) -> None:
        """Show that the training has ended."""

    def step(self, report: StepReport, sentence: str) -> None:
        """After one step, with a sentence or none."""
        if self.on:
            with self.switched_off_by_a_fault():
                self.show(report)
        if sentence:
            self.say(sentence)

    def loading(self, share: float, sentence: str) -> None:
        """While the data are read: the share that is done, 0..1, and what is done."""
        if self.on:
            with self.switched_off_by_a_fault():
                self.show_loading(share, sentence)

    def say(self, sentence: str) -> None:
        """One sentence."""
        if self.on:
            with self.switched_off_by_a_fault():
                self.write(sentence)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self.on:
            with self.switched_off_by_a_fault():
                self.finish()

    @contextmanager
    def switched_off_by_a_fault(self) -> Iterator[None]:
        """Nothing about a terminal or a file ends a training."""
        try:
            yield
        except (OSError, ValueError):  # gone; or closed, or of an encoding that lacks a character
            self.on = False


class BarDisplay(Display):
    """A progress bar."""

    _bar: "tqdm[NoReturn]"

    def begin(self, images_seen: int) -> None:
        self._bar = tqdm(total=self.target, initial=images_seen, unit="image", unit_scale=True, desc=self.run)

    def show(self, report: StepReport) -> None:
        self._bar.set_postfix_str("", refresh=False)
        self._bar.update(report.images_seen - self._bar.n)

    def show_loading(self, share: float, sentence: str) -> None:
        self._bar.set_postfix_str(f"{sentence} {share:.0%}")

    def write(self, sentence: str) -> None:
        self._bar.write(sentence, file=sys.stderr)

    def finish(self) -> None:
        self._bar.close()


class LineDisplay(Display):
    """A line after two seconds, then every quarter of a minute: images, losses, speed and the time that is left."""

    def begin(self, images_seen: int) -> None:
        self._began: float | None = None  # when the first step of this training had ended
        self._first = images_seen
        self._next = 0.0
        self.write(f"{self.run}: training from {images_seen:,} to {self.target:,} images")

    def show(self, report: StepReport) -> None:
        now = time.monotonic()
        if self._began is None:
            self._began, self._first, self._next = now, report.images_seen, now + FIRST_LINE_SECONDS
        if now >= self._next:
            self._next = now + LINE_SECONDS
            seconds = now - self._began
            self.write(self.line(report, (report.images_seen - self._first) / seconds if seconds else 0.0))

    def line(self, report: StepReport, images_per_second: float) -> str:
        """`mine: 12,800 of 60,000 images, loss of D 0.61, of G 1.42, 2,450 images/s, 0:19 left`."""
        losses = [f"of {name} {float(report.measured[column]):.3g}" for name, column in LOSSES.items()]
        seconds = round((self.target - report.images_seen) / images_per_second) if images_per_second else 0
        left = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds >= 3600 else ""
        left = left or f"{seconds // 60}:{seconds % 60:02}"
        return (
            f"{self.run}: {report.images_seen:,} of {self.target:,} images, loss {', '.join(losses)}, "
            f"{images_per_second:,.0f} images/s, {left} left"
        )
