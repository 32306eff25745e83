"""How the Runs page is put together."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app import routing, services
from dashboard.runs import actions, disk_usage, queue, row, search, transfer, trash
from dashboard.ui.text import amount
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunSummary

SEARCH = "runs.search"
SORT = "runs.sort"
PAGE = "runs.page"
A_PAGE = 20  # runs
WATCH_SECONDS = 2.0
TOOL_SHARES = (5, 3, 4)  # of the width: search, order, how many


def show(worker: Worker, runs: Sequence[RunSummary]) -> None:
    """All of it."""
    actions.go_where_wanted()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title("Runs", anchor=False)
        transfer.arrivals()
    actions.answers(worker)
    queue.show(worker)
    if runs:
        listed(worker, tools(worker, runs))
    else:
        nothing_yet()
    trash.show(worker)
    watch(worker, standing(runs))


def tools(worker: Worker, runs: Sequence[RunSummary]) -> list[RunSummary]:
    """Search, order, and how much there is; the runs that fit, in order."""
    left, middle, right = st.columns(TOOL_SHARES, vertical_alignment="bottom")
    text = left.text_input(
        "Search",
        key=SEARCH,
        type="search",
        icon=":material/search:",
        live=True,
        placeholder="Title, name, tag, preset or state",
        persist_state="session",
    )
    order = middle.selectbox("Order", list(search.ORDERS), key=SORT, persist_state="session")
    found = search.ordered(search.matching(runs, text or ""), order)
    count = f"{amount(len(runs))} {'run' if len(runs) == 1 else 'runs'}"
    if len(found) != len(runs):
        count = f"{amount(len(found))} of {count}"
    right.caption(f"{count}, {disk_usage.in_words(disk_usage.of_all(worker.store, runs))} on the disk in all")
    return found


def listed(worker: Worker, found: Sequence[RunSummary]) -> None:
    """So many of the runs that were found, and below them the way to the others."""
    if not found:
        st.info("No run fits these words. Search for less.", icon=":material/search_off:")
        return
    pages = -(-len(found) // A_PAGE)
    if st.session_state.get(PAGE, 1) > pages:
        del st.session_state[PAGE]  # fewer are found than before: from the start
    first = (st.session_state.get(PAGE, 1) - 1) * A_PAGE
    for run in found[first : first + A_PAGE]:
        row.show(worker, run)
    if pages > 1:
        st.pagination(pages, key=PAGE)


def nothing_yet() -> None:
    """No run: what to do next."""
    with st.container(border=True):
        st.subheader("No run yet", anchor=False)
        st.markdown(
            "Every run that is trained here, or in a terminal beside it, stands on this page with its newest pictures. "
            "Train one, or import one that was exported elsewhere."
        )
        st.page_link("pages/train.py", label="Train a run", icon=":material/model_training:")


def watch(worker: Worker, seen: object) -> None:
    """Look now and then whether a run came, went, or stands otherwise; then draw the page anew."""

    @st.fragment(run_every=WATCH_SECONDS)
    def look() -> None:
        with routing.sentences():
            if standing(worker.store.runs()) != seen:
                st.rerun()

    look()


def standing(runs: Sequence[RunSummary]) -> object:
    """What this page shows of all runs, as one value to compare; what changes all the time is left to the rows."""
    return services.mark(), tuple((run.name, run.state, run.notes) for run in runs)
