"""Train: choose a preset, change it, start a run, watch it learn."""

import streamlit as st

from dashboard.app import routing, services
from dashboard.train import preview, run_buttons, sidebar, status
from dashboard.ui import run_picker


def sight() -> object:
    """What the whole page is drawn from: the runs there are, the one in the address, what the form holds."""
    return services.mark(), run_picker.run_in_address(), sidebar.draft().copy()


routing.require("train")
worker = services.worker()
runs = services.store().runs()
shown = run_picker.selected_run(runs)

st.title("Train", anchor=False)
with st.sidebar:
    sidebar.start_form(worker)
if runs and preview.wanted():
    preview.details(worker, sidebar.draft())
run_buttons.header(worker, runs, shown)
if shown:
    status.live(worker, shown, sight)
elif runs:
    run_picker.show_missing_run()
    status.watch(sight)
else:
    status.welcome()
    preview.details(worker, sidebar.draft())
    status.watch(sight)
