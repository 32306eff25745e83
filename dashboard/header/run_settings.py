"""What a run is made of: the settings that differ from its preset, then all; to copy as a draft or as a command."""

import html
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard.train import sidebar
from dashboard.ui.actions import attempt
from dashboard.ui.run_label import label_of
from dashboard.ui.text import as_sentence, escaped
from gan_core.config import RunConfig, Setting, applies, settings_of
from gan_core.presets import DEFAULT, PRESETS
from gan_core.presets.command import command_of
from gan_core.presets.differences import differences
from gan_core.runs.store import RunError, RunStore, RunSummary

BUTTON = "header-settings"
TO_TRAIN = "header.train_page_wanted"  # the run whose settings the form was filled with
UNIT = "unit"


def show_button(store: RunStore, run: RunSummary) -> None:
    """The button, and what it opens. Nothing is read before it is opened."""
    panel = st.popover("Settings", icon=":material/tune:", type="tertiary", key=BUTTON, on_change="rerun")
    if panel.open:
        with panel:
            show_settings(store, run)


def show_settings(store: RunStore, run: RunSummary) -> None:
    """The settings of a run, and what can be done with them."""
    st.markdown(f"**{escaped(label_of(run))}**")
    try:
        config, record = store.config(run.name), store.record(run.name)
    except RunError as problem:
        st.error(escaped(as_sentence(str(problem))), icon=":material/broken_image:")
        return
    base = PRESETS.get(record["preset"], PRESETS[DEFAULT])
    changed = differences(config, base.config)
    st.markdown(what_differs(base.title, len(changed)))
    if changed:
        st.html(table(config, lambda setting: setting.path in changed, values_of(base.config)))
    with st.container(horizontal=True, gap="small"):
        show_duplicate(store, run)
        command = st.popover("Copy as command", icon=":material/terminal:", key="header-command")
    with command:
        st.code(command_of(config, base, record["resolved"], run.images_target), language="bash", wrap_lines=True)
        st.caption("It trains the same run in a terminal. Start it in the folder of the program.")
    with st.expander("All settings", icon=":material/list:"):
        values = values_of(config)
        st.html(table(config, lambda setting: applies(setting, values)))


def show_duplicate(store: RunStore, run: RunSummary) -> None:
    """The button that fills the form of the Train page."""
    st.button(
        "Duplicate",
        key="header-duplicate",
        icon=":material/content_copy:",
        on_click=attempt,
        args=(duplicate, store, run.name),
        help="Fills the form on the Train page with these settings, to change some and start another run.",
    )


def duplicate(store: RunStore, run: str) -> None:
    """Fill the form with the settings of a run. The next `open_train_page_if_asked` opens it."""
    sidebar.take_settings_of(store, run)
    st.session_state[TO_TRAIN] = run


def open_train_page_if_asked(train: st.Page) -> None:
    """Open the Train page after `duplicate`: a callback itself cannot switch pages."""
    run = st.session_state.pop(TO_TRAIN, None)
    if run is not None:
        st.switch_page(train, query_params={"run": run})


def what_differs(title: str, count: int) -> str:
    """How the run differs from its preset, in a sentence."""
    if not count:
        return f"As the preset {escaped(title)}."
    return f"{count} {'setting differs' if count == 1 else 'settings differ'} from the preset {escaped(title)}."


def table(config: RunConfig, wanted: Callable[[Setting], bool], before: Mapping[str, Any] | None = None) -> str:
    """HTML of the settings that are wanted, with their values, and the values of `before` if that is given."""
    rows = [row(setting, before) for setting in settings_of(config) if wanted(setting)]
    heads = ["Setting", "Value", *(["Preset"] if before is not None else [])]
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f'<table class="run-settings"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def row(setting: Setting, before: Mapping[str, Any] | None) -> str:
    """One line of the table."""
    unit = setting.extra.get(UNIT)
    title = html.escape(setting.title) + (f" <small>({html.escape(str(unit))})</small>" if unit else "")
    cells = [shown(setting.value), *([shown(before.get(setting.path))] if before is not None else [])]
    described = html.escape(f"--set {setting.path}=...", quote=True)
    return f'<tr><th scope="row" title="{described}">{title}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def shown(value: object) -> str:
    """A value for the table; a dash for a setting that the preset does not have."""
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return html.escape(f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value))


def values_of(config: RunConfig) -> dict[str, Any]:
    """Every setting by its dotted name."""
    return {setting.path: setting.value for setting in settings_of(config)}
