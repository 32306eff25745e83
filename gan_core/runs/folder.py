"""Run folders as such: where they are, how one appears, and what its two texts say.

A run folder appears whole: it is built hidden beside its place and renamed. What never changes by training
(config.json, notes.json) is here; `gan_core.runs.store` adds all that does.
"""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from gan_core.config import Json, RunConfig
from gan_core.runs import checkpoints
from gan_core.runs import record as run_record
from gan_core.runs.checkpoints import Announce, silent
from gan_core.runs.history import History
from gan_core.runs.queue import QueueFile
from gan_core.runs.record import Notes, RunExistsError, RunMissingError, RunNameError, checked_name, numbered

CONFIG = "config.json"
NOTES = "notes.json"
HISTORY = "history.sqlite"
SAMPLES = "samples"
SNAPSHOTS = "moments"
LATENTS = "latents"
DIRECTIONS = "directions.json"  # beside the runs: a direction belongs to none of them


class RunFolders:
    """All run folders under one root. Holds nothing open.

    A method that takes `run` raises RunNameError for what is no name and RunMissingError for what is no run.
    """

    def __init__(self, root: Path, announce: Announce = silent) -> None:
        """`announce` is for tests that inject faults: see `gan_core.runs.checkpoints`."""
        self.root, self.announce = Path(root), announce
        self.queue = QueueFile(self.root)

    # places

    def folder(self, run: str) -> Path:
        """Where the run lives, whether it exists or not."""
        path = self.root / checked_name(run)
        if path.is_symlink() and not path.resolve().is_relative_to(self.root.resolve()):
            raise RunNameError(f"run {run!r} is a link that leads out of {self.root}; move the folder itself there")
        return path

    def folder_exists(self, run: str) -> bool:
        """Whether the run's folder is (still) there: one look at the disk."""
        return (self.folder(run) / CONFIG).is_file()

    def existing(self, run: str) -> Path:
        """The folder of a run that exists, damaged or not."""
        folder = self.folder(run)
        if not looks_like_a_run(folder):
            raise RunMissingError(f"there is no run {run!r} in {self.root}; `runs` lists those that exist")
        return folder

    def history(self, run: str) -> History:
        """The run's database, to be closed by the caller: for many calls, as a trainer makes them."""
        return History(self.existing(run) / HISTORY, create=False)

    # making

    def create(
        self,
        config: RunConfig,
        name: str | None = None,
        preset: str = "custom",
        parent: Mapping[str, Any] | None = None,
    ) -> str:
        """A new, queued run; returns its name. Without one it is called after the preset and the time.

        Raises RunExistsError where the name is taken.
        """
        record = run_record.new_record(config, preset, parent)
        if name is None:
            return self._build_numbered(run_record.automatic_name(preset, datetime.now()), record)
        return self._build(name, record)

    def _build_numbered(self, base: str, record: Json, fill: Callable[[Path], None] | None = None) -> str:
        """Build under the first of base, base-2, base-3, ... that is free."""
        number = 1
        while True:
            try:
                return self._build(numbered(base, number), record, fill)
            except RunExistsError:
                number += 1

    def _build(self, name: str, record: Json, fill: Callable[[Path], None] | None = None) -> str:
        """The whole folder appears at once; `fill` adds to it before it does."""
        if self.folder(name).exists():
            raise taken(name)

        def furnish(hidden: Path) -> None:
            self._furnish(hidden, record)
            if fill is not None:
                fill(hidden)

        return self._appear(name, furnish, [name])

    def adopt(self, name: str, fill: Callable[[Path], None]) -> str:
        """A run whose whole folder `fill` writes, under the first of name, name-2, ... that is free; returns it.

        Whatever `fill` raises, no trace of it stays.
        """

        def filled(hidden: Path) -> None:
            hidden.mkdir()
            fill(hidden)

        return self._appear(checked_name(name), filled, (numbered(name, number) for number in count(1)))

    def _appear(self, name: str, make: Callable[[Path], object], names: Iterable[str]) -> str:
        """Make a folder out of sight and give it the first of `names` that is free; returns that name."""
        hidden = self.root / f".partial-{os.getpid()}-{secrets.token_hex(4)}-{name}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._sweep()
            make(hidden)
            self.announce("rename run")
            return rename_to_first(hidden, map(self.folder, names))
        except OSError as error:
            raise checkpoints.storage_error(self.folder(name), error) from error
        finally:
            shutil.rmtree(hidden, ignore_errors=True)  # gone already, if all went well

    def _furnish(self, folder: Path, record: Json) -> None:
        for place in (folder, folder / SAMPLES, folder / SNAPSHOTS):
            place.mkdir()
        checkpoints.write_atomically(folder / NOTES, run_record.to_bytes(asdict(Notes())), self.announce)
        checkpoints.write_atomically(folder / CONFIG, run_record.to_bytes(record), self.announce)
        self.announce("history")
        with History(folder / HISTORY) as history:
            history.set_progress(images_target=run_record.config_in(record, folder.name).train.images)

    def _sweep(self) -> None:
        """Remove what dead processes left half built or half written."""
        for path in self.root.glob(".partial-*"):
            if checkpoints.is_stale(path) and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif checkpoints.is_stale(path):
                path.unlink(missing_ok=True)

    # the record

    def record(self, run: str) -> Json:
        """All of config.json. Raises RunDamagedError."""
        path = self.existing(run) / CONFIG
        try:
            return run_record.record_from(path.read_bytes(), run)
        except OSError as error:
            raise run_record.damaged_record(run, error.strerror or str(error)) from error

    def config(self, run: str) -> RunConfig:
        """The run's configuration. Raises RunDamagedError."""
        return run_record.config_in(self.record(run), run)

    def resolve(self, run: str, resolved: Mapping[str, Any]) -> None:
        """Fix what the run computes with (precision, device, versions, ...), once and before its first step.

        Raises RunError where it is fixed already and differs.
        """
        record = self.record(run)
        completed = run_record.resolved_record(record, resolved, run)
        if completed != record:
            checkpoints.write_atomically(self.folder(run) / CONFIG, run_record.to_bytes(completed), self.announce)

    def notes(self, run: str) -> Notes:
        """What a person wrote about the run; blank where nothing readable is there."""
        try:
            return run_record.notes_from((self.existing(run) / NOTES).read_bytes())
        except OSError:
            return Notes()

    def write_notes(self, run: str, notes: Notes) -> None:
        checkpoints.write_atomically(self.existing(run) / NOTES, run_record.to_bytes(asdict(notes)), self.announce)

    def bytes_used(self, run: str) -> int:
        """What the run's files hold, in bytes. Looks at each of them: slow enough to be remembered."""
        return bytes_below(self.existing(run))


def sample_place(images_seen: int) -> str:
    """Where a sample grid lies in the run's folder."""
    return f"{SAMPLES}/{images_seen:012d}.png"


def snapshot_place(images_seen: int) -> str:
    """Where a snapshot lies in the run's folder."""
    return f"{SNAPSHOTS}/{images_seen:012d}.safetensors"


def bytes_below(folder: Path) -> int:
    """The sizes of all files in a folder and its subfolders; what disappears meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def looks_like_a_run(folder: Path) -> bool:
    """Whether a folder holds a run, damaged or not: foreign folders beside the runs are nobody's business."""
    return os.path.isfile(folder / CONFIG) or os.path.isfile(folder / HISTORY)  # False where nothing can be read


def rename_to_first(source: Path, targets: Iterable[Path]) -> str:
    """Rename a folder to the first of these that is free; returns its name. Raises RunExistsError where none is."""
    for target in targets:
        try:
            rename_to_new(source, target, target.name)
        except RunExistsError:
            continue
        return target.name
    raise taken(target.name)


def taken(name: str) -> RunExistsError:
    return RunExistsError(f"run {name} already exists; resume it, or choose another name")


def rename_to_new(source: Path, target: Path, name: str) -> None:
    """Rename a folder to a name that must be free, even if somebody took it a moment ago."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise taken(name) from error
        raise
    checkpoints.sync_folder(target.parent)
