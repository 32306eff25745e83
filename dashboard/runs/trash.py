"""Deleted runs, until somebody erases them."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.runs import actions, disk_usage
from dashboard.ui.text import amount, escaped, time_of_day
from gan_core.execution.worker import Worker
from gan_core.runs.store import Trashed
from gan_core.runs.trash import STAMP_FORMAT

OPEN = "runs.trash"
MOST_SHOWN = 50


def show(worker: Worker) -> None:
    """Nothing where the trash is empty."""
    copies = worker.store.trash()
    if not copies:
        return
    size = disk_usage.in_words(disk_usage.of_trash(worker.store, copies))
    count = f"{amount(len(copies))} {'run' if len(copies) == 1 else 'runs'}"
    with st.expander(f"Trash ({count}, {size})", icon=":material/delete:", key=OPEN):
        for copy in copies[:MOST_SHOWN]:
            trashed_row(worker, copy)
        if len(copies) > MOST_SHOWN:
            st.caption(f"And {amount(len(copies) - MOST_SHOWN)} that were deleted earlier.")
        with st.popover("Empty the trash", icon=":material/delete_forever:"):
            st.markdown(f"This erases {count} and frees {size}. It cannot be undone.")
            st.button(
                f"Erase {count}",
                key="runs.erase",
                type="primary",
                on_click=actions.attempt,
                args=(actions.erase_all, worker.store, tuple(copies)),
            )


def trashed_row(worker: Worker, copy: Trashed) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Restore",
            key=f"runs.restore.{copy.stamp}",
            icon=":material/restore_from_trash:",
            on_click=actions.attempt,
            args=(actions.restore, worker.store, copy),
        )
        st.markdown(f"**{escaped(copy.name)}** :gray[deleted {escaped(time_of_day(deleted_at(copy)))}]")


def deleted_at(copy: Trashed) -> float:
    """Unix time in seconds."""
    return datetime.strptime(copy.stamp, STAMP_FORMAT).replace(tzinfo=UTC).timestamp()
