"""What the buttons of the Runs page do. Every action is idempotent: a second press changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.runs import table
from dashboard.ui.actions import Done, attempt, report
from dashboard.ui.text import amount
from gan_core.execution.worker import Worker
from gan_core.runs.store import RunMissingError, RunStore, Trashed

PLACE = "runs"
LONGEST_TITLE = 120  # characters
LONGEST_TAG = 40
MOST_TAGS = 20


def attempt_on(act: Callable[..., object], *arguments: object) -> None:
    """`attempt` for the ticked runs, which are unticked afterwards."""
    attempt(act, *arguments)
    table.untick()


def set_star(store: RunStore, run: str, star: bool) -> None:
    store.write_notes(run, replace(store.notes(run), star=star))


def save_note(store: RunStore, run: str, field: str, key: str) -> None:
    """Save the text of one field, `title`, `tags` or `note`, from the widget with this key."""
    text: str = (st.session_state[key] or "").strip()
    values: dict[str, Any] = {"title": " ".join(text.split())[:LONGEST_TITLE], "tags": tags_in(text), "note": text}
    store.write_notes(run, replace(store.notes(run), **{field: values[field]}))


def tags_in(text: str) -> tuple[str, ...]:
    """`"digits, fast"` as (digits, fast). Empty and repeated tags are left out."""
    parts = (" ".join(part.split())[:LONGEST_TAG] for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_TAGS]


def add_tags(store: RunStore, runs: Sequence[str], key: str) -> None:
    """Add the tags in the widget with this key to runs, and empty it."""
    added = tags_in(st.session_state[key] or "")
    st.session_state[key] = ""
    change_tags(store, runs, lambda tags: tuple(dict.fromkeys((*tags, *added)))[:MOST_TAGS])
    report(Done(PLACE, f"Tagged {counted(runs)}."))


def remove_tag(store: RunStore, runs: Sequence[str], tag: str) -> None:
    """Remove a tag from runs."""
    change_tags(store, runs, lambda tags: tuple(each for each in tags if each != tag))
    report(Done(PLACE, f"The tag {tag} was removed."))


def change_tags(store: RunStore, runs: Sequence[str], change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
    for run in runs:
        notes = store.notes(run)
        store.write_notes(run, replace(notes, tags=change(notes.tags)))


def archive(store: RunStore, runs: Sequence[str], archived: bool = True) -> None:
    """Leave runs out of lists, or list them again."""
    for run in runs:
        store.write_notes(run, replace(store.notes(run), archived=archived))
    sentence = f"{'Archived' if archived else 'Took out of the archive'}: {counted(runs)}."
    report(Done(PLACE, sentence, lambda: archive(store, runs, not archived)))


def delete(worker: Worker, runs: Sequence[str]) -> None:
    """Move runs to the trash. If one cannot be moved, those before it are there, and can be restored.

    A run that another tab has moved there is reported as well.
    """
    copies: list[Trashed] = []
    try:
        for run in runs:
            if copy := moved_to_the_trash(worker.store, run):
                copies.append(copy)
    finally:
        if copies:
            names = [copy.name for copy in copies]
            report(Done(PLACE, f"In the trash: {counted(names)}.", lambda: restore(worker.store, *copies)))


def moved_to_the_trash(store: RunStore, run: str) -> Trashed | None:
    """Move a run to the trash; its copy there, also if it was moved before. None if that was erased."""
    try:
        return store.delete(run)
    except RunMissingError:
        return next((copy for copy in store.trash.all() if copy.name == run), None)


def restore(store: RunStore, *copies: Trashed) -> None:
    """Take runs out of the trash. A second press finds that this is done."""
    left = set(store.trash.all())
    done = {copy for copy in copies if copy not in left and store.exists(copy.name)}
    names = {copy.name: copy.name if copy in done else store.trash.restore(copy) for copy in copies}
    renamed = [f"{old} as {new}, because another run is called {old} now" for old, new in names.items() if old != new]
    report(Done(PLACE, f"Restored: {'; '.join(renamed) or counted(list(names))}."))


def erase(store: RunStore, copies: tuple[Trashed, ...]) -> None:
    """Erase exactly these copies: a run deleted after the page was drawn stays in the trash."""
    for copy in copies:
        store.trash.erase(copy)
    report(Done(PLACE, "The trash is empty."))


def counted(runs: Sequence[str]) -> str:
    """`the run mine`, or `3 runs`."""
    return f"the run {runs[0]}" if len(runs) == 1 else f"{amount(len(runs))} runs"
