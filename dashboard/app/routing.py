"""The addresses of the pages, and how each page is entered and run."""

from collections.abc import Mapping
from typing import TypedDict

import streamlit as st

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.header import bar, run_settings
from dashboard.ui import views
from dashboard.ui.component import component
from dashboard.ui.pulse import reserve_place

INSIDE = "shell.inside"
WANTED = "shell.wanted"
FRONT = "train"
LOGO = "static/icon.png"

_server_watch = component("server_watch")


class PageLook(TypedDict):
    """The title and the icon of a page in the navigation."""

    title: str
    icon: str


PAGES: Mapping[str, PageLook] = {
    "train": {"title": "Train", "icon": ":material/model_training:"},
    "latent": {"title": "Latent", "icon": ":material/gesture:"},
    "runs": {"title": "Runs", "icon": ":material/photo_library:"},
}


def make_pages() -> dict[str, st.Page]:
    """Every page by the name of its file, and a hidden default page, which redirects to the first of them.

    The default page exists so that each page has one address (`/train?run=x`): Streamlit serves a default page at `/`
    only.
    """
    pages = {name: st.Page(f"pages/{name}.py", title=look["title"], icon=look["icon"]) for name, look in PAGES.items()}

    def front_door() -> None:
        st.switch_page(pages[FRONT], query_params=st.query_params.to_dict())

    door = st.Page(front_door, title="GAN Studio", url_path="front", default=True, visibility="hidden")
    return {"": door, **pages}


def require(name: str) -> None:
    """Redirect to app.py if the page runs without the router. The first line of every page calls this.

    The first visit to a new server may be to `/train`. Streamlit then takes the folder pages/ for an app without a
    router and runs the page alone, for every visitor, until `/` is opened. So the page redirects to `/`, and `enter`
    redirects back.
    """
    if not st.session_state.get(INSIDE):
        st.session_state[WANTED] = (name, st.query_params.to_dict())
        st.switch_page("app.py")


def enter(pages: Mapping[str, st.Page]) -> None:
    """Called by the router: redirect to the page that the visitor asked for, with its query."""
    st.session_state[INSIDE] = True
    name, query = st.session_state.pop(WANTED, ("", {}))
    if name in pages and name:
        st.switch_page(pages[name], query_params=query)


def show(pages: Mapping[str, st.Page], page: st.Page) -> None:
    """The header and the page; a person never sees a traceback. Slow imports wait until it is painted."""
    name = page.url_path
    if name:
        reserve_place()
        with error_boundary():
            run_settings.open_train_page_if_asked(pages[FRONT])
            bar.show_header({name: pages[name] for name in PAGES}, page)
    with error_boundary():
        page.run()
        views.remember_view(name)
    _server_watch(key="server", height=1)
    services.warm_up()
