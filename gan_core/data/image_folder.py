"""A folder of the user's own images: any size, grey or colour; subfolders are the classes.

Images are decoded once into a cache, which is memory-mapped. A data set above RESIDENT_BYTES is not loaded into memory:
its batches are read from that file.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch

from gan_core.config import DataConfig
from gan_core.data.cache_folder import cache_folder
from gan_core.data.dataset import Dataset, spread
from gan_core.data.file_kinds import ImageFile
from gan_core.data.folder_path import folder_in
from gan_core.data.picture_cache import Facts, decoded, sentence_about
from gan_core.data.picture_files import Listing, list_pictures, printable
from gan_core.data.picture_pixels import mostly_plain, other_ground
from gan_core.data.source import FolderError, Report, unreported

RESIDENT_BYTES = 1 << 30
SHAPED = {"crop": "cropped to squares", "pad": "padded to squares", "stretch": "squeezed to squares"}


def load_folder(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    """All images below `config.folder`. Raises DataError if it is missing or empty, or an image is damaged."""
    folder = folder_in(config.folder)
    listing = checked_listing(config, report)
    chosen = [listing.files[place] for place in spread(len(listing.files), config.limit).tolist()]
    images, facts = decoded(chosen, listing.damaged, cache_folder(root), config, report)
    left_out = set(facts.left_out)
    used = [file for place, file in enumerate(chosen) if place not in left_out]
    labels = torch.tensor([file.label for file in used]).to(device) if listing.classes else None
    return Dataset(
        images=images.to(device) if images.numel() <= RESIDENT_BYTES else images,
        labels=labels,
        classes=listing.classes,
        source=sentence(folder, len(used), listing, facts, config),
        warnings=warnings(len(used), facts, config),
    )


def checked_listing(config: DataConfig, report: Report = unreported) -> Listing:
    """The images of a folder that the networks can use. Raises FolderError as `load_folder` does."""
    folder = folder_in(config.folder)
    listing = list_pictures(folder, report)
    if not listing.files:
        raise FolderError(sentence_about(listing.damaged))
    if config.labels and not listing.classes:
        raise FolderError(
            f"{printable(folder)} has no classes: put the images of each class into a subfolder, or switch "
            "data.labels off"
        )
    return listing


def check_limit(config: DataConfig, report: Report = unreported) -> None:
    """Raises FolderError if the limit leaves a class without an image. Opens all files, but decodes none."""
    listing = checked_listing(config, report)
    require_every_class([listing.files[place] for place in spread(len(listing.files), config.limit)], listing, config)


def require_every_class(chosen: Sequence[ImageFile], listing: Listing, config: DataConfig) -> None:
    """Raises FolderError if the limit leaves a class without an image although the networks are told the classes."""
    missing = set(range(len(listing.classes))) - {file.label for file in chosen}
    if not config.labels or not missing:
        return
    names = [listing.classes[label] for label in sorted(missing)]
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    raise FolderError(
        f"data.limit {config.limit:,} leaves no image of the class {', '.join(names[:3])}{more}; use at least "
        f"{least_limit(listing):,} of the {len(listing.files):,} images, or 0 for all"
    )


def least_limit(listing: Listing) -> int:
    """A limit with which every class has an image: its images lie side by side, at least as many as one step."""
    return -(-len(listing.files) // min(Counter(file.label for file in listing.files).values()))


def sentence(folder: Path, used: int, listing: Listing, facts: Facts, config: DataConfig) -> str:
    """One sentence: which images these are and how they were changed."""
    text = f"{used:,} images from {folder}"
    text += f", spread evenly over its {len(listing.files):,}" if 0 < config.limit < len(listing.files) else ""
    text += f" in {len(listing.classes)} classes" if listing.classes else ""
    text += "".join(f", {phrase}" for phrase in listing.passed_over_in_words)
    damaged = len(facts.left_out) + len(listing.damaged)
    text += f", {damaged:,} damaged left out" if damaged else ""
    black, white = facts.levels
    text += f", values from {black:,.6g} to {white:,.6g} taken as black to white" if facts.deep else ""
    text += f", of {facts.animated:,} animations only the first frame" if facts.animated else ""
    text += f", {SHAPED[config.fit]} and resized to {config.image_size} pixels" if facts.resized else ""
    return text + "."


def warnings(used: int, facts: Facts, config: DataConfig) -> tuple[str, ...]:
    """What a person should know before a run learns these images."""
    if not mostly_plain(facts.plain, used):
        return ()
    return (
        f"{facts.plain:,} of {used:,} images are of one colour, so there is nothing to learn: for drawings on a "
        f"transparent ground set data.ground to {other_ground(config)}; else look at the files",
    )
