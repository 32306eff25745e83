"""The layout of the Train page, and the data that it shows."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app import services
from dashboard.train import (
    add_pictures,
    kept_draft,
    own_pictures,
    preview,
    run_buttons,
    run_popovers,
    run_signature,
    run_view,
    sidebar,
    start_anew,
    status,
    summary,
)
from dashboard.ui import actions, run_picker
from dashboard.ui.pulse import Pulse
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunSummary

RUN = "train-run"


def show_page(worker: Worker) -> None:
    """Show the page. Its components fetch what changes every second; the pulse redraws the page for other changes."""
    runs = worker.store.runs()
    selected = run_picker.selected_run(runs)
    name = selected.name if selected else None
    pulse = Pulse(lambda: signature(worker, name))
    shown = worker.store.summary(name) if name else None  # read again: no change before the pulse is missed
    with st.sidebar:
        sidebar.show_form(worker, runs)
    with actions.place_for_notices():
        if runs and preview.is_open():
            preview.show_details(runs, kept_draft.draft())
        actions.show_refusal()
        actions.show_outcome(add_pictures.PLACE)
    if shown:
        show_run(worker, runs, shown)
    elif runs:
        run_picker.show_missing_run()
    else:
        show_welcome()
        preview.show_details(runs, kept_draft.draft())
    looking = own_pictures.is_looking(kept_draft.draft())
    pulse.start(run_signature.seconds_between_looks(shown, looking))


def signature(worker: Worker, shown: str | None) -> object:
    """The data of the page, without the numbers and pictures that its components fetch."""
    mine = kept_draft.draft()
    return (
        services.mark(),
        run_picker.run_in_address(),
        mine.copy(),
        preview.signature(mine),
        own_pictures.signature(mine),
        run_signature.of_run(worker.store, shown) if shown else None,
    )


def show_run(worker: Worker, runs: Sequence[RunSummary], run: RunSummary) -> None:
    """One run: what can be done with it, its status, film and curves, and below them its summary and its events."""
    with st.container(key=RUN, gap=None):
        run_buttons.show_controls(worker, run)
        status.show_status(worker, run)
        start_anew.show_start_anew(worker, run)
        if run.status == "damaged":
            return
        events, record = worker.store.events(run.name), worker.store.record(run.name)
        run_view.show_view(run, record, events, run_popovers.pins(worker, run))
        with st.container(key=f"{RUN}-rest"):
            run_popovers.written(run)
            summary.show_summary(worker.store, runs, run)
            status.show_events(events)
            status.show_arithmetic(record)


def show_welcome() -> None:
    """No run yet: what to do next."""
    with st.container(border=True):
        st.subheader("No run yet", anchor=False)
        st.markdown(
            "Press **Start training** in the sidebar. The preset needs no changes: a picture of pure noise appears "
            "within seconds, and digits within a minute or two.\n\n"
            "Everything in the sidebar can be changed first. A setting that cannot work is refused beside its field."
        )
