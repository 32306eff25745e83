"""The run store: every run is a folder under one root. The parts of a run are in the modules beside this one.

Order of writes: a file before the row that names it, and a row is deleted before its file. A killed process leaves at
most a file that no row names.
"""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.config import Json, RunConfig
from gan_core.runs import creation, lock
from gan_core.runs.atomic_files import Announce, StorageError, silent, sweep_partials
from gan_core.runs.checkpoints import Checkpoints
from gan_core.runs.errors import RunDamagedError, RunError, RunExistsError, RunMissingError, RunNameError
from gan_core.runs.folder import CONFIG, HISTORY, LATENTS, SAMPLES, SNAPSHOTS, bytes_below, folder_of, require_run
from gan_core.runs.history import Event, History, HistoryError, Progress, RequestKind
from gan_core.runs.kept_latents import KeptLatents
from gan_core.runs.live_picture import LivePicture
from gan_core.runs.lock import Claim, OwnedError
from gan_core.runs.names import LONGEST_NAME, automatic_name, checked_name, numbered, safe_name
from gan_core.runs.notes import Notes
from gan_core.runs.open_run import OpenRun
from gan_core.runs.queue import QueueFile
from gan_core.runs.record import config_of, new_record
from gan_core.runs.run_files import read_notes, read_record, write_images_folder, write_notes, write_resolved
from gan_core.runs.samples import Samples
from gan_core.runs.saved_directions import DirectionError, NamedDirection, SavedDirections
from gan_core.runs.snapshots import Snapshot, Snapshots
from gan_core.runs.status_sets import NEED_A_TRAINER
from gan_core.runs.summary import RunSummary, Stamp, read_summary, stamp
from gan_core.runs.tensor_files import CheckpointError
from gan_core.runs.trash import Trash, Trashed
from gan_core.training.curve_columns import SCALARS

if TYPE_CHECKING:  # pages that only list runs import this module and do not wait for torch or pandas
    import pandas
    from torch import Tensor

__all__ = [
    "CheckpointError",
    "DirectionError",
    "HistoryError",
    "NamedDirection",
    "Notes",
    "OpenRun",
    "OwnedError",
    "Progress",
    "RunDamagedError",
    "RunError",
    "RunExistsError",
    "RunMissingError",
    "RunNameError",
    "RunStore",
    "RunSummary",
    "Snapshot",
    "StorageError",
    "Trashed",
]

CLOCK_TICK_NS = 2_000_000_000  # two changes within one tick of a file system's clock have the same time


class RunStore:
    """All runs under one root folder. It holds nothing open; any thread or process may call any method.

    Methods that take `run` raise RunNameError for an invalid name and RunMissingError for a run that does not exist.
    """

    def __init__(self, root: Path | str, announce: Announce = silent) -> None:
        """`announce` is for tests that inject faults: see `gan_core.runs.atomic_files`."""
        self.root, self.announce = Path(root), announce
        self.queue = QueueFile(self.root)
        self.trash = Trash(self.root)
        self.directions = SavedDirections(self.root, announce)
        self._summaries: dict[str, tuple[Stamp, RunSummary]] = {}

    # folders

    def folder(self, run: str) -> Path:
        """The folder of a run, whether it exists or not."""
        return folder_of(self.root, run)

    def exists(self, run: str) -> bool:
        """Whether the folder of the run is there. Looks at the disk once."""
        return (self.folder(run) / CONFIG).is_file()

    def bytes_used(self, run: str) -> int:
        """The sizes of all files of a run. Looks at each of them: remember the result."""
        return bytes_below(require_run(self.folder(run)))

    # making and deleting runs

    def create(self, config: RunConfig, name: str | None = None, preset: str = "custom") -> str:
        """A new run with the status `queued`; returns its name, by default `<preset>-<time>`.

        Raises RunExistsError if the name is taken, StorageError.
        """
        record = new_record(config, preset)
        if name is None:
            return creation.create_numbered(self.root, automatic_name(preset, datetime.now()), record, self.announce)
        return creation.create(self.root, name, record, self.announce)

    def create_titled(self, config: RunConfig, title: str, preset: str = "custom") -> str:
        """A new run named after any text, as `name_for`; returns the name. The text is its title if it differs."""
        record, base = new_record(config, preset), safe_name(title)

        def fill(folder: Path) -> None:
            if base != title:
                write_notes(folder, Notes(title=title), self.announce)

        return creation.create_numbered(self.root, base, record, self.announce, fill)

    def name_for(self, title: str) -> str:
        """The name that a run with this title would get now: its safe name, numbered if that is taken."""
        names = (numbered(safe_name(title), number) for number in count(1))
        return next(name for name in names if not self.folder(name).exists())

    def adopt(self, name: str, fill: Callable[[Path], None]) -> str:
        """A run whose folder `fill` writes, under the first of name, name-2, ... that is free; returns the name.

        If `fill` raises, nothing is left.
        """
        return creation.adopt(self.root, name, fill, self.announce)

    def rescue(
        self, run: str, record: Json, tensors: "Mapping[str, Tensor]", counters: Mapping[str, int], reason: str
    ) -> str:
        """Save the training state of a run whose folder was deleted as a new run `<run>-rescued`; returns its name."""

        def fill(folder: Path) -> None:
            step, images_seen = counters["step"], counters["images_seen"]
            Checkpoints(folder, self.announce).save(tensors, counters)
            with History(folder / HISTORY) as history:
                history.begin_attempt(step, images_seen, history.progress().images_target)
                history.set_progress(status="interrupted", reason=reason)
                history.events.add("rescued", f"rescued from run {run}: {reason}", images_seen)

        base = checked_name(run)[: LONGEST_NAME - len("-rescued-999")]
        return creation.create_numbered(self.root, f"{base}-rescued", record, self.announce, fill)

    def delete(self, run: str) -> Trashed:
        """Move a run to the trash; `trash.restore` brings it back. Raises OwnedError while it trains."""
        copy = self.trash.add(run)
        self.queue.leave(run)
        return copy

    # one run

    def open(self, run: str) -> OpenRun:
        """The run with one connection to its database, for many questions. The caller closes it."""
        return OpenRun(self.folder(run), self.announce)

    def history(self, run: str) -> History:
        """The database of the run. The caller closes it."""
        return History(require_run(self.folder(run)) / HISTORY, create=False)

    def checkpoints(self, run: str) -> Checkpoints:
        """The checkpoints: the whole training state."""
        return Checkpoints(self.folder(run), self.announce)

    def samples(self, run: str) -> Samples:
        """The sample grids."""
        return Samples(self.folder(run), self._connect(run), self.announce)

    def snapshots(self, run: str) -> Snapshots:
        """Up to 64 snapshots of generator and discriminator."""
        return Snapshots(self.folder(run), self._connect(run), self.announce)

    def latents(self, run: str) -> KeptLatents:
        """Saved latents, which do not come from a seed."""
        return KeptLatents(self.folder(run), self.announce)

    def live(self, run: str) -> LivePicture:
        """The picture of the present networks, while the run trains."""
        return LivePicture(self.folder(run))

    def _connect(self, run: str) -> Callable[[], AbstractContextManager[History]]:
        return partial(self.history, run)

    def record(self, run: str) -> Json:
        """All of config.json. Raises RunDamagedError."""
        return read_record(self.folder(run))

    def class_names(self, run: str) -> tuple[str, ...]:
        """The names of the classes, in the order of their numbers; none without labels, or before the run has begun."""
        resolved = self.record(run)["resolved"]
        return tuple(map(str, resolved["classes"])) if resolved else ()

    def config(self, run: str) -> RunConfig:
        """The configuration of a run. Raises RunDamagedError."""
        return config_of(self.record(run), self.folder(run))

    def move_images(self, run: str, folder: Path) -> None:
        """Tell a run that its images lie in another folder now. When it is resumed, it checks that they are the same.

        Raises OwnedError while it trains, RunError if its images do not come from a folder.
        """
        lock.refuse_if_claimed(require_run(self.folder(run)))
        before = self.config(run).data.folder
        write_images_folder(self.folder(run), self.record(run), folder, self.announce)
        self.add_event(run, "data", f"The images are read from {folder} now, and no longer from {before}.")

    def resolve(self, run: str, resolved: Mapping[str, object]) -> None:
        """Write the choices made for `auto`, once. Raises RunError if other choices are there already."""
        write_resolved(self.folder(run), self.record(run), resolved, self.announce)

    def notes(self, run: str) -> Notes:
        """What a person wrote about the run; empty if it cannot be read."""
        return read_notes(self.folder(run))

    def write_notes(self, run: str, notes: Notes) -> None:
        """Replace the notes. Raises StorageError."""
        write_notes(self.folder(run), notes, self.announce)

    def claim(self, run: str, kind: str) -> Claim:
        """Become the trainer of the run until the claim is released. Raises OwnedError if another process is."""
        with self.history(run) as history:
            age_seconds = time.time() - history.progress().heartbeat
        claim = lock.claim(self.folder(run), kind, age_seconds, self.announce)
        for place in (SAMPLES, SNAPSHOTS, LATENTS):
            sweep_partials(self.folder(run) / place)
        return claim

    # one question to one run; for several, open it

    def progress(self, run: str) -> Progress:
        """The status and the progress of the run. `interrupted` if its trainer has died."""
        with self.open(run) as opened:
            return opened.progress()

    def events(self, run: str, after: int = 0) -> list[Event]:
        """What happened to the run since the event with the number `after`, oldest first."""
        with self.history(run) as history:
            return history.events.all(after)

    def add_event(self, run: str, kind: str, text: str, images_seen: int | None = None) -> None:
        """Add an event; by default at the present `images_seen` of the run."""
        with self.history(run) as history:
            history.events.add(kind, text, images_seen)

    def request(self, run: str, kind: RequestKind, who: str, images: int | None = None) -> int:
        """Ask the trainer of the run to pause, resume, stop, pin or extend (to `images`); returns the number."""
        with self.history(run) as history:
            return history.requests.add(kind, who, images)

    def curve(
        self,
        run: str,
        columns: Sequence[str] = SCALARS,
        start: int | None = None,
        stop: int | None = None,
        points: int = 1000,
    ) -> "pandas.DataFrame":
        """Curves between two values of images_seen in at most `points` rows: see `Curves.frame`."""
        with self.history(run) as history:
            return history.curves.frame(columns, start, stop, points)

    # lists

    def runs(self) -> list[RunSummary]:
        """Every run, newest first. A damaged run has the status `damaged`; other folders are ignored."""
        if not self.root.is_dir():
            return []
        summaries = []
        for path in self.root.iterdir():
            with contextlib.suppress(RunError, FileNotFoundError):  # not a run, or just deleted
                summaries.append(self.summary(path.name))
        return sorted(summaries, key=lambda summary: (summary.created, summary.name), reverse=True)

    def summary(self, run: str) -> RunSummary:
        """One line about a run, remembered until one of its files changes. A damaged run raises nothing."""
        folder = require_run(self.folder(run))
        began, files = time.time_ns(), stamp(folder)
        kept = self._summaries.get(run)
        if kept and kept[0] == files:
            return kept[1]
        summary = read_summary(folder, self.announce)
        settled = max(changed for changed, _ in files) < began - CLOCK_TICK_NS
        if settled and summary.status not in (*NEED_A_TRAINER, "damaged"):
            self._summaries[run] = files, summary
        return summary
