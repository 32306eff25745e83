"""What a failed training leaves behind: a status with a reason, or a rescued run if the run's folder was removed."""

import errno
import time
import traceback

import torch

from gan_core.config import ConfigError, Json
from gan_core.data.registry import DataError
from gan_core.execution.recorder import RunGoneError
from gan_core.numerics.device import DeviceError
from gan_core.runs.history import HistoryError
from gan_core.runs.store import CheckpointError, RunError, RunStore, StorageError
from gan_core.training.non_finite import NonFiniteError
from gan_core.training.state import TrainState

TOO_LITTLE_MEMORY = (
    "there is not enough memory for these settings: choose a smaller optim.batch_size, narrower networks or a smaller "
    "data.image_size, or close other programs and resume"
)
REMOVAL_SECONDS = 1.0  # the time for another process to remove a run's folder
POLL_SECONDS = 0.05
SENTENCES = (
    ConfigError,
    DataError,
    DeviceError,
    HistoryError,
    NonFiniteError,
    RunError,
    RunGoneError,
    CheckpointError,
    StorageError,
)  # errors whose message is a sentence for a person


def record_failure(
    store: RunStore, run: str, problem: Exception, record: Json, state: TrainState | None
) -> tuple[str, str]:
    """Write a failure into the run; returns its status and the reason.

    If the folder of the run was removed, `state` is saved as another run with the same `record`. It is None before
    anything is loaded.
    """
    reason = reason_of(problem)
    # the first sign that the folder is being removed; a StorageError has the number of the system's error
    missing_file = isinstance(problem, OSError) and problem.errno == errno.ENOENT
    if was_removed(store, run, REMOVAL_SECONDS if missing_file else 0.0):
        return rescue(store, run, reason, record, state)
    try:
        with store.history(run) as history:
            if not isinstance(problem, SENTENCES):
                history.events.add("trace", "".join(traceback.format_exception(problem)))
            history.events.add("failed", reason)
            code = str(getattr(problem, "code", ""))
            history.set_progress(status="failed", reason=reason, code=code, images_per_second=0.0)
    except (HistoryError, RunError):  # the disk is full: without an owner the run reads as interrupted
        removed = was_removed(store, run, REMOVAL_SECONDS)
        return rescue(store, run, reason, record, state) if removed else ("interrupted", reason)
    return "failed", reason


def reason_of(problem: Exception) -> str:
    """Why a training failed, in one sentence."""
    if isinstance(problem, SENTENCES):
        return str(problem).encode(errors="backslashreplace").decode()  # a name on the disk may be no text
    return TOO_LITTLE_MEMORY if is_out_of_memory(problem) else f"{type(problem).__name__}: {problem}"


def is_out_of_memory(problem: Exception) -> bool:
    """Whether memory was asked for that is not there. On processors torch raises a RuntimeError without a kind."""
    if isinstance(problem, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(problem, RuntimeError) and "allocate memory" in str(problem)


def was_removed(store: RunStore, run: str, patience_seconds: float) -> bool:
    """Whether the run's folder was deleted, or is deleted within the given time; there is no event for that."""
    waited = 0.0
    while store.exists(run) and waited < patience_seconds:
        time.sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    return not store.exists(run)


def rescue(store: RunStore, run: str, reason: str, record: Json, state: TrainState | None) -> tuple[str, str]:
    """Save the training state of a run without a folder as `<run>-rescued`."""
    removed = f"the folder of run {run} was removed while it trained"
    if state is None:
        return "failed", removed
    try:
        rescued = store.rescue(run, record, state.tensors(), state.counters(), reason)
    except StorageError as problem:
        return "failed", f"{removed}, and its training state is lost: {problem}"
    return "rescued", f"{removed}; its training state is saved as run {rescued}, which can be resumed"
