"""Every HTML page has the styles of its frame before Streamlit draws anything."""

import gzip
import json

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.app.frame_styles import SHEET, FrameStyles
from tests.asgi_client import get

PAGE = f"<html><head></head><body><div>{'root ' * 500}</div></body></html>"
NUMBERS = {"end": "</body>" * 500}
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip"}


def page(request: Request) -> Response:
    headers = {"etag": '"as-shipped"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    if request.headers.get("if-none-match"):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(PAGE, headers=headers)


async def in_pieces(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": PAGE[:100].encode(), "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[100:].encode()})


def numbers(_: Request) -> Response:
    return JSONResponse(NUMBERS)


@pytest.fixture
def app() -> ASGIApp:
    routes = [Route("/", page), Mount("/pieces", in_pieces), Route("/numbers", numbers)]
    return Starlette(routes=routes, middleware=[Middleware(FrameStyles), Middleware(GZipMiddleware)])


@pytest.mark.parametrize("path", ["/", "/pieces/"])
def test_a_page_ends_with_the_styles_which_so_win_over_those_of_its_head(app: ASGIApp, path: str) -> None:
    answer = get(app, path, BROWSER)

    styles = f"<style>{SHEET.read_text()}</style>"
    assert answer.text == PAGE.replace("</body>", f"{styles}</body>")
    assert int(answer.headers.get("content-length", len(answer.content))) == len(answer.content)


def test_a_browser_never_keeps_a_page_with_older_styles(app: ASGIApp) -> None:
    answer = get(app, "/", {**BROWSER, "if-none-match": '"as-shipped"'})

    assert answer.status_code == 200
    assert not {"etag", "last-modified"} & set(answer.headers)


def test_every_other_answer_passes_unchanged(app: ASGIApp) -> None:
    assert get(app, "/numbers", BROWSER).json() == NUMBERS
    compressed = get(app, "/numbers", {"accept": "application/json", "accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(compressed.content)) == NUMBERS
