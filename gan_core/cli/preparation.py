"""Before a new run exists: what is unwise in its settings, and everything that can be wrong with its data.

So a mistyped folder makes no run, and its name stays free.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import torch

from gan_core.cli.printing import Reading, say
from gan_core.config import RunConfig, with_overrides
from gan_core.config.advice import advice_on
from gan_core.data.cache_folder import data_root
from gan_core.data.folder_path import folder_in, with_absolute_folder, with_folder
from gan_core.data.picture_files import list_pictures
from gan_core.data.registry import Report, load, needs_network
from gan_core.execution.begun_data import check_new, data_as_begun
from gan_core.runs.store import RunStore
from gan_core.training.autotune import Resolved, check_data

LABELS = "data.labels"


def prepared(config: RunConfig, chosen: Mapping[str, Any]) -> RunConfig:
    """The configuration to train: without labels, unless they are `chosen`, if the data have none.

    Says what is unwise. Decodes a folder of images, and downloads what is missing. Raises DataError.
    """
    with closing(Reading()) as report:
        if config.data.name == "folder":
            config = with_labels_if_any(config, chosen, report)
        if config.data.name == "folder" or needs_network(config.data, root=data_root()):
            check_new(config.data, report)
            dataset = load(config.data, torch.device("cpu"), root=data_root(), report=report)
            report.close()
            for sentence in (dataset.source, *dataset.warnings):
                say(sentence)
    for advice in advice_on(config):
        say(f"advice on {advice.field}: {advice.sentence}{f' ({advice.source})' if advice.source else ''}")
    return config


def with_labels_if_any(config: RunConfig, chosen: Mapping[str, Any], report: Report) -> RunConfig:
    """The configuration without labels if the folder has no classes and nobody has asked for them."""
    if not config.data.labels or LABELS in chosen or list_pictures(folder_in(config.data.folder), report).classes:
        return config
    say("the folder has no classes, so the networks are told none (data.labels=false)")
    return with_overrides(config, {LABELS: False})


def move_images(store: RunStore, run: str, folder: Path) -> None:
    """Tell a run that its images lie in another folder now. Raises DataChangedError if they are other images."""
    resolved, config = store.record(run)["resolved"], with_absolute_folder(with_folder(store.config(run), folder))
    with closing(Reading()) as report:
        if resolved is None:
            load(config.data, torch.device("cpu"), root=data_root(), report=report)
        else:
            dataset = data_as_begun(config.data, resolved, torch.device("cpu"), data_root(), report)
            check_data(Resolved.model_validate(resolved), dataset, run)
    store.move_images(run, folder_in(str(folder)).absolute())
