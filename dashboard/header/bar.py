"""The top of every page: the pages, the run that all of them show, its neighbours, its settings, its status, help."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.app import services
from dashboard.header import run_settings, shortcuts
from dashboard.ui import run_picker, single_keys, views
from dashboard.ui.component import component
from dashboard.ui.run_status import look_of
from gan_core.runs.store import RunSummary

PICKER_PIXELS = 300

_header = component("header", isolate_styles=False)


def show_header(pages: Mapping[str, st.Page], current: st.Page) -> None:
    """The whole header. It also completes the address, so call it before the page reads the address."""
    runs = services.store().runs()
    run_picker.complete_address(runs)
    shown = run_picker.selected_run(runs)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="header"):
        _header(key="header-frame", data={}, height=1)
        with st.container(width=1, key="header-title"):
            st.title(current.title, anchor=False)
        with st.container(horizontal=True, gap=None, width="content", key="header-pages"):
            for name, page in pages.items():
                st.page_link(page, query_params=views.query_of(name, shown))
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="header-chosen"):
            show_chosen_run(run_picker.offered(runs, shown), shown)
        shortcuts.show_help()
    shortcuts.listen()


def show_chosen_run(runs: Sequence[RunSummary], shown: RunSummary | None) -> None:
    """The list of runs, the neighbours of the run that is shown, its settings and its status."""
    with st.container(width=PICKER_PIXELS, key="header-picker"):
        run_picker.show_picker(runs, shown)
    show_neighbours([run.name for run in runs], shown)
    if shown:
        run_settings.show_button(services.store(), shown)
        look = look_of(shown)
        st.badge(look.word, icon=look.icon, color=look.colour)


def show_neighbours(names: Sequence[str], shown: RunSummary | None) -> None:
    """Buttons that lead to the next newer and the next older run."""
    at = names.index(shown.name) if shown else 0
    for word, icon, key, to in (
        ("Newer run", ":material/chevron_left:", "K", at - 1),
        ("Older run", ":material/chevron_right:", "J", at + 1),
    ):
        there = shown is not None and 0 <= to < len(names)
        st.button(
            word,
            key=f"header-{word.split()[0].lower()}",
            icon=icon,
            type="tertiary",
            shortcut=single_keys.key(key),
            disabled=not there,
            on_click=run_picker.open_run,
            args=(names[to] if there else "",),
        )
