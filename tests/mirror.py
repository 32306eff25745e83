"""A local HTTP server for tests of downloads: it serves given files and records the requests."""

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
    """Its address, and the names of the files that were requested, in order."""

    address: str
    requested: list[str]


@contextmanager
def serving(files: Mapping[str, bytes], *, missing_bytes: int = 0, silent: bool = False) -> Iterator[Mirror]:
    """Serve `files` by name until the end of the block.

    Each response ends `missing_bytes` early. A silent mirror accepts every request and never responds.
    """
    requested: list[str] = []
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(self.path.lstrip("/"))
            if silent:
                over.wait()
                return
            self.answer(files.get(requested[-1]))

        def answer(self, body: bytes | None) -> None:
            if body is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) - missing_bytes])

        def log_message(self, format: str, *values: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Mirror(f"http://127.0.0.1:{server.server_port}", requested)
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def idx(values: npt.NDArray[np.uint8]) -> bytes:
    """IDX format, as in MNIST's raw files: 0, 0, the type (8 is uint8), the rank, each size, the values."""
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes()


def packed(data: bytes) -> tuple[bytes, str]:
    """The gzip of `data`, and its MD5."""
    archive = gzip.compress(data, mtime=0)
    return archive, hashlib.md5(archive).hexdigest()
