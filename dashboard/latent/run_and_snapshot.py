"""Which run the page looks at, and at which moment of its life."""

from collections.abc import Sequence

import streamlit as st

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.latent import generate, url
from dashboard.latent.generate import Place
from dashboard.ui import run_picker
from dashboard.ui.text import amount, as_sentence, escaped
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.runs.snapshots import At
from gan_core.runs.store import RunSummary

RUN = "latent.run"
AT = "latent.at"
RUN_KEY = "latent.run_choice"
AT_KEY = "latent.at_choice"
ACTIVE = ("queued", "running", "paused", "stopping")
WATCH_SECONDS = 2.0
LATEST: At = "latest"
WRITTEN = "latent.written"  # (run, at) that this page wrote into its address last


def chosen(runs: Sequence[RunSummary]) -> RunSummary | None:
    """The run that the address names, else the one looked at last, else the newest that has something to show."""
    arrive()
    wanted = st.query_params.get("run") or st.session_state.get(RUN)
    if wanted is None:
        return next((run for run in runs if run.newest_sample), runs[0] if runs else None)
    return next((run for run in runs if run.name == wanted), None)


def arrive() -> None:
    """Where a link leads here, what it names counts, and not the moment that was looked at before."""
    named = (st.query_params.get("run"), st.query_params.get("at", ""))
    if AT not in st.session_state or (named[0] and named != st.session_state.get(WRITTEN)):
        st.session_state[AT] = url.moment(named[1])


def wanted_at() -> At:
    """The moment that somebody chose, here or by a link."""
    at: At = st.session_state[AT]
    return at


def pickers(runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """The two lists: runs, and moments of the one that is shown."""
    run_picker.show_run_list(runs, shown, RUN_KEY, take_run)
    if shown is None or shown.state == "damaged":
        return
    moments = sorted(services.store().moments(shown.name), reverse=True)
    options: list[At] = [LATEST, *moments]
    at = wanted_at() if wanted_at() in options else None
    widget = key_for(AT_KEY, at, held=lambda option: option and moment_in(option))
    st.session_state[widget] = at
    st.selectbox(
        "Moment",
        options,
        index=None if at is None else options.index(at),
        format_func=lambda at: moment_text(at, moments),
        key=widget,
        placeholder="Choose a moment",
        help="How many images the run had seen. The newest moment follows a run that trains.",
        on_change=take_at,
        args=(widget,),
    )


def moment_text(at: At, moments: Sequence[int]) -> str:
    """`Newest (60,000 images)`, `7,520 images`, `Noise (0 images)`."""
    if at == LATEST:
        return f"Newest ({amount(moments[0])} images)" if moments else "Newest"
    return f"{amount(int(at))} images"


def take_run(widget: str) -> None:
    """Somebody chose another run: its newest moment, since moments differ from run to run."""
    run = run_picker.name_in(st.session_state[widget])
    if not is_now(RUN_KEY, widget) or run == st.session_state.get(RUN):
        return  # a late word, or the same run, whose state has just changed
    st.query_params.clear()
    st.query_params["run"] = st.session_state[RUN] = run
    st.session_state[AT] = LATEST


def take_at(widget: str) -> None:
    """Somebody chose a moment."""
    if is_now(AT_KEY, widget):
        look_at(moment_in(st.session_state[widget]))


def moment_in(option: object) -> At:
    """The moment of an option. The browser may answer with a text of the newest one that has just changed."""
    return option if isinstance(option, int) else LATEST


def look_at(at: At) -> None:
    """Show this moment from now on."""
    st.session_state[AT] = at


def place(run: RunSummary | None) -> Place | None:
    """What is shown, or None with a sentence on the page about why there is nothing."""
    if run is None:
        no_run()
        return None
    st.session_state[RUN] = run.name
    if run.state == "damaged":
        st.error(escaped(as_sentence(run.reason)), icon=":material/broken_image:")
        return None
    moments = services.store().moments(run.name)
    if not moments:
        no_moment(run)
        return None
    at = wanted_at()
    if at != LATEST and at not in moments:
        st.warning(
            f"The run {escaped(run.name)} keeps no moment at {amount(int(at))} images, so the newest one is shown.",
            icon=":material/history:",
        )
        at = LATEST
        look_at(at)
    return generate.place_of(run.name, at)


def no_run() -> None:
    """Nothing to look at: what to do next."""
    wanted = st.query_params.get("run") or st.session_state.get(RUN)
    if wanted:
        st.warning(
            f"There is no run {escaped(str(wanted))} here: it may have been deleted. "
            "Choose another one above, or train one.",
            icon=":material/search_off:",
        )
        return
    with st.container(border=True):
        st.subheader("Nothing to bend yet", anchor=False)
        st.markdown(
            "This page adds and subtracts the digits that a generator makes, bends them under the finger, and leads "
            "through all that a run has learned.\n\nTrain one first: the preset shows digits within a minute or two, "
            "and this page follows a run while it trains."
        )
        st.page_link("pages/train.py", label="Train a run", icon=":material/model_training:")


def no_moment(run: RunSummary) -> None:
    """Why there is no generator to look at, and whether one will come."""
    if run.state in ACTIVE:
        what = "has kept no moment yet. Its first one comes when its training begins."
        st.info(f"The run {escaped(run.name)} {what}", icon=":material/hourglass_top:")
        return
    what = "ended before its first moment. Choose another one above, or see on the Train page what it needs."
    st.warning(f"The run {escaped(run.name)} {what}", icon=":material/search_off:")


def standing(run: RunSummary, shown: Place) -> None:
    """Which moment is on the screen, and whether newer ones will take its place."""
    follows = run.state in ACTIVE and wanted_at() == LATEST
    if shown.images_seen == 0:
        text = "Untrained weights, before the first step: everything is noise."
    else:
        text = f"The generator after {amount(shown.images_seen)} images."
    st.caption(text + (" The run trains on; each newer moment is taken over." if follows else ""))


def watch(run: RunSummary | None, shown: Place | None) -> None:
    """Take over a newer moment when it is saved, and a run that appears or goes."""
    seen = services.mark()

    @st.fragment(run_every=WATCH_SECONDS)
    def look() -> None:
        with error_boundary():
            if services.mark() != seen or newer(run, shown):
                st.rerun()

    look()


def newer(run: RunSummary | None, shown: Place | None) -> bool:
    """Whether the run has a moment that ought to be on the screen and is not."""
    if run is None or run.state not in ACTIVE or wanted_at() != LATEST:
        return False
    store = services.store()
    if not store.folder_exists(run.name):
        return True
    moments = store.moments(run.name)
    ended = store.status(run.name).state not in ACTIVE
    return ended or max(moments, default=-1) != (shown.images_seen if shown else -1)
