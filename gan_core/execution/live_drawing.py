"""Draws what a run makes now, every second or two while it trains. Nothing is kept, and nothing of the run changes.

The averaged generator is evaluated as it is, in float32 and eval mode, at the seeds of the sample grids: no weight is
copied, no random number is drawn. A sample grid is computed in float64, so its pixels may differ by one level of grey.
"""

import contextlib
from time import perf_counter

import torch

from gan_core.numerics.pixel_range import images_to_bytes
from gan_core.numerics.rng import latents_for_seeds
from gan_core.pictures.grid_layout import GRID_SEEDS
from gan_core.pictures.render import grid, grid_labels, png
from gan_core.runs.live_picture import IMAGES_SEEN
from gan_core.runs.open_run import OpenRun
from gan_core.training.state import TrainState

SHORTEST_SECONDS = 1.0  # between two pictures
SHARE = 0.015  # of the training time that pictures may cost; large networks are drawn less often
MOST_SAVED_SECONDS = 0.1  # of that share: one slow picture, such as the first one, does not delay the next one
FAST = 1  # compression of the PNG


class LiveDrawing:
    """Replaces the live picture of a run, for the thread that trains it."""

    def __init__(self, run: OpenRun, state: TrainState) -> None:
        self._live, self._state, self._range = run.live, state, run.config.data.value_range
        device = next(state.average.parameters()).device
        self._z = latents_for_seeds(GRID_SEEDS, run.config.model.latent).to(device)
        labels = grid_labels(len(GRID_SEEDS), state.generator.inputs.classes)
        self._y = labels if labels is None else labels.to(device)
        self._saved_seconds = MOST_SAVED_SECONDS
        self._considered = -SHORTEST_SECONDS
        self._drawn = -SHORTEST_SECONDS

    def draw_if_due(self, seconds: float) -> bool:
        """Draw, if the last picture is old enough and the share is not spent; `seconds` is the run's training time."""
        self._saved_seconds += SHARE * max(0.0, seconds - self._considered)
        self._saved_seconds, self._considered = min(self._saved_seconds, MOST_SAVED_SECONDS), seconds
        if self._saved_seconds <= 0 or seconds - self._drawn < SHORTEST_SECONDS:
            return False
        began = perf_counter()
        self.draw()
        self._saved_seconds -= perf_counter() - began
        self._drawn = seconds
        return True

    def draw(self) -> None:
        """Draw now. A picture that cannot be written is left out: training goes on."""
        picture = grid(self._pixels())
        with contextlib.suppress(OSError):
            self._live.replace(png(picture, FAST, **{IMAGES_SEEN: str(self._state.images_seen)}))

    def remove(self) -> None:
        """Remove the picture of a training that pauses or ends."""
        self._live.remove()

    @torch.inference_mode()
    def _pixels(self) -> torch.Tensor:
        """(64, C, H, W) uint8 on the CPU."""
        return images_to_bytes(self._state.average(self._z, self._y), self._range).cpu()
