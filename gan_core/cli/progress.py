"""Training in the foreground of a terminal: how far it is, and signals that save and end it."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import FrameType

from gan_core.cli.display import display_for
from gan_core.data.cache_folder import data_root
from gan_core.evaluation.doctor.examine import examine_by_name
from gan_core.execution.control import ShutdownRequest
from gan_core.execution.run_training import run_to_end
from gan_core.runs.folder import SAMPLES
from gan_core.runs.store import RunStore
from gan_core.training.step_report import StepReport

EXAMINE_SECONDS = 5.0  # between two verdicts while a run trains
WARNINGS = ("fallback", "difference")  # kinds of events; those about the data are said before a run begins
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def train_in_terminal(store: RunStore, run: str, images: int | None) -> tuple[int, str]:
    """Train one run; returns the exit status and, after a failure, the reason. Raises OwnedError.

    The status is 0 for finished or stopped on request, 1 for failed, 128 + n after signal n.
    """
    shutdown, progress, config, before = ShutdownRequest(), store.progress(run), store.config(run), store.events(run)
    store.claim(run, "terminal").release()  # a refusal is printed before anything else
    target = images or progress.images_target or config.train.images
    display, verdicts = display_for(run, progress.images_seen, target), Verdicts(store, run)

    def show_step(report: StepReport) -> None:
        display.step(report, verdicts.news())

    with closing(display), signals_end(shutdown) as received:
        outcome = run_to_end(
            store,
            run,
            shutdown=shutdown,
            images=images,
            on_step=show_step,
            report=display.loading,
            data_root=data_root(),
        )
        for sentence in (*warnings_since(store, run, len(before)), *verdicts.last()):
            display.say(sentence)
        if not outcome.failure:
            display.say(last_sentence(store, run, outcome.status))
    if outcome.failure:
        return 1, outcome.failure
    return (128 + received[0] if received else 0), ""


def last_sentence(store: RunStore, run: str, status: str) -> str:
    """How the training ended and where its pictures are."""
    if not store.exists(run):
        return f"run {run} is {status}"
    seen, folder = store.progress(run).images_seen, store.folder(run)
    return f"run {run} is {status} at {seen:,} images; its pictures are in {folder / SAMPLES}"


class Verdicts:
    """The verdict on a run that trains, for a terminal: said when it changes, and at the end."""

    def __init__(self, store: RunStore, run: str) -> None:
        self._store, self._run = store, run
        self._said = "too_early"
        self._looked = time.monotonic()

    def news(self) -> str:
        """The sentence of a verdict that is new since the last call; nothing most of the time."""
        now = time.monotonic()
        if now - self._looked < EXAMINE_SECONDS:
            return ""
        self._looked = now
        found = examine_by_name(self._store, self._run)
        if found is None or found.code == self._said:
            return ""
        self._said = found.code
        return found.sentence

    def last(self) -> list[str]:
        """The verdict at the end of the training, why, and what to do; nothing if it is too early for one."""
        found = examine_by_name(self._store, self._run)
        if found is None or found.code == "too_early":
            return []
        return [found.sentence, *([] if found.kind == "good" else [f"{found.why} {found.advice}".strip()])]


def warnings_since(store: RunStore, run: str, count: int) -> list[str]:
    """The warnings among the events of a run after its first `count` events."""
    if not store.exists(run):
        return []
    return [event.text for event in store.events(run)[count:] if event.kind in WARNINGS]


@contextmanager
def signals_end(shutdown: ShutdownRequest) -> Iterator[list[int]]:
    """On the first signal save and end the training; a second one ends the process at once."""
    received: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)
        name = signal.Signals(number).name
        shutdown.set(
            f"Ended by {name} in the terminal; a checkpoint is saved.", "stopped" if name == "SIGINT" else "interrupted"
        )

    # `nohup` starts a program with SIGHUP ignored: that stays, so that the training goes on without its terminal
    wanted = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in wanted}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
