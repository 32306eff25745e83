"""What all visitors of one server share: run store and worker. The one place that names the checkpoints folder."""

import atexit
import gc
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from gan_core.execution.jobs import Job
from gan_core.execution.worker import Worker
from gan_core.runs.checkpoints import StorageError, write_atomically
from gan_core.runs.store import RunStore

STATE = "_gan_studio_process_state"
WARM = "warm"
SHUTDOWN_SECONDS = 9.0  # whoever sends SIGTERM often sends SIGKILL ten seconds later
STATIC = Path(__file__).resolve().parents[2] / "static"


def root() -> Path:
    """The folder that holds the runs."""
    return Path(os.environ.get("GAN_STUDIO_ROOT") or "checkpoints").absolute()


def data_root() -> Path:
    """The folder that holds the data sets, and into which they are downloaded."""
    return Path(os.environ.get("GAN_STUDIO_DATA") or "data").absolute()


def store() -> RunStore:
    """The runs on disk."""
    return worker().store


def worker() -> Worker:
    """The one trainer of this process for the folder of runs. It goes on with what another server left in line."""
    state, folder = process_state(), str(root())
    if folder not in state:
        made = Worker(RunStore(Path(folder)), data_root=data_root())
        if state.setdefault(folder, made) is made:  # atomic: two visitors may come at once
            atexit.register(made.shutdown, SHUTDOWN_SECONDS)
    kept: Worker = state[folder]
    kept.take_up()
    return kept


def shut_down() -> None:
    """What trains saves and ends."""
    for made in [kept for kept in process_state().values() if isinstance(kept, Worker)]:
        made.shutdown(SHUTDOWN_SECONDS)


def process_state() -> dict[str, Any]:
    """Values that live as long as the process: a module without a file, which no reload of the sources can replace."""
    return sys.modules.setdefault(STATE, ModuleType(STATE)).__dict__


def mark() -> tuple[object, ...]:
    """Something that changes when a run appears or goes, or when this process trains another one."""
    here = worker()
    try:
        changed = here.store.root.stat().st_mtime_ns
    except FileNotFoundError:
        changed = 0
    return changed, here.training(), here.waiting()


def warm_up() -> None:
    """Once per process and in the background: what the first run would otherwise wait for."""
    job = Job("gan-studio-warm-up", import_the_engine)
    if process_state().setdefault("warm-up", job) is job:
        job.start()


def import_the_engine(job: Job) -> None:
    """Import torch and what its optimizers import on first use (2 s), then take all of it out of garbage collection."""
    import torch

    import gan_core.execution.run_training  # noqa: F401  # imported for its own imports

    weight = torch.nn.Parameter(torch.zeros(1))
    torch.optim.Adam([weight], fused=True)
    gc.collect()
    gc.freeze()
    process_state()[WARM] = True


def warm() -> bool:
    """Whether the engine has been imported: only then is it quick to ask it about networks."""
    return WARM in process_state()


def provide_plotly() -> bool:
    """Put the JavaScript of the installed plotly where the server finds it; whether it is there."""
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
