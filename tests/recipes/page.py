"""Data sets: what each data set holds."""

import streamlit as st

from dashboard.app import routing
from gan_core.data.registry import SOURCES

routing.require("data_sets")

for name, source in SOURCES.items():
    st.markdown(f"**{name}**: {source.in_words}")
