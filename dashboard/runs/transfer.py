"""Export of runs as a zip file, and import of such a file."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app import services
from dashboard.runs.actions import PLACE
from dashboard.ui.actions import Done, attempt, report
from gan_core.runs.store import RunStore

if TYPE_CHECKING:  # slow to import
    from gan_core.runs.archive.pack import Arrived

UPLOADS = (
    "runs.uploads"  # number of imports so far; part of the key of the upload field, so that each import empties it
)
MOST_MEGABYTES = 2_000


def show_export(store: RunStore, runs: Sequence[str], key: str) -> None:
    """The button that downloads runs: one as it is packed, several in one zip file. It is made when it is pressed."""
    st.download_button(
        "Export",
        lambda: zip_of(store, runs),
        file_name=f"{runs[0]}.zip" if len(runs) == 1 else f"{len(runs)}-runs.zip",
        mime="application/zip",
        key=key,
        icon=":material/download:",
        disabled=not runs,
        on_click="ignore",
        help="Everything needed to look at a run and to train it further. A run can be exported while it trains.",
    )


def zip_of(store: RunStore, runs: Sequence[str]) -> bytes:
    from gan_core.runs.archive.pack import write_archive
    from gan_core.runs.archive.several import write_archives

    buffer = BytesIO()
    if len(runs) == 1:
        write_archive(store, runs[0], buffer)
    else:
        write_archives(store, runs, buffer)
    return buffer.getvalue()


def show_import() -> None:
    """The field for a zip file."""
    key = upload_key()
    with st.popover("Import a run", icon=":material/upload:"):
        st.file_uploader(
            "A zip file of one or several runs that was exported here or on another machine",
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
    from gan_core.runs.archive.several import unpack_all

    st.session_state[UPLOADS] += 1
    sentences = [sentence_of(arrived) for arrived in unpack_all(services.store(), upload)]
    report(Done(PLACE, " ".join(sentences)))


def sentence_of(arrived: "Arrived") -> str:
    """What an imported run is called."""
    renamed = "" if arrived.run == arrived.packed_as else f", because another run is called {arrived.packed_as}"
    return f"Imported as {arrived.run}{renamed}."
