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
    folder = Path(config.folder).expanduser()
    if not folder.is_dir():
        return Outlook(0, 0)
    paths = [path.relative_to(folder).parts for path in folder.rglob("*") if path.is_file()]
    visible = [parts for parts in paths if not any(part.startswith(".") for part in parts)]
    at_top = any(len(parts) == 1 for parts in visible)
    return Outlook(len(visible), 0 if at_top else len({parts[0] for parts in visible}))


SOURCE = Source(title="images of your own in data.folder", load=load, counted=counted)
