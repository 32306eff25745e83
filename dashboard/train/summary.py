"""After a run: what it took, which digits it makes, and what next."""

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.train import counting, preview, sidebar
from dashboard.train.counting import Counting, Snapshot
from dashboard.ui import actions
from dashboard.ui.component import component
from dashboard.ui.text import amount, as_sentence, duration, escaped
from gan_core.execution.worker import Worker
from gan_core.runs.status_sets import ENDED_IN_ORDER
from gan_core.runs.store import RunSummary

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.evaluation.digit_counts import DigitCounts

POLL_SECONDS = 0.5
SHARES = (5, 6)  # of the width: what it took, which digits it makes

_digit_bars = component("digit_bars")


def summary(worker: Worker, run: RunSummary) -> None:
    """The summary of a run that ended in order."""
    if run.status not in ENDED_IN_ORDER or not run.images_seen:
        return
    with st.container(border=True, key="train-after"):
        st.subheader("Summary", anchor=False)
        left, right = st.columns(SHARES, gap="large")
        with left:
            st.markdown(escaped(took(run)))
            what_next(worker, run)
        with right:
            digits(worker, run)


def took(run: RunSummary) -> str:
    """Time, images, epochs and speed in one sentence."""
    rate = run.images_seen / run.seconds if run.seconds else 0.0
    epochs = f"{amount(run.epoch)} epoch{'' if run.epoch == 1 else 's'}"
    return (
        f"{amount(run.images_seen)} images, {epochs}, in {duration(run.seconds)} of training: "
        f"{amount(rate)} images per second."
    )


def what_next(worker: Worker, run: RunSummary) -> None:
    """Where to go from here."""
    if run.status == "finished":
        st.markdown("**Resume** above makes the run longer: nothing is lost by having stopped here.")
    else:
        st.markdown("**Resume** above goes on where it stopped, as if it never had.")
    pressed = st.button(
        "Duplicate settings",
        icon=":material/content_copy:",
        key="train.duplicate",
        type="tertiary",
        on_click=actions.attempt,
        args=(sidebar.take_settings_of, worker.store, run.name),
        help="Fills the form in the sidebar with the settings of this run, to change some and start another.",
    )
    if pressed:
        st.rerun()  # this part of the page is drawn by itself, and the form is not in it
    st.page_link(
        "pages/latent.py",
        label="Open in Latent",
        icon=":material/gesture:",
        query_params={"run": run.name},
    )


def digits(worker: Worker, run: RunSummary) -> None:
    """What the judge says of the newest snapshot, where it can say anything."""
    snapshots = worker.store.snapshots(run.name).all()
    if not snapshots or not services.warm() or not judged(worker, run):
        return
    snapshot: Snapshot = (run.name, run.created, max(snapshots))
    if counting.censuses().known(snapshot) is None and preview.running(worker):
        st.button(
            "Count the digits",
            icon=":material/bar_chart:",
            key="train.count",
            on_click=counting.censuses().take,
            args=(worker.store, snapshot),
            help="The judge looks at 1,000 new pictures. It takes some seconds from the run that is training.",
        )
        return
    counting.censuses().take(worker.store, snapshot)
    live_digit_bars(snapshot)


def judged(worker: Worker, run: RunSummary) -> bool:
    from gan_core.evaluation.digit_data import shows_digits

    return shows_digits(worker.store.config(run.name))


def live_digit_bars(snapshot: Snapshot) -> None:
    """The counts, or how far the counting is."""
    known = counting.censuses().known(snapshot)
    waiting = known is not None and not known.done

    @st.fragment(run_every=POLL_SECONDS if waiting else None)
    def look() -> None:
        with error_boundary():
            now = counting.censuses().known(snapshot)
            if now is not None:
                tally(now)
            if waiting and (now is None or now.done):
                st.rerun()

    look()


def tally(known: Counting) -> None:
    if known.problem:
        st.caption(escaped(as_sentence(known.problem)))
    elif known.census is None:
        st.progress(known.share, text="The judge looks at 1,000 new pictures.")
    else:
        _digit_bars(key="train.tally", data={"counts": list(known.census.counts), "title": "Pictures of each digit"})
        st.caption(escaped(verdict(known.census)))


def verdict(census: "DigitCounts") -> str:
    """The counts in a sentence or two."""
    rarest = min(range(len(census.counts)), key=census.counts.__getitem__)
    return (
        f"Of {amount(census.samples)} new pictures the judge is at least 90 % sure of {census.confident:.0%}. "
        f"The rarest digit is {rarest}: {amount(census.counts[rarest])} pictures."
    )
