"""The rows of the data sets: the numbers that are shown before loading are those that loading gives."""

from pathlib import Path

import pytest
import torch

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset
from gan_core.data.registry import SOURCES, DataError, load, needs_network, outlook
from gan_core.data.source import Source
from tests.tiny import CPU


def test_the_row_of_a_data_set_is_what_loading_it_gives(digits: str, tmp_path: Path) -> None:
    for name in ("digits", "mnist-5k", digits):
        row = SOURCES[name]
        config = DataConfig(name=name, image_size=row.size, labels=True)

        data = load(config, CPU, root=tmp_path)

        assert data.images.shape == (row.images, row.channels, row.size, row.size)
        assert data.classes == row.classes
        assert "Resized" not in data.source
        assert outlook(config) == (len(data), len(data.classes))


def test_every_row_has_numbers_and_a_native_size_or_a_function_that_counts() -> None:
    for name, row in SOURCES.items():
        known = row.images > 0 and len(row.classes) > 1 and row.size > 0 and row.channels in (1, 3)
        assert known != (row.counted is not None), name
        assert row.title in row.in_words, name


def test_labels_are_refused_if_the_data_set_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    images = Dataset(images=torch.zeros(2, 1, 8, 8, dtype=torch.uint8), labels=None, classes=(), source="Made here.")
    monkeypatch.setitem(SOURCES, "digits", Source(title="squares", load=lambda *arguments: images, images=2))

    assert load(DataConfig(name="digits"), CPU) is images
    with pytest.raises(DataError, match="the data set digits has no classes"):
        load(DataConfig(name="digits", labels=True), CPU)


def test_only_a_set_that_is_not_on_this_machine_needs_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAN_STUDIO_DATA", raising=False)
    needed = {name for name in SOURCES if needs_network(DataConfig(name=name), root=tmp_path)}

    (tmp_path / "KMNIST" / "raw").mkdir(parents=True)
    for part in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"):
        (tmp_path / "KMNIST" / "raw" / part).touch()

    assert needed == {name for name, row in SOURCES.items() if row.is_here is not None}
    assert not needs_network(DataConfig(name="kmnist"), root=tmp_path)


def test_a_folder_is_counted_without_being_read(tmp_path: Path) -> None:
    for name in ("cat/a.png", "cat/b.png", "dog/c.png", ".hidden/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    config = DataConfig(name="folder", folder=str(tmp_path), labels=True)

    assert outlook(config) == (3, 2)
    assert outlook(config.model_copy(update={"limit": 2, "labels": False})) == (2, 0)
    assert outlook(config.model_copy(update={"folder": str(tmp_path / "nowhere")})) == (1, 0)
