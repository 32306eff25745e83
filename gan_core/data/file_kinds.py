"""What one file is, by its first bytes and not by its name: a picture, a damaged one, or no picture at all."""

import errno
import stat
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

# Formats of Pillow that are no pictures here: they start another program (EPS), need one (the others), or are films.
NOT_READ = ("EPS", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "FPX", "MIC")
SUFFIXES = frozenset(
    (
        *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".ppm", ".pgm"),
        *(".pbm", ".pnm", ".avif", ".avifs", ".jp2", ".j2k", ".sgi", ".ico", ".tga", ".psd", ".pcx", ".dds", ".icns"),
    )
)
MOST_PIXELS = 50_000_000  # of one picture: a larger file may be made to fill the memory
TOO_LARGE = f"more than {MOST_PIXELS // 1_000_000} million pixels; make it smaller"
DEEP = ("I", "F")  # modes of Pillow with more than eight bits begin so
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")  # ISO/IEC 23008-12, annex B
UNREADABLE = (errno.EACCES, errno.EPERM, errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.ENODEV)
LONGEST_REASON = 200  # characters


class ImageFile(NamedTuple):
    """One picture and the number of its class (0 without classes); `deep`: it has more than eight bits a value."""

    path: Path
    label: int
    deep: bool = False


class Damaged(NamedTuple):
    """A file that is a picture and cannot be used, and why."""

    path: Path
    reason: str


def kind_of(path: Path) -> ImageFile | Damaged | str:
    """What one file is: a picture, a damaged one, or one of the kinds other, misnamed, heic, empty, unreadable.

    Reads its first bytes only.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a device or a pipe would be waited for
            return "unreadable"
        if status.st_size == 0:
            return "empty"
        with Image.open(path, formats=formats()) as image:
            large = image.width * image.height > MOST_PIXELS
            return Damaged(path, TOO_LARGE) if large else ImageFile(path, 0, image.mode.startswith(DEEP))
    except UnidentifiedImageError:
        return unidentified(path)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Damaged(path, TOO_LARGE)
    except OSError as problem:
        return "unreadable" if problem.errno in UNREADABLE else broken(path, problem)
    except Exception as problem:  # Pillow's readers raise many kinds for bytes that they do not expect
        return broken(path, problem)


def broken(path: Path, problem: Exception) -> Damaged | str:
    """A file whose first bytes look like a picture; only its name says whether it is meant to be one."""
    return Damaged(path, reason_of(problem)) if path.suffix.lower() in SUFFIXES else "other"


def reason_of(problem: Exception) -> str:
    """Why a file cannot be read, in one line."""
    text = " ".join((problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)).split())
    return text[:LONGEST_REASON] or type(problem).__name__


def unidentified(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(12)
    if start[4:8] == b"ftyp" and start[8:12] in HEIC:
        return "heic"
    return "misnamed" if path.suffix.lower() in SUFFIXES else "other"


@cache
def formats() -> tuple[str, ...]:
    """The formats of Pillow that are read."""
    Image.init()
    return tuple(name for name in Image.OPEN if name not in NOT_READ)
