"""A folder of the user's own images; its subfolders, if any, are the classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data.source import Outlook, Report, Source

if TYPE_CHECKING:
    import torch

    from gan_core.config import DataConfig
    from gan_core.data.dataset import Dataset


def load(config: DataConfig, device: torch.device, root: Path, report: Report) -> Dataset:
    from gan_core.data.image_folder import load_folder

    return load_folder(config, device, root, report)


def counted(config: DataConfig) -> Outlook:
    """Files below the folder, images or not, and the subfolders that hold them (no classes if files lie at its top)."""
    from gan_core.data.folder_path import folder_in
    from gan_core.data.picture_files import files_below

    folder = folder_in(config.folder)
    try:
        parts = [path.relative_to(folder).parts for path in files_below(folder)]
    except (OSError, ValueError):  # ValueError: a null character
        return Outlook(0, 0)
    at_top = any(len(each) == 1 for each in parts)
    return Outlook(len(parts), 0 if at_top else len({each[0] for each in parts}))


SOURCE = Source(title="images of your own in data.folder", load=load, counted=counted)
