"""How much disk space a run will take, from the sizes of its tensors and the schedule of its sample grids."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from gan_core.config import RunConfig
from gan_core.models.networks import Discriminator, Generator
from gan_core.pictures.grid_layout import GRID_SEEDS
from gan_core.runs.checkpoints import KEPT_CHECKPOINTS
from gan_core.runs.snapshots import SNAPSHOTS_KEPT
from gan_core.training.schedules import next_sample_after, next_snapshot_after

HEADER_BYTES = 115  # of one tensor in the header of a safetensors file, with its name
CURVE_BYTES = 187  # of one step in the history, with the summaries of many steps
HISTORY_BYTES = 82_000  # of a history without steps
PNG_SHARE = 0.4  # size of a compressed sample grid of digits, as a share of its pixels
COUNTED_SAMPLES = 10_000  # longer runs are extrapolated from these

Schedule = Callable[[int, int, int], int]  # images seen, size of the data set, `sample_every` -> when it is due next


@dataclass(frozen=True, kw_only=True, slots=True)
class Footprint:
    """Bytes on disk when the run has reached its target, by kind of file."""

    checkpoints: int
    snapshots: int
    samples: int
    history: int

    @property
    def total(self) -> int:
        return self.checkpoints + self.snapshots + self.samples + self.history


def footprint(config: RunConfig, images: int, classes: int) -> Footprint:
    """The estimate for a run of `config`; `images` is the size of its data set, `classes` 0 without labels."""
    with torch.device("meta"):
        generator, discriminator = Generator(config, classes), Discriminator(config, classes)
    network = state_bytes(generator) + state_bytes(discriminator)
    state = network + state_bytes(generator) + adam_bytes(generator) + adam_bytes(discriminator)
    grids, snapshots = (times_due(schedule, config, images) for schedule in (next_sample_after, next_snapshot_after))
    pixels = len(GRID_SEEDS) * config.data.channels * config.data.image_size**2
    return Footprint(
        checkpoints=KEPT_CHECKPOINTS * state,
        snapshots=min(SNAPSHOTS_KEPT, snapshots) * network,
        samples=round(grids * pixels * PNG_SHARE),
        history=HISTORY_BYTES + CURVE_BYTES * -(-config.train.images // config.images_per_step),
    )


def state_bytes(network: nn.Module) -> int:
    """A network's weights and buffers in a file."""
    return sum(tensor.nbytes + HEADER_BYTES for tensor in network.state_dict().values())


def adam_bytes(network: nn.Module) -> int:
    """The bytes of Adam's state: for each weight two moments and a count of steps."""
    counts = sum(2 * parameter.nbytes + torch.float32.itemsize for parameter in network.parameters())
    return counts + 3 * HEADER_BYTES * len(list(network.parameters()))


def times_due(schedule: Schedule, config: RunConfig, images: int) -> int:
    """How often a run keeps something: before the first step, then by the schedule, and at the end."""
    seen, count = 0, 1
    while seen < config.train.images and count < COUNTED_SAMPLES:
        seen, count = schedule(seen, images, config.train.sample_every), count + 1
    return round(count * max(1.0, config.train.images / max(1, seen)))
