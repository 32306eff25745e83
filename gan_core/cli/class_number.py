"""The class that the option --label names."""

from collections.abc import Sequence

from gan_core.config import nearest
from gan_core.runs.store import RunError, RunStore


def class_number(store: RunStore, run: str, label: str | None) -> int | None:
    """The number of a class from its name or its number; a name goes first. Raises RunError for another text."""
    if label is None:
        return None
    text, names = label.strip(), store.class_names(run)
    if text in names:
        return names.index(text)
    if text.isdecimal() and int(text) < len(names):
        return int(text)
    named = f", or a name that `classes {run}` lists{nearest(text, list(names))}" if names != numbers(names) else ""
    rule = f"use one of 0..{len(names) - 1}{named}" if names else "it was trained without labels"
    raise RunError(f"run {run} has no label {text}: {rule}")


def numbers(names: Sequence[str]) -> tuple[str, ...]:
    """The names of classes that are called after their numbers."""
    return tuple(map(str, range(len(names))))
