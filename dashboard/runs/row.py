"""One run in the list: a thumbnail, its status, its notes, and its buttons."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.runs import actions, disk_usage, search, transfer
from dashboard.train import status_text
from dashboard.ui.actions import attempt
from dashboard.ui.run_status import look_of
from dashboard.ui.text import amount, as_sentence, duration, escaped, size
from dashboard.ui.thumbnails import THUMBNAIL_PIXELS, thumbnail_of
from dashboard.ui.widget_keys import set_value
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import ACTIVE, NEED_A_TRAINER
from gan_core.runs.store import RunStore, RunSummary

REFRESH_SECONDS = 1.0
LONGEST_NOTE_SHOWN = 160  # characters


def show_row(worker: Worker, run: RunSummary) -> None:
    """A run. Only the description of a run that trains refreshes by itself, so that every button redraws the page."""
    trains = run.status in NEED_A_TRAINER

    def draw() -> None:
        with error_boundary():
            show_description(worker.store, worker.store.summary(run.name) if trains else run)

    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"runs-row-{run.name}"):
        if trains:
            st.fragment(draw, run_every=REFRESH_SECONDS, key=f"runs.description.{run.name}")()
        else:
            draw()
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
            show_buttons(worker, run)


def show_description(store: RunStore, run: RunSummary) -> None:
    """The thumbnail and the text."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show_thumbnail(run)
        with st.container(gap="xsmall", width="stretch"):
            show_text(store, run)


def show_thumbnail(run: RunSummary) -> None:
    """Its newest samples, or an empty frame of the same size."""
    url = thumbnail_of(run)  # PNG
    with st.container(
        border=url is None,
        width=THUMBNAIL_PIXELS,
        height=THUMBNAIL_PIXELS,
        horizontal_alignment="center",
        vertical_alignment="center",
    ):
        if url is None:
            st.caption("No picture yet" if run.status in ACTIVE else "No picture", width="content")
            return
        alt = f"Pictures that the generator of run {run.name} made last, after {amount(run.images_seen)} images"
        st.image(url, alt=alt, width="content")


def show_text(store: RunStore, run: RunSummary) -> None:
    """Title, status, tags, progress and note."""
    look, star = look_of(run), "★ " if run.notes.star else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{star}{escaped(search.title_of(run))}**", width="content")
        st.badge(look.word, icon=look.icon, color=look.colour)
        for tag in run.notes.tags:
            st.badge(escaped(tag), color="gray")
    st.markdown(f":small[{escaped(progress_text(run))}]")
    if run.status in NEED_A_TRAINER:
        st.progress(min(1.0, run.images_seen / max(1, run.images_target)))
    if run.notes.note:
        st.caption(escaped(shortened(run.notes.note)))
    st.caption(escaped(" · ".join(facts(store, run))))


def progress_text(run: RunSummary) -> str:
    """How many images the run has seen and, if it failed or was interrupted, why."""
    if run.status == "damaged":
        return as_sentence(run.reason)
    seen = f"{amount(run.images_seen)} of {amount(run.images_target)} images, epoch {amount(run.epoch)}"
    parts = [seen, *([f"{amount(run.images_per_second)} a second"] if run.status == "running" else [])]
    parts += [f"trained for {duration(run.seconds)}"] if run.seconds else []
    reason = as_sentence(run.reason) if run.status in ("failed", "interrupted") else ""
    return f"{', '.join(parts)}. {reason}{status_text.elsewhere(run.owner)}".strip()


def facts(store: RunStore, run: RunSummary) -> list[str]:
    """Its name if it has a title too, its preset, when it was created, its size on disk."""
    created = datetime.fromisoformat(run.created).astimezone()
    parts = [
        run.name if run.notes.title else "",
        run.preset,
        f"{created:%Y-%m-%d %H:%M}",
        size(disk_usage.size_of_run(store, run)),
    ]
    return [part for part in parts if part]


def shortened(text: str) -> str:
    """The text in one line of at most LONGEST_NOTE_SHOWN characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NOTE_SHOWN else f"{line[: LONGEST_NOTE_SHOWN - 1].rstrip()}…"


def show_buttons(worker: Worker, run: RunSummary) -> None:
    """Links to the other pages, the star, and a menu with everything else."""
    store, query = worker.store, {"run": run.name}
    st.page_link("pages/train.py", label="Train", icon=":material/model_training:", query_params=query)
    if run.newest_sample:
        st.page_link("pages/latent.py", label="Latent", icon=":material/gesture:", query_params=query)
    st.button(
        "Unstar" if run.notes.star else "Star",
        key=f"runs.star.{run.name}",
        icon=":material/star:",
        type="tertiary",
        help="Starred runs come first in the list.",
        on_click=attempt,
        args=(actions.set_star, store, run.name, not run.notes.star),
    )
    more = st.popover("More", key=f"runs.more.{run.name}", on_change="rerun", type="tertiary")
    if more.open:
        with more:
            show_menu(worker, run)


def show_menu(worker: Worker, run: RunSummary) -> None:
    """The notes of the run, and what can be done with it as a whole."""
    store = worker.store
    show_note_field(store, run, "title", "Title", run.notes.title, hint="Shown instead of the name. The name stays.")
    show_note_field(store, run, "tags", "Tags", ", ".join(run.notes.tags), hint="Separated by commas.")
    show_note_field(store, run, "note", "Note", run.notes.note)
    if run.status != "damaged":
        show_button("Duplicate settings", ":material/content_copy:", lambda: actions.duplicate(store, run.name), run)
        transfer.show_export(store, run)
    trains = run.status in NEED_A_TRAINER
    show_button("Delete", ":material/delete:", lambda: actions.delete(worker, run.name), run, disabled=trains)
    if trains:
        st.caption("A run that trains cannot be deleted. Stop it first.")


def show_note_field(store: RunStore, run: RunSummary, field: str, label: str, value: str, hint: str = "") -> None:
    """A text field. Its text is saved when the visitor leaves it."""
    key = f"runs.{field}.{run.name}"
    set_value(key, value)
    widget = st.text_area if field == "note" else st.text_input
    widget(label, key=key, help=hint or None, on_change=attempt, args=(actions.save_note, store, run.name, field, key))


def show_button(word: str, icon: str, act: Callable[[], None], run: RunSummary, disabled: bool = False) -> None:
    """A button of the menu."""
    key = f"runs.{word.split()[0].lower()}.{run.name}"
    st.button(word, key=key, icon=icon, width="stretch", disabled=disabled, on_click=attempt, args=(act,))
