"""Processes that start in a moment: forked from a server that has imported everything and computed nothing.

A fork of a process whose torch has computed could wait for threads that only its parent has.
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
    """As the module `multiprocessing`; its processes are forked from the warm server, which starts now."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(REPOSITORY)  # the server does not take over the path of this process
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
    """What starts inside may use one processor, the last: threads that spin for each other crawl on shared ones."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
