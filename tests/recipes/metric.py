"""The share of pixels with a colour: 0 for a generator that has learned no colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.evaluation.metric import Estimate, Metric, share

if TYPE_CHECKING:
    from gan_core.evaluation.samples import Samples

GREY_LEVELS = 16  # that the channels of a grey pixel may differ


def coloured_pixels(samples: Samples) -> Estimate:
    """Of all pixels of the images (N, 3, H, W) uint8."""
    differences = samples.pixels.amax(1).int() - samples.pixels.amin(1).int()  # (N, H, W)
    return share(int((differences > GREY_LEVELS).sum()), differences.numel())


METRIC = Metric(
    title="Coloured pixels",
    unit="share",
    help="Share of the pixels of the generator's images whose channels differ by more than 16 of 255.",
    applies=lambda config: config.data.channels == 3,
    compute=coloured_pixels,
)
