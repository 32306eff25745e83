"""The Runs page: the queue, the list of runs with search and order, the trash."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app import services
from dashboard.runs import actions, disk_usage, search
from dashboard.runs.queue import show_queue
from dashboard.runs.row import show_row
from dashboard.runs.transfer import show_import
from dashboard.runs.trash import show_trash
from dashboard.ui.actions import show_outcome, show_refusal
from dashboard.ui.pulse import Pulse
from dashboard.ui.text import amount, size
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunSummary

SEARCH = "runs.search"
ORDER = "runs.order"
PAGE = "runs.page"
RUNS_ON_A_PAGE = 20
TOOL_SHARES = (5, 3, 4)  # of the width: search, order, count


def show_page(worker: Worker) -> None:
    """The whole page."""
    pulse, runs = Pulse(lambda: signature(worker)), worker.store.runs()
    actions.open_train_page_if_asked()
    show_import()
    show_refusal()
    show_outcome(actions.PLACE)
    show_queue(worker)
    if runs:
        show_list(worker, show_tools(worker, runs))
    else:
        show_no_runs()
    show_trash(worker)
    pulse.start()


def show_tools(worker: Worker, runs: Sequence[RunSummary]) -> list[RunSummary]:
    """Search, order and count. Returns the runs that match, in order."""
    left, middle, right = st.columns(TOOL_SHARES, vertical_alignment="bottom")
    text = left.text_input(
        "Search",
        key=SEARCH,
        type="search",
        icon=":material/search:",
        live=True,
        placeholder="Title, name, tag, preset or status",
        persist_state="session",
    )
    order = middle.selectbox("Order", list(search.ORDERS), key=ORDER, persist_state="session")
    found = search.ordered(search.matching(runs, text or ""), order)
    count = f"{amount(len(runs))} {'run' if len(runs) == 1 else 'runs'}"
    if len(found) != len(runs):
        count = f"{amount(len(found))} of {count}"
    right.caption(f"{count}, {size(sum(disk_usage.size_of_run(worker.store, run) for run in runs))} on disk")
    return found


def show_list(worker: Worker, found: Sequence[RunSummary]) -> None:
    """One page of the runs that match, and links to the other pages."""
    if not found:
        st.info("No run matches these words. Use fewer words.", icon=":material/search_off:")
        return
    pages = -(-len(found) // RUNS_ON_A_PAGE)
    if st.session_state.get(PAGE, 1) > pages:
        del st.session_state[PAGE]  # fewer runs match than before: go back to the first page
    first = (st.session_state.get(PAGE, 1) - 1) * RUNS_ON_A_PAGE
    for run in found[first : first + RUNS_ON_A_PAGE]:
        show_row(worker, run)
    if pages > 1:
        st.pagination(pages, key=PAGE)


def show_no_runs() -> None:
    """What to do when there is no run."""
    with st.container(border=True):
        st.subheader("No runs yet", anchor=False)
        st.markdown(
            "This page lists every run that is trained here or from a terminal, with its newest pictures. "
            "Train one, or import one that was exported elsewhere."
        )
        st.page_link("pages/train.py", label="Train a run", icon=":material/model_training:")


def signature(worker: Worker) -> object:
    """All that the page shows except the progress of runs that train: `show_row` refreshes that."""
    return services.mark(), tuple((run.name, run.status, run.notes) for run in worker.store.runs())
