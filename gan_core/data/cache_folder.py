"""Where data sets lie, and where decoded copies of them are kept."""

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

CACHE = "cache"
PARTIAL = re.compile(r"\.(?P<pid>[0-9]+)-")  # a file that is being written begins with the id of its process
STALE_SECONDS = 86_400.0  # after which a half-written file belongs to nobody: ids are used again


def data_root() -> Path:
    """The folder of data sets: GAN_STUDIO_DATA, else `data` in the present folder."""
    return Path(os.environ.get("GAN_STUDIO_DATA") or "data").absolute()


def cache_folder(root: Path) -> Path:
    """The folder of caches: in the folder of data sets, or that of this user if nothing can be written there."""
    place = root / CACHE
    nearest = next((folder for folder in (place, *place.absolute().parents) if folder.exists()), place)
    return place if os.access(nearest, os.W_OK) else users_cache()


def users_cache() -> Path:
    """The folder of caches of this user: XDG_CACHE_HOME, `~/.cache`, or else the folder of temporary files."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    given = Path(home) if os.path.isabs(home) else Path(tempfile.gettempdir())
    return given / "gan-studio"


def cached_bytes(root: Path) -> int:
    """The sizes of all files in the cache."""
    return sum(size_of(path) for path in complete(cache_folder(root)))


def complete(folder: Path) -> Iterator[Path]:
    """The files of a cache without those that are being written."""
    return (path for path in folder.glob("*") if not path.name.startswith("."))


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # removed meanwhile
        return 0


def empty_cache(root: Path) -> None:
    """Remove all files of the cache. What is needed again is decoded again; a run that trains keeps its own."""
    for path in complete(cache_folder(root)):
        with contextlib.suppress(OSError):
            path.unlink()


def sweep(folder: Path) -> None:
    """Remove what processes that were killed have left half written in a cache."""
    for path in folder.glob(".*-*"):
        written_by = PARTIAL.match(path.name)
        if written_by and (not is_alive(int(written_by["pid"])) or age_of(path) > STALE_SECONDS):
            with contextlib.suppress(OSError):
                path.unlink()


def age_of(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:  # removed meanwhile
        return 0.0


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else, or the number is too large
        return True
    return True
