"""The picture files below a folder, found by their first bytes and not by their names; all other files are counted.

Links are followed, also those to folders. Hidden files and folders are left out.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gan_core.data.file_kinds import Damaged, ImageFile, kind_of
from gan_core.data.source import FolderError, Report, unreported

WORDS = {  # one file of each kind, and many
    "other": ("1 other file ignored", "{} other files ignored"),
    "misnamed": (
        "1 file that is no picture, whatever its name says",
        "{} files that are no pictures, whatever their names say",
    ),
    "heic": ("1 HEIC picture (save it as JPEG)", "{} HEIC pictures (save them as JPEG)"),
    "empty": ("1 empty file", "{} empty files"),
    "unreadable": ("1 file that may not be read", "{} files that may not be read"),
}
LOOK_EVERY = 64  # files between two reports


class Listing(NamedTuple):
    """What lies below a folder. Files are in the order of their names, classes as a person counts: 1, 2, 10."""

    files: tuple[ImageFile, ...]
    classes: tuple[str, ...]  # empty if a picture lies at the top
    passed_over: Mapping[str, int]  # files that are no pictures, by the keys of WORDS
    damaged: tuple[Damaged, ...]

    @property
    def passed_over_in_words(self) -> list[str]:
        """`2 empty files`, one phrase for each kind."""
        counts = [(words, self.passed_over.get(kind, 0)) for kind, words in WORDS.items()]
        return [one if count == 1 else many.format(f"{count:,}") for (one, many), count in counts if count]


def list_pictures(folder: Path, report: Report = unreported) -> Listing:
    """All pictures below a folder. Opens every file, but decodes none. Raises FolderError if there is no picture."""
    require_folder(folder)
    found: list[ImageFile] = []
    others: Counter[str] = Counter()
    damaged: list[Damaged] = []
    for number, path in enumerate(sorted(files_below(folder, report), key=lambda path: path.relative_to(folder).parts)):
        if number % LOOK_EVERY == 0:
            report(0.0, f"Looking at the files of {folder.name}: {number:,} so far.")
        kind = kind_of(path)
        if isinstance(kind, Damaged):
            damaged.append(kind)
        elif isinstance(kind, ImageFile):
            found.append(kind)
        else:
            others[kind] += 1
    if not found and not damaged:
        raise without_pictures(folder, others)
    return with_classes(folder, found, others, damaged)


def require_folder(folder: Path) -> None:
    """Raises FolderError for anything that is no folder, or that may not be read."""
    try:
        exists, is_folder = folder.exists(), folder.is_dir()
        if is_folder:
            os.scandir(folder).close()
    except (OSError, ValueError) as problem:  # ValueError: a null character
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise FolderError(f"the folder {printable(folder)} cannot be read ({reason}); choose another one") from problem
    if not is_folder:
        what = "is a file, not a folder" if exists else "does not exist"
        raise FolderError(f"the folder {printable(folder)} {what}; set data.folder to a folder of images")


def printable(path: Path) -> str:
    """A path for a sentence: characters that cannot be printed are escaped."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(path))


def without_pictures(folder: Path, others: Counter[str]) -> FolderError:
    count = others.total()
    what = f"holds no image among its {count:,} files" if count else "is empty"
    phrases = Listing((), (), others, ()).passed_over_in_words if set(others) - {"other"} else []
    details = f" ({', '.join(phrases)})" if phrases else ""
    return FolderError(f"the folder {folder} {what}{details}; put PNG or JPEG files into it")


def with_classes(folder: Path, found: list[ImageFile], others: Mapping[str, int], damaged: list[Damaged]) -> Listing:
    """The listing, with the first folder of each path as the class of a picture, unless a picture lies at the top."""
    paths = [file.path.relative_to(folder).parts for file in found]
    tops = [printable(Path(parts[0])) if len(parts) > 1 else "" for parts in paths]
    classes = () if "" in tops else tuple(sorted(set(tops), key=as_a_person_counts))
    number_of = {name: number for number, name in enumerate(classes)}
    files = tuple(file._replace(label=number_of.get(top, 0)) for file, top in zip(found, tops, strict=True))
    return Listing(files, classes, others, tuple(damaged))


def as_a_person_counts(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """A key to sort names: `class 2` before `class 10`. Names that count the same are in the order of characters."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts], name


def files_below(folder: Path, report: Report = unreported) -> Iterator[Path]:
    """All files that are not hidden, through links as well; no folder twice in one class, so that a loop ends."""
    seen: set[tuple[str, int, int]] = set()
    for place, folders, names in os.walk(folder, followlinks=True, onerror=None):
        report(0.0, f"Looking for files in {folder.name}.")
        parts = Path(place).relative_to(folder).parts
        top = parts[0] if parts else ""
        folders[:] = [
            name for name in folders if not name.startswith(".") and is_new(Path(place, name), top or name, seen)
        ]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def is_new(folder: Path, top: str, seen: set[tuple[str, int, int]]) -> bool:
    """Whether a folder was not met before in this class."""
    try:
        status = folder.stat()
    except OSError:
        return False
    key = (top, status.st_dev, status.st_ino)
    if key in seen:
        return False
    seen.add(key)
    return True
