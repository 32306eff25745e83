"""What all visitors of one server share: the run store and the worker. Only this file names the checkpoints folder."""

import atexit
import gc
import importlib.util
import os
from pathlib import Path

import streamlit as st

from dashboard.app import visitor
from gan_core.data.cache_folder import data_root
from gan_core.execution.jobs import Event, Job
from gan_core.execution.worker import Worker
from gan_core.runs.atomic_files import StorageError, write_atomically
from gan_core.runs.store import RunStore

ENGINE_IMPORTED = Event()
SHUTDOWN_SECONDS = 9.0  # many process managers send SIGKILL ten seconds after SIGTERM
STATIC = Path(__file__).resolve().parents[2] / "static"


def root() -> Path:
    """The folder that holds the runs."""
    return Path(os.environ.get("GAN_STUDIO_ROOT") or "checkpoints").absolute()


def store() -> RunStore:
    """The runs on disk."""
    return worker().store


def worker() -> Worker:
    """The one trainer of this process for the folder of runs. It resumes the queue of a server that has exited."""
    kept = worker_for(str(root()))
    kept.resume_queue()
    return kept


@st.cache_resource(show_spinner=False, on_release=lambda released: released.shutdown(SHUTDOWN_SECONDS))
def worker_for(folder: str) -> Worker:
    """Created once per folder, also when two visitors arrive at the same time.

    Streamlit keeps it when the sources are reloaded. A developer who clears the caches ends it: it saves and stops
    before another worker takes its place, so that two of them never train in one process.
    """
    made = Worker(RunStore(Path(folder)), data_root=data_root(), asker=visitor.who)
    atexit.register(made.shutdown, SHUTDOWN_SECONDS)
    return made


def shut_down() -> None:
    """Save the run that trains and end the worker."""
    worker_for(str(root())).shutdown(SHUTDOWN_SECONDS)


def mark() -> tuple[object, ...]:
    """A value that changes when a run is created or deleted, or when the worker starts another run."""
    here = worker()
    try:
        changed = here.store.root.stat().st_mtime_ns
    except FileNotFoundError:
        changed = 0
    return changed, here.training(), here.waiting()


@st.cache_resource(show_spinner=False)
def warm_up() -> Job:
    """Import the engine in the background, once per process, so that the first run does not wait for it."""
    return Job("gan-studio-warm-up", import_the_engine).start()


def import_the_engine(job: Job) -> None:
    """Import torch and what its optimizers import on first use (2 s), then take all of it out of garbage collection."""
    import torch

    import gan_core.execution.run_training  # noqa: F401  # imported for its own imports

    weight = torch.nn.Parameter(torch.zeros(1))
    torch.optim.Adam([weight], fused=True)
    gc.collect()
    gc.freeze()
    ENGINE_IMPORTED.set()


def warm() -> bool:
    """Whether the engine has been imported: before that, a question about networks takes seconds."""
    return ENGINE_IMPORTED.is_set()


def provide_plotly() -> bool:
    """Copy the JavaScript of the installed plotly to the static folder; returns whether it is there."""
    found = importlib.util.find_spec("plotly")
    if found is None or found.origin is None:
        return False
    source, copy = Path(found.origin).parent / "package_data" / "plotly.min.js", STATIC / "plotly.min.js"
    if copy.is_file() and copy.stat().st_size == source.stat().st_size:
        return True
    try:
        STATIC.mkdir(exist_ok=True)
        write_atomically(copy, source.read_bytes())
    except (OSError, StorageError):
        return False
    return True
