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
    sizes, key = measured_sizes(), (str(store.root), run.name)
    signature, now = (run.created, run.status, run.images_seen), time.monotonic()
    known = sizes.get(key)
    if known and (
        known.signature == signature or (run.status in WRITING and now - known.seconds < LARGEST_AGE_SECONDS)
    ):
        return known.size_bytes
    try:
        sizes[key] = Measured(store.bytes_used(run.name), now, signature)
    except RunError:  # deleted since the list was read
        return 0
    return sizes[key].size_bytes


def size_of_runs(store: RunStore, runs: Sequence[RunSummary]) -> int:
    """Bytes of these runs together."""
    return sum(size_of_run(store, run) for run in runs)


def size_of_trash(store: RunStore, copies: Sequence[Trashed]) -> int:
    """Bytes of the trash, which holds these copies."""
    sizes, key, signature = measured_sizes(), (str(store.root), TRASH), tuple(copies)
    known = sizes.get(key)
    if known is None or known.signature != signature:
        known = sizes[key] = Measured(store.trash.bytes_used(), time.monotonic(), signature)
    return known.size_bytes
