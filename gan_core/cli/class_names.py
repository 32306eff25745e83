"""The classes of a run by name, as the option --label takes them."""

from gan_core.config import nearest
from gan_core.runs.store import RunError, RunStore


def class_names(store: RunStore, run: str) -> list[str]:
    """The names of the classes, in the order of their numbers; none without labels, or before the run has begun."""
    resolved = store.record(run)["resolved"]
    return [str(name) for name in resolved["classes"]] if resolved else []


def class_number(store: RunStore, run: str, label: str | None) -> int | None:
    """The number of a class from its name or its number; a name goes first. Raises RunError for another text."""
    if label is None:
        return None
    text, names = label.strip(), class_names(store, run)
    if text in names:
        return names.index(text)
    if text.isdecimal() and int(text) < len(names):
        return int(text)
    named = f", or a name that `classes {run}` lists{nearest(text, names)}" if names != numbers(names) else ""
    rule = f"use one of 0..{len(names) - 1}{named}" if names else "it was trained without labels"
    raise RunError(f"run {run} has no label {text}: {rule}")


def numbers(names: list[str]) -> list[str]:
    """The names of classes that are called after their numbers."""
    return [str(number) for number in range(len(names))]
