"""After a run: its time and speed, the digits that it makes, and what to do next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.app import services
from dashboard.train import preview, sidebar
from dashboard.ui import actions
from dashboard.ui.background import Task, Tasks
from dashboard.ui.text import amount, as_sentence, duration, escaped
from gan_core.runs.status_sets import ENDED_IN_ORDER
from gan_core.runs.store import RunStore, RunSummary

if TYPE_CHECKING:  # torch: seconds that the first page must not wait for
    from gan_core.evaluation.digit_counts import DigitCounts

COUNTS_KEPT = 64
STEPS_SHOWN = 4  # the progress of a count is shown in so many steps
SHARES = (5, 6)  # of the width: time and speed, digits


@st.cache_resource(show_spinner=False)
def counts() -> "Tasks[DigitCounts | None]":
    """The counts of this process."""
    return Tasks(COUNTS_KEPT)


def show_summary(store: RunStore, runs: Sequence[RunSummary], run: RunSummary) -> None:
    """The summary of a run that ended in order."""
    if run.status not in ENDED_IN_ORDER or not run.images_seen:
        return
    with st.container(border=True, key="train-after"):
        st.subheader("Summary", anchor=False)
        left, right = st.columns(SHARES, gap="large")
        with left:
            st.markdown(escaped(what_it_took(run)))
            show_next_steps(store, run)
        with right:
            show_digits(store, runs, run)


def what_it_took(run: RunSummary) -> str:
    """Time, images, epochs and speed in one sentence."""
    rate = run.images_seen / run.seconds if run.seconds else 0.0
    epochs = f"{amount(run.epoch)} epoch{'' if run.epoch == 1 else 's'}"
    return (
        f"{amount(run.images_seen)} images, {epochs}, in {duration(run.seconds)} of training: "
        f"{amount(rate)} images per second."
    )


def show_next_steps(store: RunStore, run: RunSummary) -> None:
    """What to do next."""
    if run.status == "finished":
        st.markdown(
            "**Train longer** above makes the run longer. The result is the same as if it had been longer at once."
        )
    else:
        st.markdown("**Resume** above continues the run. The result is the same as without the stop.")
    st.button(
        "Duplicate settings",
        icon=":material/content_copy:",
        key="train.duplicate",
        type="tertiary",
        on_click=actions.attempt,
        args=(sidebar.take_settings_of, store, run.name),
        help="Fills the form in the sidebar with the settings of this run, to change some and start another.",
    )
    st.page_link(
        "pages/latent.py",
        label="Open in Latent",
        icon=":material/gesture:",
        query_params={"run": run.name},
    )


def show_digits(store: RunStore, runs: Sequence[RunSummary], run: RunSummary) -> None:
    """The digit counts of the newest snapshot, if the run makes digits. Counting starts by itself if nothing trains."""
    if not services.warm() or not makes_digits(store, run):
        return
    if newest_count(run) is None and preview.running(runs):
        st.button(
            "Count the digits",
            icon=":material/bar_chart:",
            key="train.count",
            on_click=actions.attempt,
            args=(begin, store, run),
            help="The digit classifier looks at 1,000 new pictures. That slows the run that is training for seconds.",
        )
    else:
        show_counts(begin(store, run))


def makes_digits(store: RunStore, run: RunSummary) -> bool:
    """Whether the run has a snapshot and makes digits, which the classifier was trained on."""
    from gan_core.evaluation.digit_data import shows_digits

    return bool(store.snapshots(run.name).all()) and shows_digits(store.config(run.name))


def begin(store: RunStore, run: RunSummary) -> "Task[DigitCounts | None]":
    """The count of the newest snapshot. Starts it if necessary."""

    def count(task: "Task[DigitCounts | None]") -> "DigitCounts | None":
        from gan_core.evaluation.digit_counts import count_digits

        return count_digits(store, run.name, "latest", task.report, lambda: task.cancelled)

    return counts().get_or_start(key_of(run), count)


def newest_count(run: RunSummary) -> "Task[DigitCounts | None] | None":
    """The count of the newest snapshot, if it was started."""
    return counts().get(key_of(run))


def key_of(run: RunSummary) -> str:
    """The time of creation is part of the key, because a name may be used again."""
    return f"{run.name} {run.created} {run.images_seen}"


def show_counts(task: "Task[DigitCounts | None]") -> None:
    """The counts, how far the counting is, or why there are none."""
    if task.problem:
        st.caption(escaped(as_sentence(task.problem)))
    elif task.result is None:
        st.progress(task.progress.share, text="The digit classifier looks at 1,000 new pictures.")
    else:
        st.caption(escaped(verdict(task.result)))


def digits_of(run: RunSummary) -> dict[str, Any] | None:
    """The counts for the strip below the film; None while there are none."""
    task = newest_count(run)
    if task is None or task.result is None:
        return None
    return {"counts": list(task.result.counts), "title": "Pictures of each digit"}


def verdict(counted: "DigitCounts") -> str:
    """The counts in a sentence or two."""
    if not any(counted.counts):
        return f"No picture looks like a digit: {amount(counted.samples)} new ones were looked at."
    rarest = min(range(len(counted.counts)), key=counted.counts.__getitem__)
    return (
        f"A digit classifier clearly recognises {counted.confident:.0%} of {amount(counted.samples)} new pictures. "
        f"The rarest digit is {rarest}: {amount(counted.counts[rarest])} pictures."
    )


def signature(run: RunSummary) -> object:
    """A value that changes when the counts must be drawn again."""
    if run.status not in ENDED_IN_ORDER:
        return None
    task = newest_count(run)
    if task is None:
        return services.warm(), 0
    return services.warm(), STEPS_SHOWN + 1 if not task.running else int(STEPS_SHOWN * task.progress.share)


def is_counting(run: RunSummary) -> bool:
    task = newest_count(run)
    return task is not None and task.running
