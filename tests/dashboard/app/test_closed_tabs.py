"""A browser that goes away while the server sends to it leaves no traceback; every other fault does."""

import asyncio

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.app.closed_tabs import ClosedTabs

SCOPE: Scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [], "query_string": b""}


async def streamlit_after_a_failed_message(scope: Scope, receive: Receive, send: Send) -> None:
    """What Streamlit does when its sending task has failed and its reading loop has not heard of it."""
    websocket = WebSocket(scope, receive, send)
    await websocket.accept()
    with pytest.raises(WebSocketDisconnect):
        await websocket.send_bytes(b"figures")
    try:
        await websocket.receive_bytes()
    except RuntimeError:
        await websocket.close()


async def with_a_fault(scope: Scope, receive: Receive, send: Send) -> None:
    await WebSocket(scope, receive, send).accept()
    raise RuntimeError("a fault of our own")


def connect(app: ASGIApp, *, gone: bool) -> list[Message]:
    """The messages that reached the browser, which is gone after the first of them if `gone`."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        if gone and sent:
            raise ConnectionResetError("the tab was closed")
        sent.append(message)

    async def serve() -> None:
        await app(SCOPE, receive, send)

    asyncio.run(serve())
    return sent


def test_a_closed_tab_leaves_no_traceback() -> None:
    with pytest.raises(RuntimeError):  # without the middleware: a fact of Streamlit and Starlette
        connect(streamlit_after_a_failed_message, gone=True)

    assert [message["type"] for message in connect(ClosedTabs(streamlit_after_a_failed_message), gone=True)] == [
        "websocket.accept"
    ]


def test_a_fault_while_the_browser_is_there_is_raised() -> None:
    with pytest.raises(RuntimeError, match="a fault of our own"):
        connect(ClosedTabs(with_a_fault), gone=False)
