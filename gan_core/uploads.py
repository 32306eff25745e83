"""A drawing or an uploaded picture as the pixels that a run's networks see."""

from gan_core.config import DataConfig
from gan_core.shapes import Bytes

MOST_BYTES = 20_000_000
MOST_PIXELS_A_SIDE = 10_000


def picture_to_pixels(data: bytes, config: DataConfig) -> Bytes:
    """(1, C, S, S) uint8 of the bytes of a picture file in any common format.

    Upright, on white where it is transparent, the middle square, resized. Where the run learned white digits on black,
    a dark drawing on a light ground is inverted, and the digit is sized and centred as MNIST's are. Raises DataError
    with one sentence: no picture, too many bytes or pixels, damaged, nothing drawn.
    """
    raise NotImplementedError
