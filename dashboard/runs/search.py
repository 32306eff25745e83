"""Which runs are listed, and in which order. Uses no widget and no disk."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dashboard.ui.run_status import LOOKS, MOST_URGENT_FIRST
from gan_core.runs.store import RunSummary

MOST_TAGS = 20
LONGEST_TAG = 40  # characters

# Runs come in newest first. Sorting is stable, so this order stays among equal keys.
ORDERS: Mapping[str, Callable[[RunSummary], Any]] = {
    "Newest first": lambda run: 0,
    "Title": lambda run: title_of(run).casefold(),
    "Images seen": lambda run: -run.images_seen,
    "Status": lambda run: MOST_URGENT_FIRST.index(run.status),
}


def title_of(run: RunSummary) -> str:
    """Its title, or its name if it has no title."""
    return run.notes.title or run.name


def matching(runs: Iterable[RunSummary], text: str) -> list[RunSummary]:
    """The runs that contain every word of the text in their title, name, tags, preset or status."""
    words = text.casefold().split()
    return [run for run in runs if all(word in searched_text(run) for word in words)]


def searched_text(run: RunSummary) -> str:
    status = (run.status, LOOKS[run.status].word)
    return "\n".join((run.name, run.notes.title, run.preset, *status, *run.notes.tags)).casefold()


def ordered(runs: Iterable[RunSummary], order: str) -> list[RunSummary]:
    """Starred runs first, then in one of ORDERS."""
    return sorted(runs, key=lambda run: (not run.notes.star, ORDERS[order](run)))


def tags_in(text: str) -> tuple[str, ...]:
    """`"digits, fast"` as (digits, fast). Empty and repeated tags are left out."""
    parts = (" ".join(part.split())[:LONGEST_TAG] for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_TAGS]
