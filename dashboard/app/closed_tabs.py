"""A browser that goes away while the server sends to it is no fault of the server, and leaves no traceback.

When a message cannot be sent because the tab was closed, Streamlit still reads from the connection and closes it. Both
raise RuntimeError, for which the server would print a traceback of forty lines in the terminal of its user.
"""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger(__name__)


class ClosedTabs:
    """ASGI middleware that ends the connection of a browser that is gone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        sender = Sender(send)
        try:
            await self._app(scope, receive, sender)
        except RuntimeError:
            if not sender.browser_is_gone:
                raise
            LOG.debug("A browser went away while the server sent to it.", exc_info=True)


class Sender:
    """Passes on the messages of one connection, and notes when one cannot be sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.browser_is_gone = False

    async def __call__(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError:
            self.browser_is_gone = True
            raise
