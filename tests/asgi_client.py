"""GET requests to an ASGI app without a server or a port."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message


class Answer(NamedTuple):
    """What came back. The names of headers are in lower case."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


def get(app: ASGIApp, address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """The answer to a GET request. `address` is a path with a query."""
    path, _, query = address.partition("?")
    given = {"host": "localhost", **{name.lower(): value for name, value in (headers or {}).items()}}
    scope: MutableMapping[str, Any] = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    return asyncio.run(answered(app, scope))


async def answered(app: ASGIApp, scope: MutableMapping[str, Any]) -> Answer:
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start, *bodies = messages
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(body.get("body", b"") for body in bodies))
