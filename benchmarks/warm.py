"""Start Python processes fast: fork them from a server process that has imported everything.

The server computes nothing: a fork of a process in which torch has computed can hang, because torch's worker threads
exist only in the parent.
"""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
IMPORTED = [
    "gan_core.cli",
    "gan_core.cli.progress",
    "gan_core.execution.run_training",
    "pandas",
    "PIL.PngImagePlugin",
    "safetensors.torch",
    "sklearn.datasets",
]


def warm_processes() -> ForkServerContext:
    """A multiprocessing context whose processes are forked from the warm server; starts the server."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(REPOSITORY)  # the server does not inherit sys.path
    try:
        with one_processor():
            forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return context


@contextmanager
def one_processor() -> Iterator[None]:
    """Restrict processes started in the block to the last processor.

    With one processor torch uses one thread. Several threads that wait for each other in a busy loop are very slow
    while other processes use the same processors.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
