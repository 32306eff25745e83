"""Styles that a page has before Streamlit draws anything.

Streamlit sends the styles of an element with the element, and those of a component when its code has been loaded: until
then, the header stands in the middle of the page, and all below it jumps. So these styles are a part of the HTML that a
browser loads first. They stand at the end of its body, where they win over Streamlit's own, which stand in the head.
"""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHEET = Path(__file__).with_name("page_frame.css")
END = b"</body>"
# Without these a browser keeps no page with older styles, and the answer is whole and not compressed.
DROPPED_FROM_REQUEST = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")
DROPPED_FROM_ANSWER = ("etag", "last-modified")


class FrameStyles:
    """ASGI middleware that adds the styles to every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._styles = f"<style>{SHEET.read_text()}</style>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        asked = [(name, value) for name, value in scope["headers"] if name not in DROPPED_FROM_REQUEST]
        await self._app({**scope, "headers": asked, "extensions": {}}, receive, Addition(self._styles, send))


class Addition:
    """Passes on the messages of one answer, and adds the styles to it if it is an HTML page."""

    def __init__(self, styles: bytes, send: Send) -> None:
        self._styles, self._send = styles, send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if begins_a_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start, self._body.replace(END, self._styles + END))

    async def _finish(self, start: Message, body: bytes) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        if "content-length" in headers and body:  # an answer to HEAD has no body
            headers["content-length"] = str(len(body))
        for name in DROPPED_FROM_ANSWER:
            del headers[name]
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def begins_a_page(message: Message) -> bool:
    """Whether a message is the start of an answer with an HTML page."""
    if message["type"] != "http.response.start":
        return False
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
