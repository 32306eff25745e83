"""The popovers of a run: extend it, see its pinned snapshots, write notes; and the list of keys."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.ui.actions import attempt
from dashboard.ui.component import component
from dashboard.ui.text import amount, escaped
from dashboard.ui.widget_keys import set_value
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import TAKE_REQUESTS
from gan_core.runs.store import Notes, RunSummary

HELP = "train-help"
KEYS: Mapping[str, str] = {
    "P": "Pause, or resume",
    "S": "Stop",
    "M": "Pin a snapshot of now",
    "J": "Next older run",
    "K": "Next newer run",
    "?": "This list",
}
MOST_IMAGES = 10_000_000_000
LONGEST_TITLE = 120
LONGEST_NOTE = 4_000

_shortcuts = component("shortcuts")


def longer(worker: Worker, run: RunSummary, label: str, enabled: bool) -> None:
    """Extend a run: at the next step if it trains, else when the queue reaches it."""
    least = max(run.images_target, run.images_seen) + 1
    enabled = enabled and least <= MOST_IMAGES
    icon = ":material/more_time:" if label == "Longer" else ":material/resume:"
    with st.popover(label, icon=icon, disabled=not enabled):
        if not enabled:
            return
        total = st.number_input(
            "Go on until :gray[(images)]",
            min_value=least,
            max_value=MOST_IMAGES,
            value=max(least, min(MOST_IMAGES, 2 * run.images_target)),
            step=max(1, run.images_target // 10),
            key=f"train.extend.{run.name}.{run.images_target}",
            help="The result is bit for bit the same as if the run had been this long from the start.",
        )
        go_on = (worker.extend, run.name, int(total))
        st.button("Go on", key=f"train.go_on.{label}", type="primary", on_click=attempt, args=go_on)


def pin(worker: Worker, run: RunSummary) -> None:
    """The button that pins a snapshot of now."""
    st.button(
        "Pin",
        key="train.pin",
        icon=":material/keep:",
        shortcut="M",
        disabled=not (run.status in TAKE_REQUESTS or run.newest_sample),
        on_click=attempt,
        args=(worker.pin, run.name),
        help="Pin a snapshot of now: pinned snapshots are never deleted to save space.",
    )


def pinned(worker: Worker, run: RunSummary) -> None:
    """The pinned snapshots, newest first: open one in Latent, or unpin it."""
    snapshots = pins(worker, run)
    with st.popover(f"Pinned ({len(snapshots)})", icon=":material/collections_bookmark:", disabled=not snapshots):
        for images_seen in snapshots:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.page_link(
                    "pages/latent.py",
                    label=f"{amount(images_seen)} images",
                    icon=":material/gesture:",
                    query_params={"run": run.name, "at": str(images_seen)},
                )
                st.button(
                    "Unpin",
                    key=f"train.unpin.{images_seen}",
                    on_click=attempt,
                    args=(worker.store.snapshots(run.name).pin, images_seen, False),
                    help="The snapshot is not deleted at once, but may be later, to save space.",
                )


def pins(worker: Worker, run: RunSummary) -> list[int]:
    """The pinned snapshots, newest first, in images seen."""
    if run.status == "damaged":
        return []
    return sorted((images for images, kept in worker.store.snapshots(run.name).all().items() if kept), reverse=True)


def notes(worker: Worker, run: RunSummary) -> None:
    """Edit the title and the note; they are saved when the visitor leaves the field."""
    with st.popover("Notes", icon=":material/edit_note:"):
        title, note = f"train.title.{run.name}", f"train.note.{run.name}"
        set_value(title, run.notes.title)
        set_value(note, run.notes.note)
        st.text_input(
            "Title", key=title, max_chars=LONGEST_TITLE, on_change=keep_notes, args=(worker, run.name), live=True
        )
        st.text_area(
            "Note",
            key=note,
            max_chars=LONGEST_NOTE,
            height=160,
            on_change=keep_notes,
            args=(worker, run.name),
            help="Kept when you leave the field or press Ctrl+Enter.",
        )


def keep_notes(worker: Worker, run: str) -> None:
    """Write title and note; the tags and the star stay as they are on the disk now."""
    title, note = st.session_state[f"train.title.{run}"], st.session_state[f"train.note.{run}"]

    def write() -> None:
        kept: Notes = worker.store.notes(run)
        worker.store.write_notes(run, replace(kept, title=title.strip(), note=note))

    attempt(write)


def written(run: RunSummary) -> None:
    """The notes of the run, below its buttons."""
    if run.notes.title:
        st.markdown(f"**{escaped(run.notes.title)}**")
    if run.notes.note:
        st.caption("  \n".join(map(escaped, run.notes.note.splitlines())))


def shortcuts() -> None:
    """The list of keys, and the key that opens it."""
    with st.container(key=HELP, width="content"), st.popover("Keys", icon=":material/keyboard:"):
        rows = [f"| `{key}` | {words} |" for key, words in KEYS.items()]
        st.markdown("\n".join(["| Key | What it does |", "|---|---|", *rows]))
        st.caption("The keys do nothing while you type in a field.")


def listen() -> None:
    """Make the key ? open the list, also where its button is scrolled out of view."""
    _shortcuts(key="train.keys", data={"opens": HELP}, height=1)
