"""GAN Studio: `streamlit run app.py`."""

import streamlit as st

from dashboard.app import routing, server
from dashboard.ui.sidebar_fold import sidebar_state

app = st.App(__file__, routes=server.routes(), middleware=server.middleware(), lifespan=server.lifespan)

if __name__ == "__main__":  # for each visitor, on each rerun
    st.set_page_config("GAN Studio", routing.LOGO, layout="wide", initial_sidebar_state=sidebar_state())
    pages = routing.make_pages()
    page = st.navigation(list(pages.values()), position="hidden")
    routing.enter(pages)
    routing.show(pages, page)
