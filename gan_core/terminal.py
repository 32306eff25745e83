"""Training in the foreground of a terminal: a progress bar, and signals that save before they end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from gan_core.desk import Control
from gan_core.runs import RunStore
from gan_core.trainer import StepReport
from gan_core.training import run_to_end

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def train_in_terminal(store: RunStore, run: str, images: int | None) -> tuple[int, str]:
    """Train one run; returns the exit status and, where it failed, why.

    The status is 0 for finished or stopped on request, 1 for failed, 128 + n after signal n.
    """
    control = Control()
    target = images or store.status(run).images_target or store.config(run).train.images
    bar = tqdm(total=target, initial=store.status(run).images_seen, unit="image", unit_scale=True, desc=run)

    def watch(report: StepReport) -> None:
        bar.update(report.images_seen - bar.n)

    with bar, signals_end(control) as received:
        outcome = run_to_end(store, run, control=control, images=images, watch=watch)
    if outcome in ("failed", "rescued"):
        sentence = store.status(run).reason if store.folder_exists(run) else rescued_sentence(store, run)
        return 1, sentence
    return (128 + received[0] if received else 0), ""


def rescued_sentence(store: RunStore, run: str) -> str:
    """Where the state of a run went whose folder was removed."""
    rescued = next((summary.name for summary in store.runs() if summary.name.startswith(f"{run}-rescued")), "nowhere")
    return f"the folder of run {run} was removed while it trained; its state is saved as run {rescued}"


@contextmanager
def signals_end(control: Control) -> Iterator[list[int]]:
    """The first signal asks the training to save and end, a second one ends the process at once."""
    received: list[int] = []

    def handle(number: int, frame: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)
        name = signal.Signals(number).name
        control.end(
            f"Ended by {name} in the terminal; the state is saved.", "stopped" if name == "SIGINT" else "interrupted"
        )

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
