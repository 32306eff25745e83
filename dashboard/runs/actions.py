"""What the buttons of the Runs page do, and what the page answers. Each press is idempotent."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from dashboard.runs import search
from dashboard.train import sidebar
from dashboard.ui.text import SENTENCES, escaped
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunStore, Trashed

REFUSED = "runs.refused"
SAID = "runs.said"
GOTO = "runs.goto"
ACTED = "runs.acted"  # a button in a fragment was pressed whose effect is on the whole page
LONGEST_TITLE = 100  # characters


class Said(NamedTuple):
    """What was done, and the deleted copy that can be brought back, if it was a deletion."""

    sentence: str
    deleted: Trashed | None = None


def attempt(act: Callable[..., None], *arguments: object) -> None:
    """Do what the button says; why it cannot be done is said on the page."""
    st.session_state[ACTED] = True
    st.session_state.pop(SAID, None)
    try:
        act(*arguments)
    except SENTENCES as problem:
        st.session_state[REFUSED] = str(problem)


def say(sentence: str, deleted: Trashed | None = None) -> None:
    """Tell it at the top of the page until the next press of a button."""
    st.session_state[SAID] = Said(sentence, deleted)


def answers(worker: Worker) -> None:
    """What came of the last button."""
    st.session_state.pop(ACTED, None)
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(escaped(refused), icon=":material/error:")
    said: Said | None = st.session_state.get(SAID)
    if said is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="runs-said"):
        st.success(escaped(said.sentence), icon=":material/check:", width="stretch")
        if said.deleted is not None:
            st.button(
                "Undo",
                key="runs.undo",
                icon=":material/undo:",
                on_click=attempt,
                args=(restore, worker.store, said.deleted),
            )


def star(store: RunStore, run: str, star: bool) -> None:
    store.write_notes(run, replace(store.notes(run), star=star))


def write(store: RunStore, run: str, field: str, key: str) -> None:
    """Keep what somebody typed into the field `title`, `tags` or `note`."""
    text: str = (st.session_state[key] or "").strip()
    values: dict[str, Any] = {
        "title": " ".join(text.split())[:LONGEST_TITLE],
        "tags": search.tags_in(text),
        "note": text,
    }
    store.write_notes(run, replace(store.notes(run), **{field: values[field]}))


def duplicate(store: RunStore, run: str) -> None:
    """Fill the form of the Train page with this run's settings, and go there."""
    sidebar.take_settings_of(store, run)
    st.session_state[GOTO] = run


def go_where_wanted() -> None:
    """To the Train page, where a button has filled its form."""
    run = st.session_state.pop(GOTO, None)
    if run is not None:
        st.switch_page("pages/train.py", query_params={"run": run})


def delete(store: RunStore, run: str) -> None:
    say(f"The run {run} is in the trash.", store.delete(run))


def restore(store: RunStore, copy: Trashed) -> None:
    name = store.restore_copy(copy)
    another = "" if name == copy.name else f", as {name}, for another run is called {copy.name} now"
    say(f"The run {copy.name} is back{another}.")


def erase_all(store: RunStore, copies: tuple[Trashed, ...]) -> None:
    """Erase these copies, and not what somebody deletes meanwhile."""
    for copy in copies:
        store.erase(copy)
    say("The trash is empty.")
