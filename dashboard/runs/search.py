"""Which runs are listed, and in which order. Knows no widget and no disk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dashboard.ui.text import LOOKS
from gan_core.runs.history import State
from gan_core.runs.store import RunSummary

URGENCY: Sequence[State] = (
    "running",
    "stopping",
    "paused",
    "queued",
    "failed",
    "damaged",
    "interrupted",
    "stopped",
    "finished",
)
MOST_TAGS = 20
LONGEST_TAG = 40

# the list that comes in is newest first, and sorting keeps that where the keys are equal
ORDERS: Mapping[str, Callable[[RunSummary], Any]] = {
    "Newest first": lambda run: 0,
    "Title": lambda run: called(run).casefold(),
    "Images seen": lambda run: -run.images_seen,
    "State": lambda run: URGENCY.index(run.state),
}


def called(run: RunSummary) -> str:
    """Its title, or its name where it has none."""
    return run.notes.title or run.name


def matching(runs: Iterable[RunSummary], text: str) -> list[RunSummary]:
    """The runs in which every word of the text occurs: in title, name, tags, preset or state."""
    words = text.casefold().split()
    return [run for run in runs if all(word in searched(run) for word in words)]


def searched(run: RunSummary) -> str:
    state = (run.state, LOOKS[run.state].word)
    return "\n".join((run.name, run.notes.title, run.preset, *state, *run.notes.tags)).casefold()


def ordered(runs: Iterable[RunSummary], order: str) -> list[RunSummary]:
    """Starred ones first, then by one of ORDERS."""
    return sorted(runs, key=lambda run: (not run.notes.star, ORDERS[order](run)))


def tags_in(text: str) -> tuple[str, ...]:
    """`"digits, fast"` as (digits, fast): each once, none empty."""
    parts = (" ".join(part.split())[:LONGEST_TAG] for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_TAGS]
