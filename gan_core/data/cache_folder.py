"""Where data sets lie, and where decoded copies of them are kept."""

import os
import tempfile
from pathlib import Path

CACHE = "cache"


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
