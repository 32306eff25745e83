"""While a run lives, and after: make it longer, pin its snapshots, take notes, and the keys for all that."""

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
    "M": "Pin this moment",
    "J": "Next older run",
    "K": "Next newer run",
    "?": "This list",
}
MOST_IMAGES = 10_000_000_000
LONGEST_TITLE = 120
LONGEST_NOTE = 4_000

_shortcuts = component("shortcuts")


def longer(worker: Worker, run: RunSummary, label: str, enabled: bool) -> None:
    """Go on to a larger total: at the next step of a living run, else when its turn comes."""
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
            help="Nothing else changes: the run ends bit for bit like one that was meant to be so long from the start.",
        )
        go_on = (worker.extend, run.name, int(total))
        st.button("Go on", key=f"train.go_on.{label}", type="primary", on_click=attempt, args=go_on)


def pin(worker: Worker, run: RunSummary) -> None:
    """Keep the networks as they are now."""
    st.button(
        "Pin",
        key="train.pin",
        icon=":material/keep:",
        shortcut="M",
        disabled=not (run.status in TAKE_REQUESTS or run.newest_sample),
        on_click=attempt,
        args=(worker.pin, run.name),
        help="Keep the networks of this snapshot, whatever else is thinned out.",
    )


def pinned(worker: Worker, run: RunSummary) -> None:
    """The pinned snapshots, newest first: look at one in Latent, or let it go."""
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
                    help="It stays for now, and may be thinned out like any other snapshot.",
                )


def pins(worker: Worker, run: RunSummary) -> list[int]:
    """The pinned snapshots, newest first, in images seen."""
    if run.status == "damaged":
        return []
    return sorted((images for images, kept in worker.store.snapshots(run.name).all().items() if kept), reverse=True)


def notes(worker: Worker, run: RunSummary) -> None:
    """A title and a note, kept as soon as somebody leaves the field."""
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
    """What was written about the run, below its buttons."""
    if run.notes.title:
        st.markdown(f"**{escaped(run.notes.title)}**")
    if run.notes.note:
        st.caption("  \n".join(map(escaped, run.notes.note.splitlines())))


def shortcuts() -> None:
    """The keys, and the one that shows them."""
    with st.container(key=HELP, width="content"), st.popover("Keys", icon=":material/keyboard:"):
        rows = [f"| `{key}` | {words} |" for key, words in KEYS.items()]
        st.markdown("\n".join(["| Key | What it does |", "|---|---|", *rows]))
        st.caption("They rest while you type in a field.")


def listen() -> None:
    """Let the key ? open the list, wherever the page is scrolled to."""
    _shortcuts(key="train.keys", data={"opens": HELP}, height=1)
