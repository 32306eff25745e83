"""Which runs show digits that the digit classifier can read. Imports no torch."""

from gan_core.config import RunConfig
from gan_core.data.registry import SOURCES

SIZE = 28  # pixels of the images that the classifier was trained on


def shows_digits(config: RunConfig) -> bool:
    """Whether the images of a run are like those that the digit classifier was trained on."""
    data = config.data
    return SOURCES[data.name].placed_as_mnist and data.channels == 1 and data.image_size == SIZE
