"""Export of a run as a zip file, and import of such a file."""

from io import BytesIO

import streamlit as st

from dashboard.app import services
from dashboard.runs.actions import PLACE
from dashboard.ui.actions import Done, attempt, report
from gan_core.runs.store import RunStore, RunSummary

UPLOADS = (
    "runs.uploads"  # number of imports so far; part of the key of the upload field, so that each import empties it
)
MOST_MEGABYTES = 2_000


def show_export(store: RunStore, run: RunSummary) -> None:
    """The button that downloads the run. The file is made when it is pressed."""
    st.download_button(
        "Export as zip",
        lambda: zip_of(store, run.name),
        file_name=f"{run.name}.zip",
        mime="application/zip",
        key=f"runs.export.{run.name}",
        icon=":material/download:",
        width="stretch",
        on_click="ignore",
        help="Everything needed to look at the run and to train it further. A run can be exported while it trains.",
    )


def zip_of(store: RunStore, run: str) -> bytes:
    from gan_core.runs.archive.pack import write_archive

    buffer = BytesIO()
    write_archive(store, run, buffer)
    return buffer.getvalue()


def show_import() -> None:
    """The field for a zip file."""
    key = upload_key()
    with st.popover("Import a run", icon=":material/upload:"):
        st.file_uploader(
            "A zip file that was exported here or on another machine",
            type=["zip"],
            key=key,
            max_upload_size=MOST_MEGABYTES,
            on_change=attempt,
            args=(import_upload, key),
        )
        st.caption("Every file in it is checked before anything is imported. If the name is taken, a number is added.")


def upload_key() -> str:
    return f"{UPLOADS}.{st.session_state.setdefault(UPLOADS, 0)}"


def import_upload(key: str) -> None:
    """Unpack the uploaded file and empty the field."""
    upload = st.session_state[key]
    if upload is None:
        return
    from gan_core.runs.archive.pack import unpack

    st.session_state[UPLOADS] += 1
    arrived = unpack(services.store(), upload)
    renamed = "" if arrived.run == arrived.packed_as else f", because another run is called {arrived.packed_as}"
    report(Done(PLACE, f"Imported as {arrived.run}{renamed}."))
