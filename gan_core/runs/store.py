"""The run store: every run is a folder under one root; only this file, `folders` and `trash` know the names in it.

Files come first, rows of the database after; rows go first, files after: a killed process leaves at most a file that
nobody mentions.
"""

import contextlib
import io
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from filelock import FileLock

from gan_core.config import Json
from gan_core.runs import checkpoints, lock
from gan_core.runs import record as run_record
from gan_core.runs.checkpoints import Announce, Checkpoint, CheckpointError, StorageError, Take, silent, take_all
from gan_core.runs.folder import (
    CONFIG,
    DIRECTIONS,
    HISTORY,
    LATENTS,
    NOTES,
    SAMPLES,
    SNAPSHOTS,
    sample_place,
    snapshot_place,
)
from gan_core.runs.history import SCALARS, Event, History, HistoryError, Progress, RequestKind, SamplesMark
from gan_core.runs.lock import Claim, OwnedError, Owner
from gan_core.runs.record import (
    Notes,
    RunDamagedError,
    RunError,
    RunExistsError,
    RunMissingError,
    RunNameError,
    RunSummary,
    checked_name,
)
from gan_core.runs.saved_directions import (
    Collection,
    DirectionError,
    NamedDirection,
    collection_from_bytes,
    collection_to_bytes,
)
from gan_core.runs.status_sets import NEED_A_TRAINER
from gan_core.runs.trash import Trashed, TrashedRuns

if TYPE_CHECKING:  # heavy, and not needed to list runs
    import pandas
    from torch import Tensor

__all__ = [
    "CheckpointError",
    "DirectionError",
    "HistoryError",
    "NamedDirection",
    "Notes",
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

KEPT = re.compile(r"kept:(?P<sha>[0-9a-f]{12})")  # how an expression spells a latent that a run keeps
Stamp = tuple[tuple[int, int], ...]  # time of change in nanoseconds and size, for each file that a summary comes from
SETTLED_NS = 2_000_000_000  # two changes within one tick of a file system's clock look like one


class Snapshot(NamedTuple):
    """The networks of a run as they were at `images_seen`, on the CPU; `classes` is 0 without labels."""

    images_seen: int
    tensors: "dict[str, Tensor]"
    classes: int


class RunStore(TrashedRuns):
    """All runs under one root folder. Holds nothing open; every method may be called from any thread or process.

    A method that takes `run` raises RunNameError for what is no name and RunMissingError for what is no run.
    """

    def __init__(self, root: Path, announce: Announce = silent) -> None:
        """`announce` is for tests that inject faults: see `gan_core.runs.checkpoints`."""
        super().__init__(root, announce)
        self._summaries: dict[str, tuple[Stamp, RunSummary]] = {}

    # how it stands

    def runs(self) -> list[RunSummary]:
        """Every run, newest first. Damaged ones are listed as such with the reason; other folders are passed over."""
        if not self.root.is_dir():
            return []
        summaries = []
        for path in self.root.iterdir():
            with contextlib.suppress(RunError, FileNotFoundError):  # foreign, or deleted this moment
                summaries.append(self.summary(path.name))
        return sorted(summaries, key=lambda summary: (summary.created, summary.name), reverse=True)

    def summary(self, run: str) -> RunSummary:
        """One line about one run, remembered until one of its files changes; never fails for a damaged one."""
        folder = self.existing(run)
        began, files = time.time_ns(), stamp(folder)
        kept = self._summaries.get(run)
        if kept and kept[0] == files:
            return kept[1]
        summary = self._read_summary(run, folder)
        if (
            summary.status not in (*NEED_A_TRAINER, "damaged")
            and max(changed for changed, _ in files) < began - SETTLED_NS
        ):
            self._summaries[run] = files, summary
        return summary

    def _read_summary(self, run: str, folder: Path) -> RunSummary:
        try:
            record = self.record(run)
            progress, newest = self.progress(run), self.samples_mark(run).newest
        except (RunDamagedError, HistoryError) as error:
            changed = datetime.fromtimestamp(folder.stat().st_mtime, UTC).isoformat(timespec="microseconds")
            return RunSummary(name=run, created=changed, status="damaged", reason=str(error), notes=self.notes(run))
        return RunSummary(
            name=run,
            created=str(record["created"]),
            preset=str(record["preset"]),
            status=progress.status,
            reason=progress.reason,
            images_seen=progress.images_seen,
            images_target=progress.images_target,
            epoch=progress.epoch,
            seconds=progress.seconds,
            images_per_second=progress.images_per_second,
            pace=progress.pace,
            owner=self.owner(run, progress),
            newest_sample=str(self._sample_path(run, newest)) if newest >= 0 else None,
            notes=self.notes(run),
        )

    def progress(self, run: str) -> Progress:
        """How the run stands now: `interrupted` where its trainer died."""
        with self.history(run) as history:
            progress = history.progress()
        if progress.status in NEED_A_TRAINER and self.owner(run, progress) is None:
            return replace(progress, status="interrupted", reason="")  # what it said last was said by somebody alive
        return progress

    def owner(self, run: str, progress: Progress | None = None) -> Owner | None:
        """Who trains the run now, if anybody."""
        if progress is None:
            with self.history(run) as history:
                progress = history.progress()
        return lock.living_owner(self.existing(run), time.time() - progress.heartbeat)

    def claim(self, run: str, kind: str) -> Claim:
        """Become the run's trainer until the claim is released. Raises OwnedError where somebody else is."""
        with self.history(run) as history:
            age_seconds = time.time() - history.progress().heartbeat
        claim = lock.claim(self.existing(run), kind, age_seconds, self.announce)
        for place in (SAMPLES, SNAPSHOTS, LATENTS):
            checkpoints.sweep_partials(self.folder(run) / place)
        return claim

    # states

    def save_checkpoint(self, run: str, tensors: "Mapping[str, Tensor]", counters: Mapping[str, int]) -> Path:
        """Save all of a TrainState; `counters` hold step and images_seen. Raises StorageError, with nothing lost."""
        return checkpoints.save_checkpoint(self.folder(run), counters["images_seen"], tensors, counters, self.announce)

    def newest_checkpoint(self, run: str, take: Take = take_all) -> Checkpoint:
        """The newest sound state that `take` accepts, with complaints about newer ones."""
        return checkpoints.load_newest_checkpoint(self.existing(run), take)

    def has_checkpoint(self, run: str) -> bool:
        """Whether any state was ever saved, without reading it."""
        return bool(checkpoints.checkpoints_newest_first(self.existing(run)))

    def rescue(
        self,
        run: str,
        record: Json,
        tensors: "Mapping[str, Tensor]",
        counters: Mapping[str, int],
        reason: str,
    ) -> str:
        """Save a living state whose own folder is lost as `<run>-rescued`, ready to be resumed; returns that name."""

        def fill(folder: Path) -> None:
            step, images_seen = counters["step"], counters["images_seen"]
            checkpoints.save_checkpoint(folder, images_seen, tensors, counters, self.announce)
            with History(folder / HISTORY) as history:
                history.begin_attempt(step, images_seen, history.progress().images_target)
                history.set_progress(status="interrupted", reason=reason)
                history.add_event("rescued", f"rescued from run {run}: {reason}", images_seen)

        base = checked_name(run)[: run_record.LONGEST_NAME - len("-rescued-999")]
        return self._build_numbered(f"{base}-rescued", record, fill)

    # curves, requests, events

    def curve(
        self,
        run: str,
        columns: Sequence[str] = SCALARS,
        start: int | None = None,
        stop: int | None = None,
        points: int = 1000,
    ) -> "pandas.DataFrame":
        """Curves between two values of images_seen in at most `points` rows: `History.curve`."""
        with self.history(run) as history:
            return history.curve(columns, start, stop, points)

    def curves_csv(self, run: str, columns: Sequence[str] = SCALARS) -> bytes:
        """Curves as a CSV file, every step where they fit: `History.write_curves`."""
        with self.history(run) as history, io.StringIO() as file:
            history.write_curves(file, columns)
            return file.getvalue().encode()

    def request(self, run: str, kind: RequestKind, who: str, images: int | None = None) -> int:
        """Ask whoever trains the run to pause, resume, stop, pin or extend (to `images`); returns its number."""
        with self.history(run) as history:
            return history.request(kind, who, images)

    def events(self, run: str, after: int = 0) -> list[Event]:
        """What happened to the run since the event with the number `after`, oldest first."""
        with self.history(run) as history:
            return history.events(after)

    def add_event(self, run: str, kind: str, text: str, images_seen: int | None = None) -> None:
        """Tell what happened; `images_seen` is by default where the run stands."""
        with self.history(run) as history:
            history.add_event(kind, text, images_seen)

    def _write_below(self, path: Path, data: bytes) -> None:
        """Write a file whose row comes next."""
        try:
            path.parent.mkdir(exist_ok=True)  # not its parents: a run that was removed must not come back as a stump
        except OSError as error:
            raise checkpoints.storage_error(path, error) from error
        checkpoints.write_atomically(path, data, self.announce)
        self.announce("row")

    # samples

    def add_sample(self, run: str, images_seen: int, epoch: int, attempt: int, step: int, png: bytes) -> Path:
        """Keep one sample grid, in place of the one at the same `images_seen` if there is one."""
        path = self._sample_path(run, images_seen)
        self._write_below(path, png)
        with self.history(run) as history:
            history.add_sample(images_seen, epoch, attempt, step)
        return path

    def samples(self, run: str) -> list[tuple[int, int, Path]]:
        """(images_seen, epoch, path) of every sample grid, oldest first."""
        folder = self.folder(run)
        with self.history(run) as history:
            return [(row.images_seen, row.epoch, folder / sample_place(row.images_seen)) for row in history.samples()]

    def sample_clocks(self, run: str) -> list[tuple[int, int]]:
        """(images_seen, epoch) of every sample grid, oldest first: quick where there are thousands."""
        with self.history(run) as history:
            return history.sample_clocks()

    def samples_mark(self, run: str) -> SamplesMark:
        """What changes whenever the samples do, without reading them: cheap, call it often."""
        with self.history(run) as history:
            return history.samples_mark()

    def sample_png(self, run: str, images_seen: int | None = None) -> bytes | None:
        """The bytes of one sample grid (the newest by default), or None where there is none."""
        if images_seen is None:
            images_seen = self.samples_mark(run).newest
        try:
            return self._sample_path(run, images_seen).read_bytes()
        except FileNotFoundError:
            return None

    def _sample_path(self, run: str, images_seen: int) -> Path:
        return self.folder(run) / sample_place(images_seen)

    # snapshots

    def add_snapshot(
        self, run: str, images_seen: int, tensors: "Mapping[str, Tensor]", metadata: Mapping[str, Any] | None = None
    ) -> Path:
        """Keep the networks as they are now; older unpinned snapshots are thinned to 64, spread evenly over the run."""
        path = self._snapshot_path(run, images_seen)
        data = checkpoints.tensors_to_bytes(tensors, {"images_seen": images_seen, "about": dict(metadata or {})})
        self._write_below(path, data)
        with self.history(run) as history:
            forgotten = history.add_snapshot(images_seen, run_record.too_many)
        for old in forgotten:
            with contextlib.suppress(OSError):  # the snapshot is kept whether an old file can be removed or not
                self.announce("thin snapshot")
                self._snapshot_path(run, old).unlink(missing_ok=True)
        return path

    def snapshots(self, run: str) -> dict[int, bool]:
        """Every kept snapshot by images seen, oldest first, and whether it is pinned."""
        with self.history(run) as history:
            return history.snapshots()

    def pin(self, run: str, images_seen: int, pinned: bool = True) -> None:
        """Keep a snapshot whatever comes (it was shared, exported, forked), or let it go again."""
        with self.history(run) as history:
            if not history.pin(images_seen, pinned):
                raise RunMissingError(f"run {run} has no snapshot at {images_seen} images; {self._snapshots_text(run)}")

    def load_snapshot(self, run: str, at: int | Literal["latest"] = "latest") -> Snapshot:
        """The newest snapshot, or the one at exactly `at` images.

        Raises RunMissingError where there is none, CheckpointError where its file is damaged.
        """
        snapshots = self.snapshots(run)
        images_seen = max(snapshots, default=-1) if at == "latest" else at
        if images_seen not in snapshots:
            wanted = "yet" if at == "latest" else f"at {at} images; {self._snapshots_text(run)}"
            raise RunMissingError(f"run {run} has no snapshot {wanted}")
        path = self._snapshot_path(run, images_seen)
        try:
            tensors, values = checkpoints.bytes_to_tensors(path.read_bytes(), path.name)
        except OSError as error:
            raise CheckpointError(f"{path.name} cannot be read ({error.strerror})") from error
        about = values.get("about")
        classes = about.get("classes", 0) if isinstance(about, dict) else None
        if not isinstance(classes, int):
            raise CheckpointError(f"{path.name} does not say how many classes its networks are told")
        return Snapshot(images_seen, tensors, classes)

    def _snapshots_text(self, run: str) -> str:
        return f"it has those at {', '.join(map(str, self.snapshots(run))) or 'none'}"

    def _snapshot_path(self, run: str, images_seen: int) -> Path:
        return self.folder(run) / snapshot_place(images_seen)

    # latents that are no seeds

    def keep_latent(self, run: str, z: "Tensor") -> str:
        """Keep a latent (1, Z) that no seed gives, such as one found for a drawing; returns its name in expressions.

        `kept:<sha12>` is a function of the numbers: keeping them again gives the same name. Raises StorageError.
        """
        data = checkpoints.tensors_to_bytes({"z": z.double()}, {})
        sha = checkpoints.sha_of(data)
        path = self._latent_path(run, sha)
        if not path.exists():
            self._write_below(path, data)
        return f"kept:{sha}"

    def kept_latent(self, run: str, source: str) -> "Tensor":
        """(1, Z) float64 of a name that `keep_latent` gave.

        Raises RunMissingError where the run keeps no such latent, CheckpointError where its file is damaged.
        """
        match = KEPT.fullmatch(source)
        path = self._latent_path(run, match["sha"] if match else "")
        if match is None or not path.is_file():
            raise RunMissingError(f"run {run} keeps no latent {source[:32]!r}; it may have been made in another run")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CheckpointError(f"{path.name} cannot be read ({error.strerror})") from error
        if checkpoints.sha_of(data) != match["sha"]:
            raise CheckpointError(f"{path.name} is damaged (its bytes are not those that its name promises)")
        tensors, _ = checkpoints.bytes_to_tensors(data, path.name)
        return tensors["z"]

    def kept_latents(self, run: str) -> list[str]:
        """The names of all latents that the run keeps, the oldest first."""
        paths = (self.existing(run) / LATENTS).glob("*.safetensors")
        names = [
            f"kept:{path.stem}" for path in sorted(paths, key=lambda path: (checkpoints.written_ns(path), path.name))
        ]
        return [name for name in names if KEPT.fullmatch(name)]  # not what a dead process left half written

    def _latent_path(self, run: str, sha: str) -> Path:
        return self.existing(run) / LATENTS / f"{sha}.safetensors"

    # directions with a name, which belong to all runs

    def directions(self) -> tuple[NamedDirection, ...]:
        """Every kept direction, the oldest first. Raises DirectionError where their file is damaged."""
        return self._collection().kept

    def add_direction(self, direction: NamedDirection) -> None:
        """Keep one more, made by `named_directions.named`. Raises DirectionError where the name is taken."""
        self._change_directions(lambda collection: collection.add(direction))

    def rename_direction(self, old: str, new: str) -> None:
        """Raises DirectionError: there is none, or the name is taken."""
        self._change_directions(lambda collection: collection.rename(old, new))

    def delete_direction(self, name: str) -> None:
        """Delete one; `restore_direction` brings it back. Raises DirectionError where there is none."""
        self._change_directions(lambda collection: collection.delete(name))

    def restore_direction(self) -> None:
        """Bring back the direction that was deleted last. Raises DirectionError where there is none."""
        self._change_directions(Collection.restore)

    def _collection(self) -> Collection:
        path = self.root / DIRECTIONS
        try:
            return collection_from_bytes(path.read_bytes(), path)
        except FileNotFoundError:
            return Collection()
        except OSError as error:
            raise DirectionError(f"{path} cannot be read ({error.strerror})") from error

    def _change_directions(self, change: Callable[[Collection], Collection]) -> None:
        """Read, change and write as one: two visitors may keep a direction at once."""
        path = self.root / DIRECTIONS
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock"), fallback_to_soft=False):
                checkpoints.write_atomically(path, collection_to_bytes(change(self._collection())), self.announce)
        except OSError as error:
            raise checkpoints.storage_error(path, error) from error


def stamp(folder: Path) -> Stamp:
    """What changes whenever a run stands otherwise; (0, 0) for a file that is missing, or left empty by SQLite."""
    found = []
    for name in (CONFIG, NOTES, HISTORY, f"{HISTORY}-wal", lock.OWNER):
        try:
            about = os.stat(folder / name)
        except OSError:
            found.append((0, 0))
            continue
        found.append((about.st_mtime_ns, about.st_size) if about.st_size else (0, 0))
    return tuple(found)
