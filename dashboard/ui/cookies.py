"""Cookies: what a browser keeps for a reload, a new tab or a new server. Components write them, pages read them."""

from typing import TypedDict

import streamlit as st


class Cookie(TypedDict):
    """What a component writes with `shared/cookie_text.js`; an empty value removes the cookie."""

    name: str
    path: str
    value: str


def cookie(what: str, value: str) -> Cookie:
    """The cookie that keeps `what`, below the address of this app."""
    return {"name": name_of(what), "path": f"/{st.get_option('server.baseUrlPath').strip('/')}", "value": value}


def kept(what: str) -> str:
    """The value that this browser had when the page connected; empty if there was none."""
    return st.context.cookies.get(name_of(what), "")


def name_of(what: str) -> str:
    """Cookies are shared by all ports of a host, so the name contains the port."""
    return f"gan_studio_{what}_{st.get_option('server.port')}"
