"""What can be done with all ticked runs at once."""

from collections.abc import Sequence

import streamlit as st

from dashboard.runs import actions, table, transfer
from dashboard.runs.actions import attempt_on
from dashboard.ui.text import amount
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import NEED_A_TRAINER
from gan_core.runs.store import RunSummary

TAG = "runs.tag"


def show_actions(worker: Worker, runs: Sequence[RunSummary]) -> None:
    """How many runs are ticked, and the buttons, which need at least one."""
    chosen = table.ticked(runs)
    names, none = [run.name for run in chosen], not chosen
    st.markdown(f"**{amount(len(chosen))}** ticked", width="content")
    show_tags(worker, chosen)
    archived = bool(chosen) and all(run.notes.archived for run in chosen)
    st.button(
        "Take out of the archive" if archived else "Archive",
        key="runs.archive",
        icon=":material/unarchive:" if archived else ":material/archive:",
        disabled=none,
        on_click=attempt_on,
        args=(actions.archive, worker.store, names, not archived),
        help="Archived runs are kept, but left out of lists.",
    )
    transfer.show_export(worker.store, names, "runs.export")
    st.button(
        "Delete",
        key="runs.delete",
        icon=":material/delete:",
        disabled=none or any(run.status in NEED_A_TRAINER for run in chosen),
        on_click=attempt_on,
        args=(actions.delete, worker, names),
        help="Moves them to the trash. A run that trains cannot be deleted: stop it first.",
    )


def show_tags(worker: Worker, chosen: Sequence[RunSummary]) -> None:
    """Add a tag to the runs, or remove one that any of them has."""
    names = [run.name for run in chosen]
    with st.popover("Tag", icon=":material/label:", disabled=not chosen):
        st.text_input(
            "Add tags",
            key=TAG,
            help="Separated by commas.",
            on_change=attempt_on,
            args=(actions.add_tags, worker.store, names, TAG),
        )
        for tag in sorted({tag for run in chosen for tag in run.notes.tags}):
            st.button(
                f"Remove {tag}",
                key=f"runs.untag.{tag}",
                icon=":material/label_off:",
                type="tertiary",
                on_click=attempt_on,
                args=(actions.remove_tag, worker.store, names, tag),
            )
