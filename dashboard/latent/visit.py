"""The visitor's edit history: read from the address, fitted to the run, and written back to the address."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.latent import generate, run_and_snapshot, url
from dashboard.latent.edit import INITIAL_EDIT, EditError, EditHistory, LatentEdit
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.url import AddressError
from dashboard.ui import views
from dashboard.ui.actions import refuse
from gan_core.latent.expression import ExpressionError, Source, spelt, written
from gan_core.runs.store import CheckpointError, RunError

HISTORY = "latent.history"
UNREADABLE = (AddressError, ExpressionError, EditError)
UNKNOWN_HERE = (ExpressionError, RunError, EditError, CheckpointError)


def edit_history(snapshot: SnapshotRef) -> EditHistory:
    """The edits of this visitor. The current one can be shown at this snapshot."""
    if HISTORY not in st.session_state:
        st.session_state[HISTORY] = EditHistory(edit=edit_in_address())
    history: EditHistory = st.session_state[HISTORY]
    if run_and_snapshot.came_by_link() and url.holds_edit(st.query_params):
        history.apply(edit_in_address())
    fit_to_run(history, snapshot)
    return history


def edit_in_address() -> LatentEdit:
    """The edit in the address. If it cannot be read the page says why and starts with INITIAL_EDIT."""
    try:
        return url.edit_in(st.query_params.to_dict())
    except UNREADABLE as problem:
        refuse(problem)
        return INITIAL_EDIT


def fit_to_run(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Remove what this run does not know, such as latents kept by another run, and say why."""
    try:
        generate.latent_of(history.edit, snapshot)
        for item in history.edit.shelf:
            generate.combined_latent({item.source: 1.0}, snapshot)
    except UNKNOWN_HERE as problem:
        refuse(problem)
        history.apply(without_unknown(history.edit, snapshot))


def without_unknown(edit: LatentEdit, snapshot: SnapshotRef) -> LatentEdit:
    """The edit without sources and directions that the run does not know."""
    for item in edit.shelf:
        if not is_known_source({item.source: 1.0}, snapshot):
            edit = edit.without(item.letter)
    weights = {source: weight for source, weight in edit.weights.items() if is_known_source({source: weight}, snapshot)}
    if weights != edit.weights:
        edit = edit.with_expression(written(weights, edit.names) if weights else spelt(0))
    bends = tuple((key, amount) for key, amount in edit.bends if is_known_direction(key, snapshot))
    return replace(edit, bends=bends)


def is_known_source(weights: Mapping[Source, float], snapshot: SnapshotRef) -> bool:
    try:
        generate.combined_latent(weights, snapshot)
    except UNKNOWN_HERE:
        return False
    return True


def is_known_direction(key: str, snapshot: SnapshotRef) -> bool:
    try:
        generate.direction(snapshot, key)
    except UNKNOWN_HERE:
        return False
    return True


def write_address(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Write the whole edit into the address, so that a reload and a bookmark show the same."""
    query = query_of(history.edit, snapshot.run, run_and_snapshot.selected_at())
    st.session_state[run_and_snapshot.ADDRESS_WRITTEN] = (query["run"], query.get("at", ""))
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    views.remember_view(run_and_snapshot.PAGE)


def query_of(edit: LatentEdit, run: str, at: object) -> dict[str, str]:
    """The query of the page for an edit of a run. `at` is a number of images seen, or LATEST, which is left out."""
    at_part = {} if at == run_and_snapshot.LATEST else {"at": str(at)}
    return {"run": run, **at_part, **url.query_of(edit)}
