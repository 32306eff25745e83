"""How much room the runs take. Looking at every file is slow, so what was found is kept while the run stands still."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from dashboard.app import services
from dashboard.ui.text import amount
from gan_core.runs.store import RunError, RunStore, RunSummary, Trashed

KEPT = "runs.disk"
WHILE_IT_TRAINS_SECONDS = 30.0
TRASH = ""  # no run is called so
UNITS = ("kB", "MB", "GB")


class Found(NamedTuple):
    """How many bytes there were, when, and how the run stood."""

    size_bytes: int
    seconds: float  # on the monotonic clock
    stood: object


def of_run(store: RunStore, run: RunSummary) -> int:
    """Bytes of one run; of one that trains, as it was half a minute ago at most."""
    kept: dict[tuple[str, str], Found] = services.process_state().setdefault(KEPT, {})
    place, stands, now = (str(store.root), run.name), (run.created, run.state, run.images_seen), time.monotonic()
    found = kept.get(place)
    if found is None or (found.stood != stands and not (training(run) and is_young(found, now))):
        try:
            found = Found(store.bytes_used(run.name), now, stands)
        except RunError:  # deleted this moment
            return 0
        kept[place] = found
    return found.size_bytes


def training(run: RunSummary) -> bool:
    return run.state in ("running", "stopping")


def is_young(found: Found, now: float) -> bool:
    return now - found.seconds < WHILE_IT_TRAINS_SECONDS


def of_all(store: RunStore, runs: Sequence[RunSummary]) -> int:
    """Bytes of these runs together."""
    return sum(of_run(store, run) for run in runs)


def of_trash(store: RunStore, copies: Sequence[Trashed]) -> int:
    """Bytes of the trash, which holds these copies."""
    kept: dict[tuple[str, str], Found] = services.process_state().setdefault(KEPT, {})
    place, stands = (str(store.root), TRASH), tuple(copies)
    found = kept.get(place)
    if found is None or found.stood != stands:
        found = kept[place] = Found(store.trash_bytes(), time.monotonic(), stands)
    return found.size_bytes


def in_words(size_bytes: int) -> str:
    """`12,345,678` as 12 MB, `1,234,567` as 1.2 MB."""
    size, unit = size_bytes / 1000, 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{amount(size) if size >= 10 or unit == 0 else f'{size:.1f}'} {UNITS[unit]}"
