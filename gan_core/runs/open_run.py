"""One run, opened once: one connection to its database, and config.json read at most once."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gan_core.config import Json, RunConfig
from gan_core.runs import lock
from gan_core.runs.atomic_files import Announce, silent
from gan_core.runs.checkpoints import Checkpoints
from gan_core.runs.folder import CONFIG, HISTORY, require_run
from gan_core.runs.history import History, Progress
from gan_core.runs.kept_latents import KeptLatents
from gan_core.runs.live_picture import LivePicture
from gan_core.runs.lock import Owner
from gan_core.runs.notes import Notes
from gan_core.runs.record import config_of
from gan_core.runs.run_files import read_notes, read_record, write_resolved
from gan_core.runs.samples import Samples
from gan_core.runs.snapshots import Snapshots
from gan_core.runs.status_sets import NEED_A_TRAINER


class OpenRun:
    """One run with one connection to its database, for one thread. Close it, or use it in a `with` block.

    Raises RunMissingError and HistoryError when it is opened, RunDamagedError when the record is read.
    """

    def __init__(self, folder: Path, announce: Announce = silent) -> None:
        self.folder, self.announce = require_run(folder), announce
        self.name = folder.name
        self.history = History(folder / HISTORY, create=False)
        self.samples = Samples(folder, self._connected, announce)
        self.snapshots = Snapshots(folder, self._connected, announce)
        self.checkpoints = Checkpoints(folder, announce)
        self.latents = KeptLatents(folder, announce)
        self.live = LivePicture(folder)

    def _connected(self) -> AbstractContextManager[History]:
        return nullcontext(self.history)

    @cached_property
    def record(self) -> Json:
        """All of config.json, read once. Raises RunDamagedError."""
        return read_record(self.folder)

    @cached_property
    def config(self) -> RunConfig:
        """The configuration in the record, checked once. Raises RunDamagedError."""
        return config_of(self.record, self.folder)

    def resolve(self, resolved: Mapping[str, Any]) -> None:
        """Write the choices made for `auto` (precision, device, versions, ...), once and before the first step.

        Raises RunError if other choices are there already.
        """
        self.record = write_resolved(self.folder, self.record, resolved, self.announce)

    @property
    def notes(self) -> Notes:
        """The title, tags, star and note; read again each time."""
        return read_notes(self.folder)

    def exists(self) -> bool:
        """Whether the folder of the run is still there."""
        return (self.folder / CONFIG).is_file()

    def progress(self) -> Progress:
        """The status of the run and how far it is. `interrupted` if its trainer has died."""
        progress = self.history.progress()
        if progress.status in NEED_A_TRAINER and self.owner(progress) is None:
            return replace(progress, status="interrupted", reason="")  # the status is stale: the trainer has died
        return progress

    def owner(self, progress: Progress | None = None) -> Owner | None:
        """The process that trains the run now, or None."""
        heartbeat = (progress or self.history.progress()).heartbeat
        return lock.living_owner(self.folder, time.time() - heartbeat)

    def close(self) -> None:
        self.history.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
