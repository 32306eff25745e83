"""A look at a folder of images before a run: how many, which classes, whether they are in colour, and a few of them."""

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from gan_core.config import DataConfig
from gan_core.data.dataset import spread
from gan_core.data.image_folder import ImageFile, decode, list_images, require_classes

SHOWN = 8  # images in the picture, in two rows
COLUMNS = 4
GAP = 2  # pixels between them
LEAST_COLOUR = 12  # greatest difference between the channels of a pixel, of 255, in an image that counts as coloured
PROBE_PIXELS = 64  # colour is looked for in a smaller copy


class FolderLook(NamedTuple):
    """What is in a folder of images."""

    images: int
    classes: dict[str, int]  # images in each class; empty without classes
    others: int  # files that are no images
    coloured: int  # of the images shown
    shown: int
    picture: Image.Image  # some of the images, as the networks will see them


def look_at_folder(config: DataConfig) -> FolderLook:
    """What is in `config.folder`. Decodes SHOWN images. Raises FolderError as `load_folder` does for these images."""
    folder = Path(os.path.expanduser(config.folder))
    files, classes, others = list_images(folder)
    require_classes(folder, classes, config)
    counts = Counter(file.label for file in files)
    chosen = [files[index] for index in spread(len(files), min(SHOWN, len(files))).tolist()]
    picture = contact_sheet(chosen, config)  # first: it refuses what is damaged
    return FolderLook(
        images=len(files),
        classes={name: counts[number] for number, name in enumerate(classes)},
        others=others,
        coloured=sum(is_coloured(file.path) for file in chosen),
        shown=len(chosen),
        picture=picture,
    )


def is_coloured(path: Path) -> bool:
    """Whether an image has colours, and not only three equal channels."""
    with Image.open(path) as image:
        image.draft("RGB", (PROBE_PIXELS, PROBE_PIXELS))
        small = ImageOps.contain(image.convert("RGB"), (PROBE_PIXELS, PROBE_PIXELS))
    pixels = np.asarray(small, dtype=np.int16)
    return bool((pixels.max(2) - pixels.min(2)).max() > LEAST_COLOUR)


def contact_sheet(files: list[ImageFile], config: DataConfig) -> Image.Image:
    """The images side by side, as the networks see them. Raises FolderError for a damaged one."""
    step, columns = config.image_size + GAP, min(COLUMNS, len(files))
    size = (columns * step - GAP, -(-len(files) // columns) * step - GAP)
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    for number, file in enumerate(files):
        pixels, _ = decode(file.path, config)
        image = Image.fromarray(pixels[0] if config.channels == 1 else pixels.transpose(1, 2, 0))
        sheet.paste(image.convert("RGBA"), (number % columns * step, number // columns * step))
    return sheet
