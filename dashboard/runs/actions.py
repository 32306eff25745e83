"""What the buttons of the Runs page do. Every action is idempotent: a second press changes nothing."""

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.runs import search
from dashboard.train import sidebar
from dashboard.ui.actions import Done, report
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunStore, Trashed

PLACE = "runs"
RUN_TO_OPEN = "runs.run_to_open"
LONGEST_TITLE = 100  # characters


def set_star(store: RunStore, run: str, star: bool) -> None:
    store.write_notes(run, replace(store.notes(run), star=star))


def save_note(store: RunStore, run: str, field: str, key: str) -> None:
    """Save the text of one field, `title`, `tags` or `note`, from the widget with this key."""
    text: str = (st.session_state[key] or "").strip()
    values: dict[str, Any] = {
        "title": " ".join(text.split())[:LONGEST_TITLE],
        "tags": search.tags_in(text),
        "note": text,
    }
    store.write_notes(run, replace(store.notes(run), **{field: values[field]}))


def duplicate(store: RunStore, run: str) -> None:
    """Fill the form of the Train page with the settings of a run, and open that page."""
    sidebar.take_settings_of(store, run)
    st.session_state[RUN_TO_OPEN] = run


def open_train_page_if_asked() -> None:
    """Open the Train page after `duplicate`: a callback itself cannot switch pages."""
    run = st.session_state.pop(RUN_TO_OPEN, None)
    if run is not None:
        st.switch_page("pages/train.py", query_params={"run": run})


def delete(worker: Worker, run: str) -> None:
    """Move a run to the trash."""
    copy = worker.store.delete(run)
    report(Done(PLACE, f"The run {run} is in the trash.", lambda: restore(worker.store, copy)))


def restore(store: RunStore, copy: Trashed) -> None:
    """Take a run out of the trash."""
    name = store.trash.restore(copy)
    renamed = "" if name == copy.name else f" as {name}, because another run is called {copy.name} now"
    report(Done(PLACE, f"The run {copy.name} was restored{renamed}."))


def erase(store: RunStore, copies: tuple[Trashed, ...]) -> None:
    """Erase exactly these copies: a run deleted after the page was drawn stays in the trash."""
    for copy in copies:
        store.trash.erase(copy)
    report(Done(PLACE, "The trash is empty."))
