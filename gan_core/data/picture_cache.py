"""Decoded pictures on disk: a file of pixels, which is memory-mapped, and beside it what was done to them, as JSON.

A cache is a function of its files (paths, sizes, dates) and of the settings that change pixels, which give its name.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import numpy as np
import torch

from gan_core.config import DataConfig
from gan_core.data.cache_folder import sweep
from gan_core.data.file_kinds import TOO_LARGE, Damaged, ImageFile, reason_of
from gan_core.data.picture_files import printable
from gan_core.data.picture_pixels import Levels, extremes, levels_over, read_picture
from gan_core.data.source import DataError, FolderError, Report

VERSION = 2  # of what is written here
SETTINGS = ("image_size", "channels", "fit", "ground", "damaged")  # that change pixels
NO_LEVELS = Levels()
NAMED = 5  # damaged files that an error names


@dataclass
class Facts:
    """What was done to the pictures of a cache."""

    resized: int = 0  # pictures
    animated: int = 0
    plain: int = 0  # of one colour
    deep: int = 0  # of more than eight bits
    levels: Levels = NO_LEVELS
    left_out: tuple[int, ...] = ()  # places of damaged files, which have no pixels


def cache_name(files: Sequence[ImageFile], config: DataConfig) -> str:
    """A name that depends on the files, their dates and sizes, and on the settings."""
    settings = " ".join(str(getattr(config, name)) for name in SETTINGS)
    digest = hashlib.sha256(f"{VERSION} {settings}".encode())
    for file in files:
        status = file.path.stat()
        digest.update(
            f"\n{file.path.absolute()} {status.st_size} {status.st_mtime_ns}".encode("utf-8", "surrogateescape")
        )
    return digest.hexdigest()[:32]


def decoded(
    files: Sequence[ImageFile], damaged: Sequence[Damaged], folder: Path, config: DataConfig, report: Report
) -> tuple[torch.Tensor, Facts]:
    """(N, C, S, S) uint8, memory-mapped, and what was done; from the cache in `folder` if it is there.

    `damaged` are files that are known to be damaged. Raises DataError, FolderError if damaged files are refused.
    """
    cache = folder / f"{cache_name(files, config)}.npy"
    try:
        found = cached(cache)
    except (OSError, EOFError, ValueError, KeyError, TypeError):  # missing or damaged
        keep(files, damaged, cache, config, report)
        return cached(cache)
    if damaged and config.damaged == "refuse":
        raise FolderError(sentence_about(damaged))
    return found


def cached(cache: Path) -> tuple[torch.Tensor, Facts]:
    values = json.loads(facts_of(cache).read_text())
    facts = Facts(**{**values, "levels": Levels(*values["levels"]), "left_out": tuple(values["left_out"])})
    # "c": copy on write, since torch wants a writable array; the file itself does not change
    return torch.from_numpy(np.load(cache, mmap_mode="c", allow_pickle=False)), facts


def facts_of(cache: Path) -> Path:
    return cache.with_suffix(".json")


def keep(
    files: Sequence[ImageFile], damaged: Sequence[Damaged], cache: Path, config: DataConfig, report: Report
) -> None:
    """Decode all pictures into the cache, which is complete or absent. Raises DataError."""
    partial = cache.with_name(f".{os.getpid()}-{secrets.token_hex(4)}-{cache.name}")  # see cache_folder.sweep
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        sweep(cache.parent)
        with partial.open("wb") as file:
            facts = Decoding(files, damaged, config, report).write(file)
        facts_of(partial).write_text(json.dumps(asdict(facts)))
        facts_of(partial).replace(facts_of(cache))
        partial.replace(cache)
    except OSError as error:
        raise DataError(
            f"the decoded images cannot be saved in {cache.parent} ({error.strerror or error}); free some space "
            "there or check the disk, then try again"
        ) from error
    finally:
        for left in (partial, facts_of(partial)):
            with contextlib.suppress(OSError):  # already renamed, or its folder is missing
                left.unlink()


class Decoding:
    """Decodes the pictures of one data set, one after the other, and notes what is damaged."""

    def __init__(
        self, files: Sequence[ImageFile], damaged: Sequence[Damaged], config: DataConfig, report: Report
    ) -> None:
        self.files, self.config, self.report = files, config, report
        self.damaged = list(damaged)
        self.bad: set[int] = set()
        self.facts = Facts(deep=sum(file.deep for file in files))

    def write(self, file: IO[bytes]) -> Facts:
        """Write a .npy file, picture by picture (if it were memory-mapped, a full disk would be a crash)."""
        self.facts.levels = self.common_levels()
        length = self.write_header(file, len(self.files))
        for place, image_file in enumerate(self.files):
            self.report(place / len(self.files), f"Reading {len(self.files):,} images.")
            if place not in self.bad:
                self.write_one(file, place, image_file)
        self.refuse_damaged()
        self.facts.left_out = tuple(sorted(self.bad))
        file.seek(0)
        if self.write_header(file, len(self.files) - len(self.bad)) != length:
            raise AssertionError("the header of a .npy file has another length for fewer images")
        return self.facts

    def common_levels(self) -> Levels:
        """Black and white of all pictures of more than eight bits."""
        ends = []
        for place, image_file in enumerate(self.files):
            if image_file.deep:
                self.report(0.0, f"Measuring the brightness of {self.facts.deep:,} images.")
                try:
                    ends.append(extremes(image_file.path))
                except Exception as problem:  # Pillow's readers raise many kinds
                    self.note(place, image_file, problem)
        return levels_over(ends)

    def write_header(self, file: IO[bytes], count: int) -> int:
        """Write the head of a .npy file; returns its length."""
        shape = (count, self.config.channels, self.config.image_size, self.config.image_size)
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        return file.tell()

    def write_one(self, file: IO[bytes], place: int, image_file: ImageFile) -> None:
        try:
            picture = read_picture(image_file.path, self.config, self.facts.levels)
        except Exception as problem:  # Pillow's readers raise many kinds
            self.note(place, image_file, problem)
            return
        file.write(picture.pixels.tobytes())
        self.facts.resized += picture.resized
        self.facts.animated += picture.animated
        self.facts.plain += picture.plain

    def note(self, place: int, image_file: ImageFile, problem: Exception) -> None:
        self.bad.add(place)
        self.damaged.append(Damaged(image_file.path, reason_of(problem)))

    def refuse_damaged(self) -> None:
        """Raises FolderError if there are damaged files and they are refused, or if no picture is left."""
        if self.damaged and (self.config.damaged == "refuse" or len(self.bad) == len(self.files)):
            raise FolderError(sentence_about(self.damaged))


def sentence_about(damaged: Sequence[Damaged]) -> str:
    """Which files are damaged, each with the reason, and what can be done."""
    if len(damaged) == 1:
        (path, reason), them = damaged[0], "it"
        if reason == TOO_LARGE:
            return f"the image {printable(path)} has {TOO_LARGE}"
        what = f"the image {printable(path)} is damaged ({reason})"
    else:
        them = "them"
        named = ", ".join(f"{printable(path)} ({reason})" for path, reason in damaged[:NAMED])
        more = f" and {len(damaged) - NAMED:,} more" if len(damaged) > NAMED else ""
        what = f"{len(damaged):,} images are damaged: {named}{more}"
    return f"{what}; replace or remove {them}, or set data.damaged to leave_out"
