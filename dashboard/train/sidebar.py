"""The sidebar of the Train page: choose a preset, change it, start a run."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from dashboard.train import (
    add_pictures,
    data_look,
    kept_draft,
    own_pictures,
    preset_card,
    preview,
    run_length,
    setting_field,
    start,
    start_bar,
    typed,
)
from dashboard.train.draft import LENGTH, SOURCE, Draft
from dashboard.train.kept_draft import DRAFT, draft
from dashboard.ui import cookies, sidebar_fold
from dashboard.ui.component import component
from dashboard.ui.text import as_sentence, escaped
from dashboard.ui.widget_keys import key_for
from gan_core.config import Problem, RunConfig, Setting
from gan_core.config.advice import Advice
from gan_core.execution.worker import Worker
from gan_core.presets import PRESETS
from gan_core.runs.names import safe_name
from gan_core.runs.store import RunStore, RunSummary

OPEN_SECTIONS = ("data", "optim", "train")
LONGEST_NAME = 100  # as it is typed
FOLDER = "data.folder"

_train_form = component("train_form", isolate_styles=False)  # its style sheet is for Streamlit's own elements


def show_form(worker: Worker, runs: Sequence[RunSummary]) -> None:
    """Show the whole sidebar."""
    mine = draft()
    own_pictures.settle_classes(mine)
    problems = [*mine.problems(), *own_pictures.problems(mine)]
    advice = [] if problems else data_look.advice(mine.config().model_dump_json())
    start_bar.show_start_bar(worker, mine, problems, advice)
    with st.container():  # a fixed number of siblings: if the sections below moved, they would close
        preset_choice(mine)
        preview.show_glance(runs, mine)
        name_field(worker.store, mine)
    for section, settings in groupby(mine.settings(), lambda setting: setting.path.partition(".")[0]):
        title = RunConfig.model_fields[section].description or section
        with st.expander(title, expanded=section in OPEN_SECTIONS, key=f"train.section.{section}"):
            for setting in settings:
                show_setting(mine, setting)
                remarks(setting, problems, advice)
    cookie = cookies.cookie(kept_draft.COOKIE, kept_draft.text_of(mine))
    answers = {**sidebar_fold.counts(), "folds_at_once": start.run_that_trains(worker) is None}
    _train_form(key="train.form", data={"cookie": cookie, "start": answers}, height=1)


def show_setting(mine: Draft, setting: Setting) -> None:
    """The field of one setting, with what belongs below it."""
    if setting.path == LENGTH:
        run_length.show_length(mine, setting)
        return
    setting_field.show(setting, setting.path in mine.changes, typed.take, mine.preset)
    if setting.path == SOURCE:
        add_pictures.show_add_pictures(mine)
    if setting.path == FOLDER:
        own_pictures.show_folder(mine)


def preset_choice(mine: Draft) -> None:
    """Choose a preset; a button that undoes the changes to it."""
    key = key_for(typed.PRESET, mine.preset)
    st.selectbox(
        "Preset",
        list(PRESETS),
        index=list(PRESETS).index(mine.preset),
        format_func=preset_card.titled,
        key=key,
        help="A complete configuration: our own, those of the projects before this studio, and newer methods.",
        on_change=typed.take_preset,
        args=(key,),
    )
    preset_card.show(mine.preset)


def name_field(store: RunStore, mine: Draft) -> None:
    """The name of the new run: any text. Without one the run is called after the preset and the time."""
    key = key_for(typed.NAME, mine.name, held=str.strip)
    st.text_input(
        "Name of the run",
        mine.name,
        key=key,
        max_chars=LONGEST_NAME,
        placeholder=f"{mine.preset}, day and time",
        help="Optional, any text. The folder of the run gets a name that every system allows.",
        on_change=typed.take_name,
        args=(key,),
        live=setting_field.TYPING_PAUSE,
    )
    saved = store.name_for(mine.name) if mine.name else ""
    if saved != mine.name:
        title = f", with the title {mine.name}" if safe_name(mine.name) != mine.name else ""
        st.caption(escaped(f"Will be saved as {saved}{title}."))


def remarks(setting: Setting, problems: Sequence[Problem], advice: Sequence[Advice]) -> None:
    """Refusals and advice, right below the field that they concern."""
    for problem in problems:
        if start_bar.concerns(problem, setting):
            st.markdown(f":small[:red[:material/error: {escaped(as_sentence(problem.rule))}]]")
    for word in advice:
        if word.field == setting.path:
            source = f" ({word.source})" if word.source else ""
            st.markdown(f":small[:orange[:material/lightbulb: Advice:] {escaped(word.sentence + source)}]")


def take_settings_of(store: RunStore, run: str) -> None:
    """Fill the form with the settings of another run."""
    preset = str(store.record(run)["preset"])
    st.session_state[DRAFT] = Draft.from_config(store.config(run), preset)
