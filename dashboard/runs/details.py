"""The run that is shown beside the table: its pages, its notes, and what can be done with it."""

from typing import Any

import streamlit as st

from dashboard.header import run_settings
from dashboard.runs import actions, transfer
from dashboard.train import status_text
from dashboard.ui.actions import attempt
from dashboard.ui.run_label import starred_label_of
from dashboard.ui.run_status import look_of
from dashboard.ui.text import amount, as_sentence, duration, escaped
from dashboard.ui.widget_keys import set_value
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import NEED_A_TRAINER
from gan_core.runs.store import RunStore, RunSummary

NOTE_PIXELS = 96


def show_details(worker: Worker, run: RunSummary | None) -> None:
    """The run that the header names."""
    if run is None:
        return
    with st.container(border=True, gap="small", key="runs-details"):
        look = look_of(run)
        st.markdown(f"**{escaped(starred_label_of(run))}**")
        st.badge(look.word, icon=look.icon, color=look.colour)
        st.caption(escaped(progress_text(run)))
        show_pages(run)
        show_note_field(worker.store, run, "title", "Title", run.notes.title, "Shown before the name, which stays.")
        show_note_field(worker.store, run, "tags", "Tags", ", ".join(run.notes.tags), "Separated by commas.")
        show_note_field(worker.store, run, "note", "Note", run.notes.note)
        with st.container(horizontal=True, gap="xsmall"):
            show_buttons(worker, run)


def show_pages(run: RunSummary) -> None:
    """Links to the run on the other pages."""
    with st.container(horizontal=True, gap="small"):
        query = {"run": run.name}
        st.page_link("pages/train.py", label="Train", icon=":material/model_training:", query_params=query)
        if run.newest_sample:
            st.page_link("pages/latent.py", label="Latent", icon=":material/gesture:", query_params=query)


def show_buttons(worker: Worker, run: RunSummary) -> None:
    """What can be done with the run as a whole."""
    store, star, archived = worker.store, run.notes.star, run.notes.archived
    show_button("Unstar" if star else "Star", ":material/star:", (actions.set_star, store, run.name, not star))
    if run.status != "damaged":
        show_button("Duplicate", ":material/content_copy:", (run_settings.duplicate, store, run.name))
        transfer.show_export(store, [run.name], "runs.export_shown")
    word, icon = ("Take out of the archive", "unarchive") if archived else ("Archive", "archive")
    show_button(word, f":material/{icon}:", (actions.archive, store, [run.name], not archived))
    trains = run.status in NEED_A_TRAINER
    show_button("Delete", ":material/delete:", (actions.delete, worker, [run.name]), disabled=trains)
    if trains:
        st.caption("A run that trains cannot be deleted. Stop it first.")


def show_button(word: str, icon: str, action: tuple[object, ...], disabled: bool = False) -> None:
    """A button of the shown run. `action` is a function and its arguments."""
    key = f"runs.shown.{word.split()[0].lower()}"
    st.button(word, key=key, icon=icon, disabled=disabled, on_click=attempt, args=action)


def show_note_field(store: RunStore, run: RunSummary, field: str, label: str, value: str, hint: str = "") -> None:
    """A text field. Its text is saved when the visitor leaves it."""
    key = f"runs.{field}.{run.name}"
    set_value(key, value)
    common: dict[str, Any] = {"label": label, "key": key, "on_change": attempt}
    common["args"] = (actions.save_note, store, run.name, field, key)
    if field == "note":
        st.text_area(height=NOTE_PIXELS, **common)
    else:
        st.text_input(help=hint, **common)


def progress_text(run: RunSummary) -> str:
    """How many images the run has seen and, if it failed or was interrupted, why."""
    if run.status == "damaged":
        return as_sentence(run.reason)
    seen = f"{amount(run.images_seen)} of {amount(run.images_target)} images, epoch {amount(run.epoch)}"
    parts = [seen, *([f"{amount(run.images_per_second)} a second"] if run.status == "running" else [])]
    parts += [f"trained for {duration(run.seconds)}"] if run.seconds else []
    reason = as_sentence(run.reason) if run.status in ("failed", "interrupted") else ""
    return f"{', '.join(parts)}. {reason}{status_text.elsewhere(run.owner)}".strip()
