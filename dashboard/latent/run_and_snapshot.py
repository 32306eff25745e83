"""Which run the page shows, and which snapshot of it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate, url
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import run_picker, views
from dashboard.ui.background import tasks
from dashboard.ui.text import amount, as_sentence, escaped
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.runs.snapshots import At
from gan_core.runs.status_sets import ACTIVE
from gan_core.runs.store import RunSummary

PAGE = "latent"
AT = "latent.at"
AT_KEY = "latent.at_choice"
PULSE_SECONDS = 2.0
TASK_SECONDS = 0.4  # while a background task runs
LATEST: At = "latest"
SNAPSHOT_PIXELS = 248  # width of the list
ADDRESS_WRITTEN = "latent.address_written"  # (run, at) that this page wrote into its address last


def follow_link() -> None:
    """Take the snapshot from the address if the visitor came by a link; the page's own address changes nothing."""
    if AT not in st.session_state or came_by_link():
        st.session_state[AT] = url.images_seen_in(st.query_params.get("at", ""))


def came_by_link() -> bool:
    """Whether the visitor came from another page, or the address names another run or snapshot than the page wrote.

    Otherwise the address may be an older one of this page: a browser learns the newest one only after the rerun.
    """
    address = (st.query_params.get("run"), st.query_params.get("at", ""))
    return views.page_shown_last() != PAGE or address != st.session_state.get(ADDRESS_WRITTEN)


def selected_at() -> At:
    """The selected snapshot in images seen, or LATEST."""
    at: At = st.session_state[AT]
    return at


def show_snapshot_list(shown: RunSummary) -> None:
    """The list of snapshots of the run that is shown."""
    if shown.status == "damaged":
        return
    kept = sorted(services.store().snapshots(shown.name).all(), reverse=True)
    options: list[At] = [LATEST, *kept]
    at = selected_at() if selected_at() in options else None
    widget = key_for(AT_KEY, at, held=lambda option: option and at_of_option(option))
    st.session_state[widget] = at
    st.selectbox(
        "Snapshot",
        options,
        index=None if at is None else options.index(at),
        format_func=lambda at: option_text(at, kept, shown.status in ACTIVE),
        key=widget,
        label_visibility="collapsed",
        placeholder="Choose a snapshot",
        width=SNAPSHOT_PIXELS,
        on_change=choose_snapshot,
        args=(widget,),
    )


def option_text(at: At, kept: Sequence[int], trains: bool) -> str:
    """`Newest (60,000 images)`, `Newest, live (60,000 images)`, `7,520 images`. `kept` is newest first."""
    if at == LATEST:
        word = "Newest, live" if trains else "Newest"
        return f"{word} ({amount(kept[0])} images)" if kept else word
    return f"{amount(int(at))} images" if at else "Untrained (0 images)"


def choose_snapshot(widget: str) -> None:
    """Callback of the list of snapshots."""
    if is_now(AT_KEY, widget):
        select_snapshot(at_of_option(st.session_state[widget]))


def at_of_option(option: object) -> At:
    """The snapshot of an option. The browser may send an outdated text of the option LATEST instead of its value."""
    return option if isinstance(option, int) else LATEST


def select_snapshot(at: At) -> None:
    st.session_state[AT] = at


def selected_snapshot(run: RunSummary | None) -> SnapshotRef | None:
    """The snapshot to show. If there is none, the page says why and the result is None."""
    if run is None:
        show_missing_run()
        return None
    if run.status == "damaged":
        st.error(escaped(as_sentence(run.reason)), icon=":material/broken_image:")
        return None
    kept = services.store().snapshots(run.name).all()
    if not kept:
        show_no_snapshot(run)
        return None
    at = selected_at()
    if at != LATEST and at not in kept:
        st.warning(
            f"The run {escaped(run.name)} has no snapshot at {amount(int(at))} images. The newest one is shown.",
            icon=":material/history:",
        )
        at = LATEST
        select_snapshot(at)
    return generate.snapshot_ref(run.name, at)


def show_missing_run() -> None:
    """What to do when there is no run, or not the wanted one."""
    if run_picker.run_in_address():
        run_picker.show_missing_run()
        return
    with st.container(border=True):
        st.subheader("No runs yet", anchor=False)
        st.markdown(
            "This page adds and subtracts the latents of a generator, moves them along directions, and shows what the "
            "generator has learned at each snapshot.\n\nTrain one first: the preset shows digits within a minute or "
            "two, and this page follows a run while it trains."
        )
        st.page_link("pages/train.py", label="Train a run", icon=":material/model_training:")


def show_no_snapshot(run: RunSummary) -> None:
    """Say why the run has no snapshot, and whether one will come."""
    if run.status in ACTIVE:
        text = "has no snapshot yet. The first one is saved when training starts."
        st.info(f"The run {escaped(run.name)} {text}", icon=":material/hourglass_top:")
        return
    text = "ended before its first snapshot. Choose another run above, or see on the Train page what went wrong."
    st.warning(f"The run {escaped(run.name)} {text}", icon=":material/search_off:")


def seconds_between_checks() -> float:
    """How often the page compares its signature."""
    return TASK_SECONDS if tasks().running() else PULSE_SECONDS


def signature(run: str | None) -> object:
    """Changes with the list of runs, at the end of a background task, and with the snapshots of a run that trains."""
    return services.mark(), tasks().ended, followed_snapshot(run)


def followed_snapshot(run: str | None) -> int | None:
    """The newest snapshot in images seen, -1 before the first; None if the page does not follow the run."""
    store = services.store()
    if run is None or not store.exists(run):
        return None
    if selected_at() != LATEST or store.summary(run).status not in ACTIVE:
        return None
    return max(store.snapshots(run).all(), default=-1)
