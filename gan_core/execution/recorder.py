"""Writes what a training produces: curves, sample grids, snapshots and checkpoints, and the live picture.

Scalars stay on the device and are fetched for a block of steps at once; nothing here is called from inside a step.
"""

import math
import time

import torch

from gan_core.config import RunConfig
from gan_core.execution.live_drawing import LiveDrawing
from gan_core.execution.throughput import Throughput
from gan_core.numerics.rng import latents_for_seeds
from gan_core.objective.loss import Loss
from gan_core.objective.losses import loss_for
from gan_core.pictures.grid_layout import GRID_SEEDS
from gan_core.pictures.render import Picture, grid, grid_labels, png, render, still_generator
from gan_core.runs.history import SCALARS, History, Row
from gan_core.runs.open_run import OpenRun
from gan_core.training.non_finite import check_scalars
from gan_core.training.schedules import next_sample_after, next_snapshot_after
from gan_core.training.state import TrainState, prefixed
from gan_core.training.step_report import StepReport, scalars_of

FLUSH_SECONDS = 0.5
SAVE_SECONDS = 60.0
RATE_SECONDS = 5.0  # window of the speed that is shown
PACE_SECONDS = 30.0  # window of the speed from which the time left is estimated


class RunGoneError(OSError):
    """The folder of the run was removed while it trained."""


class Recorder:
    """Writes one attempt of one run. For the thread that trains."""

    def __init__(self, run: OpenRun, state: TrainState, size: int, classes: int) -> None:
        """`size` is the number of images in the data set, `classes` 0 without labels."""
        self.run, self.state = run, state
        self.config: RunConfig = run.config
        self.size, self.classes = size, classes
        self.history: History = run.history
        self._loss = loss_for(self.config.objective)
        self.attempt = 0
        self.seconds = 0.0
        self._block: list[tuple[StepReport, float]] = []
        self._rate, self._pace = Throughput(RATE_SECONDS), Throughput(PACE_SECONDS)
        self._next_sample = self._next_snapshot = 0
        self.live = LiveDrawing(run, state)
        self.resume_clock()

    def begin(self, images_target: int) -> None:
        """Start an attempt at the present state; rows of older attempts beyond it are hidden from now on."""
        self.attempt = self.history.begin_attempt(self.state.step, self.state.images_seen, images_target)
        self.seconds = self.history.progress().seconds
        self._plan(self.state.images_seen)
        self.live.remove()  # of a training that was killed
        self._saved_at = time.monotonic()

    def resume_clock(self) -> None:
        """Count training time from now on: the time since the last step was a pause."""
        self._last = self._flushed_at = time.monotonic()
        self._saved_at = self._last
        self._rate.clear()
        self._pace.clear()

    def record(self, report: StepReport) -> None:
        """Record one step; write what is due."""
        now = time.monotonic()
        self.seconds += now - self._last
        self._last = now
        self._block.append((report, self.seconds))
        if now - self._flushed_at >= FLUSH_SECONDS:
            self.flush()
        if report.images_seen >= self._next_snapshot:
            self.flush()
            self.sample()
            self.save()
        elif report.images_seen >= self._next_sample:
            self.flush()
            self.keep_grid()
        elif now - self._saved_at >= SAVE_SECONDS:
            self.flush()
            self.save()
        if self.live.draw_if_due(self.seconds):
            self._last = time.monotonic()

    def flush(self) -> None:
        """Write the steps since the last flush. Raises NonFiniteError after writing the finite ones before it."""
        self._flushed_at = time.monotonic()
        if not self.run.exists():
            raise RunGoneError(f"the folder of run {self.run.name} was removed while it trained")
        rows, self._block = rows_of(self._block, self._loss), []
        bad = next((index for index, row in enumerate(rows) if not all(map(math.isfinite, row.values()))), len(rows))
        self.history.append(
            self.attempt,
            rows[:bad],
            images_per_second=self._rate.update(self.seconds, self.state.images_seen),
            pace=self._pace.update(self._flushed_at, self.state.images_seen),
            epoch=self.state.images_seen // self.size,
        )
        if bad < len(rows):
            check_scalars(rows[bad], int(rows[bad]["step"]))

    def sample(self) -> None:
        """Write a sample grid, and a snapshot of the same networks."""
        self.keep_grid()
        self.keep_snapshot()
        self._last = time.monotonic()

    def keep_grid(self) -> None:
        """Write a sample grid: the seeds 0..63."""
        state, images_seen = self.state, self.state.images_seen
        picture = sample_grid(self.config, self.classes, state)
        epoch = images_seen // self.size
        self.run.samples.add(images_seen, epoch, self.attempt, state.step, png(picture))
        self._plan(images_seen)
        self._last = time.monotonic()

    def keep_snapshot(self) -> None:
        """Write a snapshot of the averaged generator and the discriminator."""
        self.run.snapshots.add(self.state.images_seen, snapshot_tensors(self.state), {"classes": self.classes})

    def pin_snapshot(self, who: str) -> None:
        """Write a snapshot that is not deleted when older ones are thinned out."""
        self.flush()
        self.keep_snapshot()
        self.history.snapshots.pin(self.state.images_seen)
        self.history.events.add("pinned", f"Pinned from {who} at {self.state.images_seen:,} images.")
        self._last = time.monotonic()

    def save(self) -> None:
        """Write a checkpoint. Raises NonFiniteError, with nothing written, if a weight is NaN or infinite."""
        self.state.check_finite()
        self.run.checkpoints.save(self.state.tensors(), self.state.counters())
        self._saved_at = self._last = time.monotonic()

    def _plan(self, images_seen: int) -> None:
        """When the next sample grid and the next snapshot are due: a function of the images alone."""
        self._next_sample = next_sample_after(images_seen, self.size, self.config.train.sample_every)
        self._next_snapshot = next_snapshot_after(images_seen, self.size, self.config.train.sample_every)


def rows_of(block: list[tuple[StepReport, float]], loss: Loss) -> list[Row]:
    """The rows of a block of steps; one transfer from the device for all."""
    if not block:
        return []
    scalars = scalars_of([report for report, _ in block], loss)
    names = [name for name in SCALARS if name in scalars]
    values = torch.stack([scalars[name] for name in names], dim=1).tolist()
    return [
        {
            "step": report.step,
            "images_seen": report.images_seen,
            "seconds": seconds,
            **dict(zip(names, row, strict=True)),
        }
        for (report, seconds), row in zip(block, values, strict=True)
    ]


def snapshot_tensors(state: TrainState) -> dict[str, torch.Tensor]:
    """The tensors of a snapshot: the averaged generator, which makes all pictures, and the discriminator."""
    return {
        **prefixed("generator", state.average.state_dict()),
        **prefixed("discriminator", state.discriminator.state_dict()),
    }


def sample_grid(config: RunConfig, classes: int, state: TrainState) -> Picture:
    """The images of the seeds 0..63 by the averaged generator, eight in a row."""
    generator = still_generator(config, classes, state.average.state_dict())
    z = latents_for_seeds(GRID_SEEDS, config.model.latent)
    return grid(render(generator, config, z, grid_labels(len(z), classes)))
