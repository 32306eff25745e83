"""The buttons of one run. Each press is idempotent: two tabs may press the same one."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.train import run_popovers
from dashboard.ui import actions, run_picker
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import CAN_RESUME, TAKE_REQUESTS
from gan_core.runs.store import RunSummary


def header(worker: Worker, runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """The choice of the run, and its buttons."""
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="train-runs"):
        run_picker.show_picker(runs, shown)
        neighbours([run.name for run in runs], shown)
        run_popovers.shortcuts()
    if shown:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="train-controls"):
            buttons(worker, shown)
        actions.remember_drawn(shown)
        run_popovers.written(shown)
    actions.show_refusal()
    run_popovers.listen()


def neighbours(names: Sequence[str], shown: RunSummary | None) -> None:
    """Buttons that lead to the next newer and the next older run."""
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
            on_click=run_picker.open_run,
            args=(names[to] if there else "",),
        )


def buttons(worker: Worker, run: RunSummary) -> None:
    """All actions on a run; only those that are possible now are enabled."""
    waiting = run.name in worker.waiting() or run.name == worker.training()
    button("Pause", ":material/pause:", "P", run.status == "running", worker.pause, run.name)
    if run.status == "finished":
        run_popovers.longer(worker, run, "Resume", enabled=True)
    else:
        can_resume = run.status == "paused" or (run.status in CAN_RESUME and not waiting)
        button("Resume", ":material/resume:", "P", can_resume, worker.resume, run.name)
    if run.name in worker.waiting() and worker.training() not in (None, run.name):
        button("Train now", ":material/fast_forward:", "", True, worker.train_now, run.name)
    button("Stop", ":material/stop:", "S", run.status in ("queued", *TAKE_REQUESTS), worker.stop, run.name)
    if run.status != "damaged":
        if run.status != "finished":
            run_popovers.longer(worker, run, "Longer", enabled=run.status in TAKE_REQUESTS)
        run_popovers.pin(worker, run)
        run_popovers.pinned(worker, run)
        run_popovers.notes(worker, run)


def button(word: str, icon: str, key: str, enabled: bool, act: Callable[[str], None], run: str) -> None:
    """One button. Only an enabled one shows and takes its key, if any: Pause and Resume share one."""
    st.button(
        word,
        key=f"train.{word.lower().replace(' ', '_')}",
        icon=icon,
        shortcut=key if enabled and key else None,
        disabled=not enabled,
        on_click=actions.ask,
        args=(act, run),
    )
