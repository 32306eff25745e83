"""Reverse proxies in front of a dashboard: a small one of our own, and nginx where it is installed.

Both answer at another port and by another host name, below a path, and pass on what they get, WebSockets included.
"""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gan_core.execution.jobs import Event, Job
from tests.browser.serving import answers, free_port

CHUNK_BYTES = 1 << 16
NGINX = """daemon off; error_log {folder}/error.log; pid {folder}/nginx.pid; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; client_max_body_size 0;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 1d;
      proxy_buffering off;
    }}
  }}
}}
"""


@contextmanager
def our_proxy(behind: int, folder: Path) -> Iterator[int]:
    """A proxy in front of a port of this machine; its own port."""
    port, ready, over = free_port(), Event(), Event()

    async def serve() -> None:
        open_ones: set[asyncio.Task[None]] = set()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(handle(reader, writer, behind))
            open_ones.add(task)
            await asyncio.wait([task])
            open_ones.discard(task)

        async with await asyncio.start_server(take, "127.0.0.1", port):
            ready.set()
            while not over.is_set():
                await asyncio.sleep(0.05)
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)
        await asyncio.sleep(0.1)  # the transports close in the next rounds of the loop

    job = Job("proxy", lambda job: asyncio.run(serve())).start()
    assert ready.wait(10)
    try:
        yield port
    finally:
        over.set()
        job.wait(10)


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, behind: int) -> None:
    """One connection: its first request decides, and what follows is passed on in both directions."""
    writers = [writer]
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        inside, outside = await asyncio.open_connection("127.0.0.1", behind)
        writers.append(outside)
        outside.write(as_passed_on(head))
        await asyncio.gather(pump(reader, outside), pump(inside, writer))
    except (OSError, asyncio.IncompleteReadError):  # one end is gone
        pass
    finally:
        for each in writers:
            each.close()


def as_passed_on(head: bytes) -> bytes:
    """The head of a request: a connection that becomes no WebSocket ends with its answer."""
    lines = head.decode("latin-1").split("\r\n")
    if any(line.lower().startswith("upgrade:") for line in lines):
        return head
    kept = [line for line in lines[1:] if not line.lower().startswith("connection:")]
    return "\r\n".join([lines[0], "Connection: close", *kept]).encode("latin-1")


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
        writer.close()


@contextmanager
def nginx(behind: int, folder: Path) -> Iterator[int]:
    """nginx in front of a port of this machine; its own port."""
    port, settings = free_port(), folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, port=port, behind=behind))
    process = subprocess.Popen(["nginx", "-e", folder / "error.log", "-c", settings])
    try:
        for _ in range(200):
            if answers(f"http://127.0.0.1:{port}/_stcore/health") or process.poll() is not None:
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


Proxy = Callable[[int, Path], object]
PROXIES = {"ours": our_proxy, **({"nginx": nginx} if shutil.which("nginx") else {})}
