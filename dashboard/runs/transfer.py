"""Runs that leave as a zip file, and runs that come in as one."""

from io import BytesIO

import streamlit as st

from dashboard.app import services
from dashboard.runs import actions
from gan_core.runs.store import RunStore, RunSummary

UPLOADS = "runs.uploads"  # how many came in: the key of the field, which is empty again after each
MOST_MEGABYTES = 2_000


def departure(store: RunStore, run: RunSummary) -> None:
    """The button that gives the run as a file; it is packed when somebody presses it."""
    st.download_button(
        "Export as zip",
        lambda: packed(store, run.name),
        file_name=f"{run.name}.zip",
        mime="application/zip",
        key=f"runs.export.{run.name}",
        icon=":material/download:",
        width="stretch",
        on_click="ignore",
        help="All that is needed to look at the run and to train it further. It may train meanwhile.",
    )


def packed(store: RunStore, run: str) -> bytes:
    from gan_core.runs.archive.pack import write_archive

    buffer = BytesIO()
    write_archive(store, run, buffer)
    return buffer.getvalue()


def arrivals() -> None:
    """The field that takes a file."""
    key = upload_key()
    with st.popover("Import a run", icon=":material/upload:"):
        st.file_uploader(
            "A zip file that was exported here or on another machine",
            type=["zip"],
            key=key,
            max_upload_size=MOST_MEGABYTES,
            on_change=actions.attempt,
            args=(take_in, key),
        )
        st.caption("Everything in it is looked into before it counts as a run. A name that is taken gets a number.")


def upload_key() -> str:
    return f"{UPLOADS}.{st.session_state.setdefault(UPLOADS, 0)}"


def take_in(key: str) -> None:
    """Unpack what was uploaded, and empty the field."""
    upload = st.session_state[key]
    if upload is None:
        return
    from gan_core.runs.archive.pack import unpack

    st.session_state[UPLOADS] += 1
    arrived = unpack(services.store(), upload)
    another = "" if arrived.run == arrived.packed_as else f", for another run is called {arrived.packed_as}"
    actions.say(f"Imported as {arrived.run}{another}.")
