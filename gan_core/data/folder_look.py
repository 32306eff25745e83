"""A look at a folder of images before a run: how many, which classes, whether they are in colour, and many of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from gan_core.config import DataConfig
from gan_core.data.dataset import spread
from gan_core.data.file_kinds import Damaged, ImageFile, formats, reason_of
from gan_core.data.folder_path import folder_in
from gan_core.data.image_folder import checked_listing, require_every_class
from gan_core.data.picture_cache import sentence_about
from gan_core.data.picture_pixels import Levels, Picture, extremes, levels_over, mostly_plain, read_picture
from gan_core.data.source import FolderError, Report, unreported

SHOWN = 64  # images in the picture, in rows of eight
FEWEST = 8  # that are shown even if they are large and slow to read
COLUMNS = 8
GAP = 2  # pixels between them
SHOW_SECONDS = 3.0  # for reading the images that are shown
CHECK_SECONDS = 5.0  # for reading others, to find damaged ones
LEAST_COLOUR = 12  # greatest difference between the channels of a pixel, of 255, in an image that counts as coloured
PROBE_PIXELS = 64  # colour is looked for in a smaller copy


class FolderLook(NamedTuple):
    """What is in a folder of images."""

    images: int
    classes: Mapping[str, int]  # images in each class; empty without classes
    ignored: tuple[str, ...]  # what was passed over, a phrase for each kind
    coloured: int  # of the images shown
    plain: int  # of the images shown: they are of one colour
    shown: int
    picture: Image.Image  # some of the images, as the networks will see them

    @property
    def is_plain(self) -> bool:
        """Whether nearly all of the images shown are of one colour."""
        return mostly_plain(self.plain, self.shown)


def look_at_folder(config: DataConfig, report: Report = unreported) -> FolderLook:
    """What is in `config.folder`. Decodes at most SHOWN images. Raises FolderError as `load_folder` does for these."""
    folder, listing = folder_in(config.folder), checked_listing(config, report)
    used = [listing.files[place] for place in spread(len(listing.files), config.limit).tolist()]
    require_every_class(used, listing, config)
    shown = spread(len(used), min(SHOWN, len(used))).tolist()
    others = [file for place, file in enumerate(used) if place not in set(shown)]
    text = f"Looking at the images of {folder.name}."
    levels = levels_of([used[place] for place in shown])
    pictures, damaged = read_some([used[place] for place in shown], config, levels, SHOW_SECONDS, report, text)
    _, also_damaged = read_some(others, config, levels, CHECK_SECONDS, report, text)
    damaged = [*listing.damaged, *damaged, *also_damaged]
    if damaged and (config.damaged == "refuse" or not pictures):
        raise FolderError(sentence_about(damaged))
    counts = Counter(file.label for file in listing.files)
    return FolderLook(
        images=len(listing.files),
        classes={name: counts[number] for number, name in enumerate(listing.classes)},
        ignored=(*listing.passed_over_in_words, *([f"{len(damaged):,} damaged left out"] if damaged else [])),
        coloured=sum(is_coloured(file) for file, _ in pictures),
        plain=sum(picture.plain for _, picture in pictures),
        shown=len(pictures),
        picture=contact_sheet([picture for _, picture in pictures], config),
    )


def read_some(
    files: Sequence[ImageFile], config: DataConfig, levels: Levels, seconds: float, report: Report, text: str
) -> tuple[list[tuple[ImageFile, Picture]], list[Damaged]]:
    """As many of the files as can be read in so many seconds, and those that are damaged."""
    read, damaged, began = list[tuple[ImageFile, Picture]](), list[Damaged](), monotonic()
    for number, file in enumerate(files):
        spent = monotonic() - began
        if number >= FEWEST and spent > seconds:
            break
        report(max(number / len(files), min(1.0, spent / seconds)), text)
        try:
            if file.deep:
                extremes(file.path)  # refuses what is no number
            read.append((file, read_picture(file.path, config, levels)))
        except Exception as problem:  # Pillow's readers raise many kinds
            damaged.append(Damaged(file.path, reason_of(problem)))
    return read, damaged


def levels_of(files: Sequence[ImageFile]) -> Levels:
    """Black and white of those that have more than eight bits a value: an estimate, since these are only some."""
    ends = []
    for file in files:
        if file.deep:
            try:
                ends.append(extremes(file.path))
            except Exception:  # it is named when it is read
                continue
    return levels_over(ends)


def is_coloured(file: ImageFile) -> bool:
    """Whether an image has colours, and not only three equal channels."""
    if file.deep:
        return False
    with Image.open(file.path, formats=formats()) as image:
        image.draft("RGB", (PROBE_PIXELS, PROBE_PIXELS))
        small = ImageOps.contain(image.convert("RGB"), (PROBE_PIXELS, PROBE_PIXELS))
    pixels = np.asarray(small, dtype=np.int16)
    return bool((pixels.max(2) - pixels.min(2)).max() > LEAST_COLOUR)


def contact_sheet(pictures: Sequence[Picture], config: DataConfig) -> Image.Image:
    """The pictures side by side."""
    step, columns = config.image_size + GAP, min(COLUMNS, len(pictures))
    size = (columns * step - GAP, -(-len(pictures) // columns) * step - GAP)
    sheet = Image.new("RGBA", size, (0, 0, 0, 0))
    for number, picture in enumerate(pictures):
        pixels = picture.pixels
        image = Image.fromarray(pixels[0] if config.channels == 1 else pixels.transpose(1, 2, 0))
        sheet.paste(image.convert("RGBA"), (number % columns * step, number // columns * step))
    return sheet
