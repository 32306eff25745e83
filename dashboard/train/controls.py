"""The buttons of one run. Each press is idempotent: two tabs may press the same one."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import picker
from dashboard.words import SENTENCES, escaped
from gan_core.runs import RunSummary
from gan_core.worker import CAN_RESUME, Worker

REFUSED = "train.control_refused"
STANDS = "train.stands"  # (name, state) that the buttons were drawn for
ASKED = "train.asked"  # the same when one of them was pressed


def header(worker: Worker, runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """Which run, and what can be done with it."""
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picker.show(runs, shown)
        if shown:
            buttons(worker, shown)
            st.session_state[STANDS] = (shown.name, shown.state)
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(escaped(refused), icon=":material/error:")


def buttons(worker: Worker, run: RunSummary) -> None:
    """Pause, Resume, Stop: those that make sense now are enabled. A finished run can be made longer."""
    waiting = run.name in worker.waiting() or run.name == worker.training()
    button("Pause", ":material/pause:", run.state == "running", worker.pause, run.name)
    if run.state == "finished":
        extend(worker, run)
    else:
        can_resume = run.state == "paused" or (run.state in CAN_RESUME and not waiting)
        button("Resume", ":material/resume:", can_resume, worker.resume, run.name)
    button("Stop", ":material/stop:", run.state in ("queued", "running", "paused"), worker.stop, run.name)


def button(word: str, icon: str, enabled: bool, act: Callable[[str], None], run: str) -> None:
    st.button(
        word,
        key=f"train.{word.lower()}",
        icon=icon,
        disabled=not enabled,
        on_click=ask,
        args=(act, run),
    )


def extend(worker: Worker, run: RunSummary) -> None:
    """Go on with a finished run, to a larger total."""
    with st.popover("Resume", icon=":material/resume:"):
        total = st.number_input(
            "Go on until :gray[(images)]",
            min_value=run.images_seen + 1,
            value=2 * run.images_target,
            step=max(1, run.images_target // 10),
            key=f"train.extend.{run.name}",
        )
        st.button("Go on", type="primary", on_click=attempt, args=(worker.resume, run.name, int(total)))


def ask(act: Callable[[str], None], run: str) -> None:
    """Ask whoever trains the run; the page then looks often until the run stands otherwise."""
    st.session_state[ASKED] = st.session_state.get(STANDS)
    attempt(act, run)


def awaited(run: RunSummary) -> bool:
    """Whether this visitor asked for something that has not happened yet."""
    return bool(st.session_state.get(ASKED) == (run.name, run.state))


def attempt(act: Callable[..., None], *arguments: object) -> None:
    """Do what the button says; why it cannot be done is said on the page."""
    try:
        act(*arguments)
    except SENTENCES as problem:
        st.session_state[REFUSED] = str(problem)
