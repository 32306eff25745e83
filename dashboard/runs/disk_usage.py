"""How much disk space runs take. Reading the sizes of all files is slow, so results are kept until a run changes."""

import time
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import streamlit as st

from gan_core.runs.status_sets import WRITING
from gan_core.runs.store import RunError, RunStore, RunSummary, Trashed

LARGEST_AGE_SECONDS = 30.0  # of the size of a run that trains: it grows all the time
TRASH = ""  # not a valid run name


class Measured(NamedTuple):
    """A size, when it was measured, and a value that changes when it may be out of date."""

    size_bytes: int
    seconds: float  # of the monotonic clock
    signature: Hashable


@st.cache_resource(show_spinner=False)
def measured_sizes() -> dict[tuple[str, str], Measured]:
    """The measurements of this process, by the folder of runs and the run."""
    return {}


def size_of_run(store: RunStore, run: RunSummary) -> int:
    """Bytes of one run; for a run that trains the value may be LARGEST_AGE_SECONDS old. 0 for a deleted run."""
    if (known := up_to_date(store, run)) is not None:
        return known.size_bytes
    key = (str(store.root), run.name)
    try:
        measured_sizes()[key] = measured = Measured(store.bytes_used(run.name), time.monotonic(), signature_of(run))
    except RunError:  # deleted since the list was read
        return 0
    return measured.size_bytes


def is_known(store: RunStore, run: RunSummary) -> bool:
    """Whether the size of a run is known, so that `size_of_run` reads nothing."""
    return up_to_date(store, run) is not None


def up_to_date(store: RunStore, run: RunSummary) -> Measured | None:
    """The measurement of a run if it still holds."""
    known = measured_sizes().get((str(store.root), run.name))
    if known is None:
        return None
    young = run.status in WRITING and time.monotonic() - known.seconds < LARGEST_AGE_SECONDS
    return known if young or known.signature == signature_of(run) else None


def signature_of(run: RunSummary) -> Hashable:
    """A value that changes when the run has been trained or created anew."""
    return run.created, run.status, run.images_seen


def size_of_trash(store: RunStore, copies: Sequence[Trashed]) -> int:
    """Bytes of the trash, which holds these copies."""
    sizes, key, signature = measured_sizes(), (str(store.root), TRASH), tuple(copies)
    known = sizes.get(key)
    if known is None or known.signature != signature:
        known = sizes[key] = Measured(store.trash.bytes_used(), time.monotonic(), signature)
    return known.size_bytes
