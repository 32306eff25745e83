"""One run in the list: its newest pictures, how it stands, and what can be done with it."""

from datetime import datetime

import streamlit as st

from dashboard.app import routing
from dashboard.runs import actions, disk_usage, search, thumbnails, transfer
from dashboard.train import status_text
from dashboard.ui.text import LOOKS, amount, as_sentence, duration, escaped
from gan_core.execution.worker import Worker
from gan_core.runs.store import AT_WORK, RunStore, RunSummary

ACTIVE = (*AT_WORK, "queued")
TICK_SECONDS = 1.0
NOTE_SHOWN = 160  # characters


def show(worker: Worker, drawn: RunSummary) -> None:
    """The row; that of a run which trains is refreshed by itself."""

    @st.fragment(run_every=TICK_SECONDS if drawn.state in AT_WORK else None, key=f"runs.row.{drawn.name}")
    def draw() -> None:
        with routing.sentences():
            if st.session_state.get(actions.ACTED):
                st.rerun()
            run = worker.store.summary(drawn.name) if drawn.state in AT_WORK else drawn
            if run.state != drawn.state:
                st.rerun()
            row(worker, run)

    draw()


def row(worker: Worker, run: RunSummary) -> None:
    """Pictures, text, buttons."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"runs-row-{run.name}"):
        picture(run)
        with st.container(gap="xsmall", width="stretch"):
            about(worker, run)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
            buttons(worker, run)


def picture(run: RunSummary) -> None:
    """Its newest pictures, or their place."""
    address, side = thumbnails.thumbnail(run), thumbnails.SIDE_PIXELS
    with st.container(
        border=address is None, width=side, height=side, horizontal_alignment="center", vertical_alignment="center"
    ):
        if address is None:
            st.caption("No picture yet" if run.state in ACTIVE else "No picture", width="content")
            return
        alt = f"Pictures that the generator of run {run.name} made last, after {amount(run.images_seen)} images"
        st.image(address, alt=alt, width="content")


def about(worker: Worker, run: RunSummary) -> None:
    """What it is called, how it stands, where it comes from."""
    look, star = LOOKS[run.state], "★ " if run.notes.star else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{star}{escaped(search.called(run))}**", width="content")
        st.badge(look.word, icon=look.icon, color=look.colour)
        for tag in run.notes.tags:
            st.badge(escaped(tag), color="gray")
    st.markdown(f":small[{escaped(standing(run))}]")
    if run.state in AT_WORK:
        st.progress(min(1.0, run.images_seen / max(1, run.images_target)))
    if run.notes.note:
        st.caption(escaped(shortened(run.notes.note)))
    st.caption(escaped(" · ".join(facts(worker.store, run))))


def standing(run: RunSummary) -> str:
    """How far it is, and why it is no further."""
    if run.state == "damaged":
        return as_sentence(run.reason)
    far = f"{amount(run.images_seen)} of {amount(run.images_target)} images, epoch {amount(run.epoch)}"
    parts = [far, *([f"{amount(run.images_per_second)} a second"] if run.state == "running" else [])]
    parts += [f"trained for {duration(run.seconds)}"] if run.seconds else []
    reason = as_sentence(run.reason) if run.state in ("failed", "interrupted") else ""
    return f"{', '.join(parts)}. {reason}{status_text.elsewhere(run.owner)}".strip()


def facts(store: RunStore, run: RunSummary) -> list[str]:
    """Its name, its preset, when it was made, the room that it takes."""
    made = datetime.fromisoformat(run.created).astimezone()
    parts = [
        run.name if run.notes.title else "",
        run.preset,
        f"{made:%Y-%m-%d %H:%M}",
        disk_usage.in_words(disk_usage.of_run(store, run)),
    ]
    return [part for part in parts if part]


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= NOTE_SHOWN else f"{line[: NOTE_SHOWN - 1].rstrip()}…"


def buttons(worker: Worker, run: RunSummary) -> None:
    """Where it can be opened, the star, and everything else."""
    store, query = worker.store, {"run": run.name}
    st.page_link("pages/train.py", label="Train", icon=":material/model_training:", query_params=query)
    if run.newest_sample:
        st.page_link("pages/latent.py", label="Latent", icon=":material/gesture:", query_params=query)
    st.button(
        "Unstar" if run.notes.star else "Star",
        key=f"runs.star.{run.name}",
        icon=":material/star:",
        type="tertiary",
        help="Starred runs stand first.",
        on_click=actions.attempt,
        args=(actions.star, store, run.name, not run.notes.star),
    )
    more = st.popover("More", key=f"runs.more.{run.name}", on_change="rerun", type="tertiary")
    if more.open:
        with more:
            details(store, run)


def details(store: RunStore, run: RunSummary) -> None:
    """What a person adds, and what can be done with the run as a whole."""
    written(store, run, "title", "Title", run.notes.title, hint="Shown instead of the name, which stays.")
    written(store, run, "tags", "Tags", ", ".join(run.notes.tags), hint="Separated by commas.")
    written(store, run, "note", "Note", run.notes.note)
    if run.state != "damaged":
        act("Duplicate settings", ":material/content_copy:", actions.duplicate, store, run.name)
        transfer.departure(store, run)
    trains = run.state in AT_WORK
    act("Delete", ":material/delete:", actions.delete, store, run.name, disabled=trains)
    if trains:
        st.caption("It is being trained, so it cannot be deleted. Stop it first.")


def written(store: RunStore, run: RunSummary, field: str, label: str, value: str, hint: str = "") -> None:
    """One text that is kept as soon as it is left."""
    key = f"runs.{field}.{run.name}"
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    widget = st.text_area if field == "note" else st.text_input
    widget(
        label, key=key, help=hint or None, on_change=actions.attempt, args=(actions.write, store, run.name, field, key)
    )


def act(word: str, icon: str, does: object, store: RunStore, run: str, disabled: bool = False) -> None:
    st.button(
        word,
        key=f"runs.{word.split()[0].lower()}.{run}",
        icon=icon,
        width="stretch",
        disabled=disabled,
        on_click=actions.attempt,
        args=(does, store, run),
    )
