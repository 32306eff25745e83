"""The server without its pages: its routes, opening the browser, and a shutdown that saves the training."""

import gc
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
from dashboard.app.closed_tabs import ClosedTabs
from dashboard.app.foreign_hosts import ForeignHosts
from dashboard.app.frame_styles import FrameStyles
from dashboard.app.whole_callbacks import finish_callbacks
from gan_core.execution.jobs import Job
from gan_core.numerics.memory import give_back_freed_memory

GIVE_BACK_SECONDS = 60.0  # a collection stops a training for up to 0.2 s
SWITCH_SECONDS = 0.0005  # how long a page may keep training from running; Python's default is 5 ms


def live(request: Request) -> Response:
    """A picture for the Latent page. Its code is imported on the first request, so that the server starts fast."""
    from dashboard.latent.live_route import respond

    return respond(request)


def picture(request: Request) -> Response:
    """The picture of the Latent page as a file."""
    from dashboard.latent.live_route import respond_with_png

    return respond_with_png(request)


def routes() -> list[Route]:
    """The routes. They accept only the host names of the pages: another site must not send a browser's request here."""
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"])
    base = "/".join(["", *filter(None, st.get_option("server.baseUrlPath").split("/"))])  # "" or "/some/path"
    return [
        Route(f"{base}/live", live, middleware=[hosts]),
        Route(f"{base}/picture.png", picture, middleware=[hosts]),
        Route(f"{base}{component_modules.ROUTE}", component_modules.respond, middleware=[hosts]),
        *run_routes.routes(base, [hosts]),
    ]


def middleware() -> list[Middleware]:
    """What handles every request before Streamlit does."""
    return [Middleware(ForeignHosts), Middleware(FrameStyles), Middleware(ClosedTabs)]


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """The life of the server: at the start it resumes the queue of an earlier server, at the end it saves."""
    sys.setswitchinterval(SWITCH_SECONDS)
    finish_callbacks()
    services.worker()
    open_browser()
    keeper = Job("gan-studio-memory", keep_memory_small).start()
    yield
    keeper.cancel()
    services.shut_down()


def keep_memory_small(job: Job) -> None:
    """Until the server ends, free what is left in cycles and give it back, now and then.

    Networks that were drawn from, and steps of a search, hold each other; Python looks for such cycles rarely, because
    it counts objects and not their bytes: hundreds of megabytes may wait.
    """
    while not job.cancelled.wait(GIVE_BACK_SECONDS):
        gc.collect()
        give_back_freed_memory()


def open_browser() -> None:
    """Open the page in a browser of this machine, unless the server is headless."""
    if not st.get_option("server.headless"):
        address = f"http://{st.get_option('server.address') or 'localhost'}:{st.get_option('server.port')}"
        Job("gan-studio-browser", lambda _: show(address)).start()


def show(address: str) -> None:
    webbrowser.open(address)
