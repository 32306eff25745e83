"""Train: choose a preset, change it, start a run, watch it learn."""

import streamlit as st

from dashboard import picker, session, shell
from dashboard.train import before, controls, forms, panels


def sight() -> object:
    """What the whole page is drawn from: the runs there are, the one in the address, what the form holds."""
    return session.mark(), picker.wanted(), forms.draft().copy()


shell.require("train")
worker = session.worker()
runs = session.store().runs()
shown = picker.chosen(runs)

st.title("Train", anchor=False)
with st.sidebar:
    forms.start_form(worker)
if runs and before.wanted():
    before.details(worker, forms.draft())
controls.header(worker, runs, shown)
if shown:
    panels.live(worker, shown, sight)
elif runs:
    picker.missing_sentence()
    panels.watch(sight)
else:
    panels.welcome()
    before.details(worker, forms.draft())
    panels.watch(sight)
