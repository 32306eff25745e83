"""The trash: deleted runs, until they are erased."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.runs import actions, disk_usage
from dashboard.ui.actions import attempt
from dashboard.ui.text import amount, escaped, size, time_of_day
from gan_core.execution.worker import Worker
from gan_core.runs.store import Trashed
from gan_core.runs.trash import STAMP_FORMAT

KEY = "runs.trash"
MOST_SHOWN = 50


def show_trash(worker: Worker) -> None:
    """Nothing if the trash is empty."""
    copies = worker.store.trash.all()
    if not copies:
        return
    space = size(disk_usage.size_of_trash(worker.store, copies))
    count = f"{amount(len(copies))} {'run' if len(copies) == 1 else 'runs'}"
    with st.expander(f"Trash ({count}, {space})", icon=":material/delete:", key=KEY):
        for copy in copies[:MOST_SHOWN]:
            show_deleted_run(worker, copy)
        if len(copies) > MOST_SHOWN:
            st.caption(f"{amount(len(copies) - MOST_SHOWN)} more were deleted earlier.")
        with st.popover("Empty the trash", icon=":material/delete_forever:"):
            st.markdown(f"This erases {count} and frees {space}. It cannot be undone.")
            st.button(
                f"Erase {count}",
                key="runs.erase",
                type="primary",
                on_click=attempt,
                args=(actions.erase, worker.store, tuple(copies)),
            )


def show_deleted_run(worker: Worker, copy: Trashed) -> None:
    """One deleted run and the button that restores it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Restore",
            key=f"runs.restore.{copy.stamp}",
            icon=":material/restore_from_trash:",
            on_click=attempt,
            args=(actions.restore, worker.store, copy),
        )
        st.markdown(f"**{escaped(copy.name)}** :gray[deleted {escaped(time_of_day(deleted_at(copy)))}]")


def deleted_at(copy: Trashed) -> float:
    """Unix time in seconds."""
    return datetime.strptime(copy.stamp, STAMP_FORMAT).replace(tzinfo=UTC).timestamp()
