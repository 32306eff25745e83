"""A mirror on this machine for tests: it serves what it is given, and remembers what it was asked for."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Mirror(NamedTuple):
    """Its address, and the names that were asked for, in order."""

    address: str
    asked: list[str]


@contextmanager
def serving(files: Mapping[str, bytes], *, missing_bytes: int = 0, silent: bool = False) -> Iterator[Mirror]:
    """Serve `files` by name until the end of the block.

    Each answer breaks off `missing_bytes` early; a silent mirror takes every request and answers none.
    """
    asked: list[str] = []
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path.lstrip("/"))
            if silent:
                over.wait()
                return
            self.answer(files.get(asked[-1]))

        def answer(self, body: bytes | None) -> None:
            if body is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) - missing_bytes])

        def log_message(self, format: str, *values: object) -> None:
            """Tests read what was asked for, not a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Mirror(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def idx(values: npt.NDArray[np.uint8]) -> bytes:
    """Bytes in the format of MNIST's raw files: 0, 0, the type (8: bytes), the rank, each size, the values."""
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes()


def packed(data: bytes) -> tuple[bytes, str]:
    """Compressed bytes and their md5, as a mirror offers them."""
    archive = gzip.compress(data, mtime=0)
    return archive, hashlib.md5(archive).hexdigest()
