"""The buttons of one run. Each press is idempotent: two tabs may press the same one."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import picker
from dashboard.train import attempts, during
from gan_core.runs import RunSummary
from gan_core.worker import CAN_RESUME, Worker


def header(worker: Worker, runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """Which run, and what can be done with it."""
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="train-runs"):
        picker.show(runs, shown)
        neighbours([run.name for run in runs], shown)
        during.shortcuts()
    if shown:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="train-controls"):
            buttons(worker, shown)
        attempts.stands(shown)
        during.written(shown)
    attempts.refusal()
    during.listen()


def neighbours(names: Sequence[str], shown: RunSummary | None) -> None:
    """The way to the next newer and the next older run."""
    at = names.index(shown.name) if shown else 0
    newer, older = at - 1, at + 1
    for word, icon, key, to in (
        ("Newer", ":material/chevron_left:", "K", newer),
        ("Older", ":material/chevron_right:", "J", older),
    ):
        there = shown is not None and 0 <= to < len(names)
        st.button(
            word,
            key=f"train.{word.lower()}",
            icon=icon,
            shortcut=key,
            disabled=not there,
            on_click=picker.choose,
            args=(names[to] if there else "",),
        )


def buttons(worker: Worker, run: RunSummary) -> None:
    """All that can be done with a run; what makes sense now is enabled."""
    waiting = run.name in worker.waiting() or run.name == worker.training()
    button("Pause", ":material/pause:", "P", run.state == "running", worker.pause, run.name)
    if run.state == "finished":
        during.longer(worker, run, "Resume", enabled=True)
    else:
        can_resume = run.state == "paused" or (run.state in CAN_RESUME and not waiting)
        button("Resume", ":material/resume:", "P", can_resume, worker.resume, run.name)
    button("Stop", ":material/stop:", "S", run.state in ("queued", *during.LIVING), worker.stop, run.name)
    if run.state != "damaged":
        if run.state != "finished":
            during.longer(worker, run, "Longer", enabled=run.state in during.LIVING)
        during.pin(worker, run)
        during.pinned(worker, run)
        during.notes(worker, run)


def button(word: str, icon: str, key: str, enabled: bool, act: Callable[[str], None], run: str) -> None:
    """One button. Only an enabled one shows and takes its key: Pause and Resume share one."""
    st.button(
        word,
        key=f"train.{word.lower()}",
        icon=icon,
        shortcut=key if enabled else None,
        disabled=not enabled,
        on_click=attempts.ask,
        args=(act, run),
    )
