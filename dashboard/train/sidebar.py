"""The sidebar of the Train page: choose a preset, change it, start a run."""

from collections.abc import Sequence
from itertools import groupby
from time import monotonic

import streamlit as st

from dashboard.train import preset_card, preview, setting_field
from dashboard.train.draft import Draft
from dashboard.ui import run_picker
from dashboard.ui.text import EXPECTED_ERRORS, as_sentence, escaped
from dashboard.ui.widget_keys import is_now, key_for
from gan_core.config import ConfigError, Problem, RunConfig, Setting
from gan_core.config.advice import Advice, advice_on
from gan_core.execution.jobs import Lock
from gan_core.execution.worker import Worker
from gan_core.presets import PRESETS
from gan_core.runs.store import RunStore, RunSummary

DRAFT = "train.draft"
STARTED = "train.started"
REFUSED = "train.refused"
PRESET_KEY = "train.preset"
NAME_KEY = "train.name"
OPEN_SECTIONS = ("data", "train")
DOUBLE_CLICK_SECONDS = 1.0


def draft() -> Draft:
    """This visitor's draft; it survives a change of page, and reruns."""
    st.session_state.setdefault(STARTED, Started())  # before a button is pressed: see `start`
    kept: Draft = st.session_state.setdefault(DRAFT, Draft())
    return kept


def show_form(worker: Worker, runs: Sequence[RunSummary]) -> None:
    """Show the whole sidebar."""
    mine = draft()
    problems = mine.problems(worker.store)
    with st.container():  # a fixed number of siblings: if the sections below moved, they would close
        preset_choice(mine)
        start_button(worker, mine, problems)
        preview.show_glance(runs, mine)
        name_field(mine, problems)
    advice = [] if any(problem.field != "name" for problem in problems) else advice_on(mine.config())
    for section, settings in groupby(mine.settings(), lambda setting: setting.path.partition(".")[0]):
        title = RunConfig.model_fields[section].description or section
        with st.expander(title, expanded=section in OPEN_SECTIONS, key=f"train.section.{section}"):
            for setting in settings:
                setting_field.show(setting, setting.path in mine.changes, note, mine.preset)
                remarks(setting, problems, advice)


def preset_choice(mine: Draft) -> None:
    """Choose a preset; a button that undoes the changes to it."""
    key = key_for(PRESET_KEY, mine.preset)
    st.selectbox(
        "Preset",
        list(PRESETS),
        index=list(PRESETS).index(mine.preset),
        format_func=preset_card.titled,
        key=key,
        help="A complete configuration: our own, those of the projects before this studio, and newer methods.",
        on_change=take_preset,
        args=(key,),
    )
    preset_card.show(mine.preset)


def start_button(worker: Worker, mine: Draft, problems: Sequence[Problem]) -> None:
    """The start button, or all the reasons why the run cannot start; and the number of changes to the preset."""
    st.button(
        "Start training",
        key="train.start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=bool(problems),
        on_click=start,
        args=(worker,),
    )
    if problems:
        lines = [f":small[{escaped(as_sentence(told(problem, mine.settings())))}]" for problem in problems]
        st.error("\n\n".join(["This cannot be trained.", *lines]), icon=":material/error:")
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(escaped(refused), icon=":material/error:")
    if mine.changes:
        count = len(mine.changes)
        st.button(
            f"Back to the preset ({count} {'change' if count == 1 else 'changes'})",
            key="train.back",
            icon=":material/undo:",
            width="stretch",
            on_click=mine.take_preset,
            args=(mine.preset,),
        )


def name_field(mine: Draft, problems: Sequence[Problem]) -> None:
    """The name of the new run; without one it is called after the preset and the time."""
    key = key_for(NAME_KEY, mine.name, held=str.strip)
    st.text_input(
        "Name of the run",
        mine.name,
        key=key,
        placeholder=f"{mine.preset}, day and time",
        help="Optional. 1 to 64 letters, digits, dots, dashes or underscores, and no dot in front.",
        on_change=take_name,
        args=(key,),
    )
    for problem in problems:
        if problem.field == "name":
            refusal(problem)


def remarks(setting: Setting, problems: Sequence[Problem], advice: Sequence[Advice]) -> None:
    """Refusals and advice, right below the field that they concern."""
    for problem in problems:
        if concerns(problem, setting):
            refusal(problem)
    for word in advice:
        if word.field == setting.path:
            source = f" ({word.source})" if word.source else ""
            st.markdown(f":small[:orange[:material/lightbulb: Advice:] {escaped(word.sentence + source)}]")


def refusal(problem: Problem) -> None:
    st.markdown(f":small[:red[:material/error: {escaped(as_sentence(problem.rule))}]]")


def told(problem: Problem, settings: Sequence[Setting]) -> str:
    """A problem, with the title of its field in front."""
    titles = [setting.title for setting in settings if concerns(problem, setting)]
    return f"{titles[0] if titles else problem.field}: {problem.rule}" if problem.field != "name" else problem.rule


def concerns(problem: Problem, setting: Setting) -> bool:
    """Whether the problem concerns this field, or one of the numbers in it."""
    return problem.field == setting.path or problem.field.startswith(f"{setting.path}.")


def note(path: str, key: str) -> None:
    """Put a changed field into the draft. Ignores fields that are gone or belong to another preset."""
    mine = draft()
    if is_now(setting_field.name_of(path, mine.preset), key):
        mine.change(path, st.session_state[key])


def take_settings_of(store: RunStore, run: str) -> None:
    """Fill the form with the settings of another run."""
    preset = str(store.record(run)["preset"])
    st.session_state[DRAFT] = Draft.from_config(store.config(run), preset)


def take_preset(key: str) -> None:
    if is_now(PRESET_KEY, key):
        draft().take_preset(st.session_state[key])


def take_name(key: str) -> None:
    if is_now(NAME_KEY, key):
        draft().name = st.session_state[key].strip()


class Started:
    """The run that a visitor started last. One object for each visitor, which two threads may use at once."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.pressed, self.run = 0.0, ""
        self.draft: Draft | None = None

    def is_repeated(self, mine: Draft) -> bool:
        """Whether the button was pressed a moment ago for the same draft."""
        return self.draft == mine and monotonic() - self.pressed < DOUBLE_CLICK_SECONDS


def start(worker: Worker) -> None:
    """Create the run, put it into the queue, open it. The second half of a double click starts nothing.

    On a busy machine Streamlit may call this twice for one click, in two threads, and forget what the first of them
    writes into the session state. So both use one object that is there already, and both open the run.
    """
    mine = draft()
    started: Started = st.session_state.setdefault(STARTED, Started())
    with started.lock:
        try:
            if not started.is_repeated(mine):
                started.run = worker.enqueue(mine.config(), preset=mine.preset, name=mine.name or None)
                mine.name = ""
                started.pressed, started.draft = monotonic(), mine.copy()
        except (ConfigError, *EXPECTED_ERRORS) as problem:
            st.session_state[REFUSED] = str(problem)
            return
    run_picker.open_run(started.run)
