"""GAN Studio: `streamlit run app.py`."""

import streamlit as st

from dashboard import shell

st.set_page_config("GAN Studio", shell.LOGO, layout="wide")
pages = shell.make_pages()
page = st.navigation(list(pages.values()), position="top")
shell.enter(pages)
shell.show(page)
