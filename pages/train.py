"""Train: choose a preset, change it, start a run, watch it learn."""

import streamlit as st

from dashboard import picker, session, shell
from dashboard.train import before, controls, forms, panels

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
    panels.live(worker, shown)
elif runs:
    picker.missing_sentence()
else:
    panels.welcome()
    before.details(worker, forms.draft())
panels.watch(lambda: (session.mark(), picker.wanted(), forms.draft().copy()))
