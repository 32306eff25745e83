"""What the server does beside the pages: it answers a slider that moves, opens the browser, and ends in good order."""

import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.app import component_modules, run_routes, services
from gan_core.execution.jobs import Job

SWITCH_SECONDS = 0.0005  # what trains waits no longer for a page that is being made; Python's own are 5 ms


def live(request: Request) -> Response:
    """A picture of the Latent page. What makes it is slow to import, and a server has to be there soon."""
    from dashboard.latent.live_route import respond

    return respond(request)


def routes() -> list[Route]:
    """Only for the names that the page itself goes by: another site must not lead a browser here."""
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"])
    base = "/".join(["", *filter(None, st.get_option("server.baseUrlPath").split("/"))])  # "" or "/some/path"
    return [
        Route(f"{base}/live", live, middleware=[hosts]),
        Route(f"{base}{component_modules.ROUTE}", component_modules.respond, middleware=[hosts]),
        *run_routes.routes(base, [hosts]),
    ]


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """From the start to the end of the server: it goes on with a line left behind, and saves before it goes."""
    sys.setswitchinterval(SWITCH_SECONDS)
    services.worker()
    open_browser()
    yield
    services.shut_down()


def open_browser() -> None:
    """Where somebody sits in front of this machine."""
    if not st.get_option("server.headless"):
        address = f"http://{st.get_option('server.address') or 'localhost'}:{st.get_option('server.port')}"
        Job("gan-studio-browser", lambda _: show(address)).start()


def show(address: str) -> None:
    webbrowser.open(address)
