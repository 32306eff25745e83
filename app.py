"""GAN Studio: `streamlit run app.py`."""

import streamlit as st

from dashboard import server, shell

app = st.App(__file__, routes=server.routes(), lifespan=server.lifespan)

if __name__ == "__main__":  # for each visitor, on each rerun
    st.set_page_config("GAN Studio", shell.LOGO, layout="wide")
    pages = shell.make_pages()
    page = st.navigation(list(pages.values()), position="top")
    shell.enter(pages)
    shell.show(page)
