"""A browser that comes by another host name is told what to set, instead of seeing an empty page for ever.

Streamlit sends its page to any host name and then refuses the connection that would fill it.
"""

import html

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

HEALTH = "/_stcore/health"  # asked by address, for example from outside a container
PAGE = """<!doctype html><meta charset="utf-8"><title>GAN Studio</title>
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 4rem auto; padding: 0 1rem">
<h1>GAN Studio does not answer to this host name</h1>
<p>You came by <b>{name}</b>. GAN Studio has no password, so it answers only to the names that it was given: a page of
another site must not reach it through your browser.</p>
<p>If this is your server, start it with this name:</p>
<pre style="white-space: pre-wrap; background: #f0f1f7; padding: 1rem">streamlit run app.py
  --server.allowedHosts localhost --server.allowedHosts {name} --server.corsAllowedOrigins https://{name}</pre>
<p>Put a proxy with TLS and a password in front of it: <i>docs/server.md</i> shows how.</p>
"""


class ForeignHosts:
    """ASGI middleware that answers requests by a host name that is not allowed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope["type"] != "http" or scope["path"].endswith(HEALTH) or is_host_allowed(headers.get("host")):
            await self._app(scope, receive, send)
        elif "text/html" in headers.get("accept", ""):
            name = html.escape(headers.get("host", "no name").rsplit(":", 1)[0])
            await HTMLResponse(PAGE.format(name=name), status_code=400)(scope, receive, send)
        else:
            await PlainTextResponse("Invalid host header", status_code=400)(scope, receive, send)
