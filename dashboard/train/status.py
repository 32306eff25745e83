"""The live part of the Train page: how the run stands, its losses, its newest pictures."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.train import curves, run_popovers, sample_player, status_text, summary
from dashboard.ui import actions
from dashboard.ui.run_status import LOOKS
from dashboard.ui.text import NOTHING_YET, amount, as_sentence, duration, escaped, roughly, time_of_day
from gan_core.execution.worker import Worker
from gan_core.runs.history import Event
from gan_core.runs.status_sets import ACTIVE
from gan_core.runs.store import RunSummary

TICK_SECONDS = 1.0
RESTING_SECONDS = 0.5  # nothing trains that would lose by it
WAITING_SECONDS = 0.25
WATCH_SECONDS = 2.0
EVENTS_SHOWN = 6
FIGURE_PIXELS = 130  # two of them side by side on a phone
PICTURE_COLUMNS = (4, 3)  # shares of the width: two screen pixels for a pixel of MNIST fit at 1280, and a chart
Sight = Callable[[], object]  # what the whole page is drawn from


def live(worker: Worker, drawn: RunSummary, sight: Sight) -> None:
    """Everything about one run, refreshed while it is active. `drawn` is how it stood when the buttons were drawn.

    A refresh looks after the rest of the page too, so that no second fragment runs beside it.
    """
    pins, seen, every = run_popovers.pins(worker, drawn), sight(), seconds_between_refreshes(drawn)

    @st.fragment(run_every=every)
    def draw() -> None:
        with error_boundary():
            run = worker.store.summary(drawn.name)
            if changed(drawn, run) or run_popovers.pins(worker, run) != pins or (every and sight() != seen):
                st.rerun()
            show(worker, run)

    draw()
    if not every:
        watch(sight)


def changed(drawn: RunSummary, run: RunSummary) -> bool:
    """Whether the buttons must be drawn anew."""
    return (drawn.status, drawn.images_target, seconds_between_refreshes(drawn)) != (
        run.status,
        run.images_target,
        seconds_between_refreshes(run),
    )


def seconds_between_refreshes(run: RunSummary) -> float | None:
    """Often while somebody waits for the first picture or for a button; not at all where nothing happens any more."""
    if run.status not in ACTIVE:
        return None
    if actions.is_awaited(run) or not run.newest_sample:
        return WAITING_SECONDS
    return RESTING_SECONDS if run.status == "paused" else TICK_SECONDS


def watch(sight: Sight) -> None:
    """Draw the page anew where what it was drawn from has changed: another tab or a terminal made a run.

    Or this visitor did something, and the browser's message about it began in a part of the page: then Streamlit runs
    that part alone.
    """
    drawn = sight()

    @st.fragment(run_every=WATCH_SECONDS)
    def look() -> None:
        with error_boundary():
            if sight() != drawn:
                st.rerun()

    look()


def show(worker: Worker, run: RunSummary) -> None:
    """One run as it stands."""
    standing(worker, run)
    if run.status == "damaged":
        return
    events, record = worker.store.events(run.name), worker.store.record(run.name)
    left, right = st.columns(PICTURE_COLUMNS, gap="medium")
    with left:
        sample_player.show(worker.store, run)
    with right:
        curves.curves(worker.store, run, record, events, status_text.no_curve(run.status))
    summary.summary(worker, run)
    happenings(events)
    st.caption(escaped(status_text.computed_with(record)))


def standing(worker: Worker, run: RunSummary) -> None:
    """The state in a word and a sentence, and how far it is."""
    look = LOOKS[run.status]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train-standing"):
        st.badge(look.word, icon=look.icon, color=look.colour)
        st.text(status_text.sentence(run, worker.waiting(), worker.training()))
    if run.status == "damaged":
        return
    share = min(1.0, run.images_seen / max(1, run.images_target))
    st.progress(share, text=f"{amount(run.images_seen)} of {amount(run.images_target)} images, {share:.0%}")
    figures(run, status_text.epochs(run, worker.store.record(run.name)))


def figures(run: RunSummary, epochs: str) -> None:
    """Epoch, speed, time."""
    rate = run.images_per_second if run.status == "running" else 0.0
    left = (run.images_target - run.images_seen) / run.pace if rate and run.pace else None
    figures = {
        "Epoch": epochs,
        "Images per second": amount(rate) if rate else NOTHING_YET,
        "Trained for": duration(run.seconds),
        "Time left": roughly(left) if left is not None else NOTHING_YET,
    }
    with st.grid(len(figures), min_column_width=FIGURE_PIXELS, gap="small"):
        for label, value in figures.items():
            st.metric(label, value)


def happenings(events: Sequence[Event]) -> None:
    """The newest events as sentences; traces are for the log."""
    told = [event for event in events if event.kind != "trace"][-EVENTS_SHOWN:]
    if told:
        lines = [f"{time_of_day(event.time)}  {as_sentence(event.text)}" for event in reversed(told)]
        st.caption("  \n".join(map(escaped, lines)))


def welcome() -> None:
    """No run yet: what to do next."""
    with st.container(border=True):
        st.subheader("No run yet", anchor=False)
        st.markdown(
            "Press **Start training** in the sidebar. The preset is ready as it is: a picture of pure noise appears "
            "within seconds, and digits within a minute or two.\n\n"
            "Everything in the sidebar can be changed first. Whatever cannot work is said beside its field."
        )
