"""A drawing or an uploaded image as the pixels that a run's networks see.

To be comparable with MNIST's, a digit must be prepared as MNIST's were: white on black, fitted into a box of 20 of the
28 pixels, and centred by its centre of mass (LeCun et al. 1998, section VII-A).
"""

import io

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from gan_core.config import DataConfig
from gan_core.data.file_kinds import DEEP, MOST_PIXELS, formats, reason_of
from gan_core.data.picture_pixels import fit, on_ground
from gan_core.data.registry import SOURCES, DataError
from gan_core.numerics.shapes import Bytes

MOST_BYTES = 20_000_000
MOST_PIXELS_A_SIDE = 10_000
PIXELS_USED_A_SIDE = 1_024  # a larger image is first made smaller; the networks see at most 128 pixels
BOX = 20 / 28  # of the side
FAINTEST = 16  # least contrast of a drawing, of 255
INK = 64  # a brighter pixel belongs to the drawing, a darker one to its soft edge

Grey = npt.NDArray[np.uint8]  # (H, W)


def upload_to_pixels(data: bytes, config: DataConfig) -> Bytes:
    """(1, C, S, S) uint8 from the bytes of an image file in any common format.

    Turned upright, transparency on white, the central square, resized. If the data are white on black, a dark drawing
    on a light ground is inverted; if they are MNIST's, a digit is also sized and centred as MNIST's are, unless the
    image already has the right size. Raises DataError with one sentence: not an image, too many bytes or pixels,
    damaged, or empty.
    """
    image, source = opened(data), SOURCES[config.name]
    if source.white_on_black:
        grey = white_on_black(np.asarray(on_ground(image, config.ground).convert("L"), dtype=np.uint8))
        boxes = source.placed_as_mnist and grey.shape != (config.image_size, config.image_size)
        image = Image.fromarray(boxed(grey, config.image_size) if boxes else grey)
    pixels, _ = fit(image, config)
    return torch.tensor(pixels)[None]


def opened(data: bytes) -> Image.Image:
    """The image in these bytes, turned upright. Raises DataError."""
    if len(data) > MOST_BYTES:
        size, most = len(data) / 1e6, MOST_BYTES // 1_000_000
        raise DataError(f"the image has {size:,.1f} MB, and at most {most} MB are read; save it smaller")
    try:
        with Image.open(io.BytesIO(data), formats=formats()) as image:
            check_size(*image.size)
            plain = on_ground(image) if image.mode.startswith(DEEP) else image  # by the range of this one image
            plain.thumbnail((PIXELS_USED_A_SIDE, PIXELS_USED_A_SIDE))  # no effect on a small image
            return ImageOps.exif_transpose(plain)
    except UnidentifiedImageError as error:
        raise DataError("this is not an image that can be read; use PNG, JPEG, GIF, BMP or WebP") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError("the image has far too many pixels; make it smaller") from error
    except DataError:
        raise
    except Exception as error:  # Pillow's readers raise many kinds
        raise DataError(f"the image is damaged ({reason_of(error)}); save it again") from error


def check_size(width: int, height: int) -> None:
    """Raises DataError for an image that would fill the memory."""
    if max(width, height) > MOST_PIXELS_A_SIDE or width * height > MOST_PIXELS:
        raise DataError(
            f"the image is {width:,} x {height:,} pixels, and at most {MOST_PIXELS_A_SIDE:,} a side and "
            f"{MOST_PIXELS // 1_000_000} million in all are read; make it smaller"
        )


def white_on_black(grey: Grey) -> Grey:
    """(H, W): inverted if the edge of the image is light, since the edge shows the ground."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return 255 - grey if np.median(edge) > 127 else grey


def boxed(grey: Grey, size: int) -> Grey:
    """(size, size): the light drawing in (H, W), cropped, resized, and centred by its centre of mass."""
    drawing = cut_out(grey)
    scale = round(BOX * size) / max(drawing.shape)
    height, width = (max(1, round(side * scale)) for side in drawing.shape)
    small = Image.fromarray(drawing).resize((width, height), Image.Resampling.BILINEAR)
    return placed(np.asarray(small, dtype=np.uint8), size)


def cut_out(grey: Grey) -> Grey:
    """The smallest rectangle around the drawing, white on black. Raises DataError if there is no drawing."""
    ground = float(np.median(grey))
    height = float(grey.max()) - ground
    if height < FAINTEST:
        raise DataError("the image is empty; draw a digit, or choose another image")
    ink = np.median(
        grey[grey > ground + height / 2]
    )  # not the brightest pixel, which may be noise of a photo or of JPEG
    stretched = ((grey - ground) * (255 / (ink - ground))).clip(0, 255).round().astype(np.uint8)
    rows, columns = np.nonzero(stretched >= INK)
    return stretched[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def placed(drawing: Grey, size: int) -> Grey:
    """(size, size) black with the drawing in it, its centre of mass as near to the middle as possible."""
    sheet = np.zeros((size, size), dtype=np.uint8)
    top, left = (
        int(np.clip(round((size - 1) / 2 - centre), 0, size - side))
        for centre, side in zip(centre_of_mass(drawing), drawing.shape, strict=True)
    )
    sheet[top : top + drawing.shape[0], left : left + drawing.shape[1]] = drawing
    return sheet


def centre_of_mass(drawing: Grey) -> tuple[float, float]:
    """Row and column."""
    rows, columns = np.indices(drawing.shape)
    return float(np.average(rows, weights=drawing)), float(np.average(columns, weights=drawing))
