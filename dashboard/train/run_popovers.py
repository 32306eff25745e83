"""The popovers of a run: train it longer, its pinned snapshots, and its notes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from dashboard.ui import single_keys
from dashboard.ui.actions import attempt
from dashboard.ui.text import amount, escaped
from dashboard.ui.widget_keys import set_value
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import TAKE_REQUESTS
from gan_core.runs.store import Notes, RunSummary

MOST_IMAGES = 10_000_000_000
LONGEST_TITLE = 120
LONGER = "Train longer"
LONGEST_NOTE = 4_000


def longer(worker: Worker, run: RunSummary) -> None:
    """Train a finished run longer."""
    with st.popover(LONGER, icon=":material/more_time:"):
        extend(worker, run)


def extend(worker: Worker, run: RunSummary) -> None:
    """The form that extends a run: at the next step if it trains, else when the queue reaches it."""
    least = max(run.images_target, run.images_seen) + 1
    if least > MOST_IMAGES:
        st.caption(f"A run has at most {amount(MOST_IMAGES)} images.")
        return
    key = f"train.extend.{run.name}.{run.images_target}"
    st.number_input(
        "Go on until :gray[(images)]",
        min_value=least,
        max_value=MOST_IMAGES,
        value=max(least, min(MOST_IMAGES, 2 * run.images_target)),
        step=max(1, run.images_target // 10),
        key=key,
        help="The result is bit for bit the same as if the run had been this long from the start.",
    )
    to_typed = (extend_to_typed, worker, run.name, key)
    st.button("Go on", key="train.go_on", type="primary", on_click=attempt, args=to_typed)


def extend_to_typed(worker: Worker, run: str, key: str) -> None:
    """Extend a run to the number in its field, which may have been typed a moment ago."""
    worker.extend(run, int(st.session_state[key]))


def more(worker: Worker, run: RunSummary) -> None:
    """What is needed now and then, behind one button: a tab for each."""
    snapshots = pins(worker, run)
    can_extend = run.status in TAKE_REQUESTS
    parts: dict[str, Callable[[], None]] = {
        **({LONGER: lambda: extend(worker, run)} if can_extend else {}),
        f"Pinned ({len(snapshots)})": lambda: pinned(worker, run, snapshots),
        "Notes": lambda: notes(worker, run),
    }
    with st.popover("More", icon=":material/more_horiz:"):
        for tab, show_part in zip(st.tabs(list(parts)), parts.values(), strict=True):
            with tab:
                show_part()


def pin(worker: Worker, run: RunSummary) -> None:
    """The button that pins a snapshot of now."""
    st.button(
        "Pin",
        key="train.pin",
        icon=":material/keep:",
        shortcut=single_keys.key("M"),
        disabled=not (run.status in TAKE_REQUESTS or run.newest_sample),
        on_click=attempt,
        args=(worker.pin, run.name),
        help="Pin a snapshot of now: pinned snapshots are never deleted to save space.",
    )


def pinned(worker: Worker, run: RunSummary, snapshots: Sequence[int]) -> None:
    """The pinned snapshots, newest first: open one in Latent, or unpin it."""
    if not snapshots:
        st.caption("Nothing is pinned. Pin keeps a snapshot of now: it is never deleted to save space.")
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
    title, note = f"train.title.{run.name}", f"train.note.{run.name}"
    set_value(title, run.notes.title)
    set_value(note, run.notes.note)
    st.text_input("Title", key=title, max_chars=LONGEST_TITLE, on_change=keep_notes, args=(worker, run.name), live=True)
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
