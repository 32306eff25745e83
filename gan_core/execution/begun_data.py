"""The data of a run that has begun, and rules that hold only for a run that has not.

A run keeps what it began with. An older version had other rules: such a run goes on if its data are the same.
"""

from pathlib import Path

import torch

from gan_core.config import DataConfig, Json
from gan_core.data.dataset import Dataset
from gan_core.data.image_folder import check_limit
from gan_core.data.registry import Report, load
from gan_core.data.source import FolderError
from gan_core.training.autotune import Resolved, as_it_began


def check_new(config: DataConfig, report: Report) -> None:
    """Raises FolderError if a new run would be told of a class without an image."""
    if config.name == "folder" and config.labels and config.limit:
        check_limit(config, report)


def data_as_begun(config: DataConfig, resolved: Json, device: torch.device, root: Path, report: Report) -> Dataset:
    """The data that a run began with, for `check_data` to compare.

    Damaged files that an older version passed over are passed over again, if the images are the same without them.
    """
    began = Resolved.model_validate(resolved)
    try:
        return as_it_began(began, load(config, device, root=root, report=report))
    except FolderError:
        if config.damaged == "leave_out":
            raise
        without = config.model_copy(update={"damaged": "leave_out"})
        dataset = as_it_began(began, load(without, device, root=root, report=report))
        if dataset.sha256 != began.data_sha256:
            raise
        return dataset
