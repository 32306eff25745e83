"""The real images beside the sample grids: always the same ones, in the order of a grid, never downloaded."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset
from gan_core.data.real_images import positions, real_images
from gan_core.data.registry import DataError, load
from tests.tiny import DATA

DIGITS = DataConfig(name="digits", image_size=8)


def labelled(labels: list[int], classes: int = 2) -> Dataset:
    images = torch.zeros(len(labels), 1, 8, 8, dtype=torch.uint8)
    return Dataset(
        images=images, labels=torch.tensor(labels), classes=tuple("abcdefghij"[:classes]), source="Made here."
    )


def test_the_real_images_are_spread_over_the_data_and_always_the_same() -> None:
    images = load(DIGITS, torch.device("cpu"), root=DATA).images

    found = real_images(DIGITS, DATA, 64)

    assert found.shape == (64, 1, 8, 8)
    assert found[10].tolist() == images[10 * len(images) // 64].tolist()
    assert torch.equal(found, real_images(DIGITS, DATA, 64))


def test_with_labels_the_real_images_show_the_classes_in_turn_as_a_sample_grid_does() -> None:
    numbers = positions(labelled([1, 0, 1, 1, 0]), 64, by_class=True)

    assert numbers[:6].tolist() == [1, 0, 4, 2, 1, 3]
    assert len(numbers) == 64


@pytest.mark.parametrize("labels", [[1, 1, 1], [0] * 100])
def test_if_a_class_has_no_images_they_are_spread_evenly(labels: list[int]) -> None:
    numbers = positions(labelled(labels), 64, by_class=True)

    assert numbers.tolist() == [place * len(labels) // min(64, len(labels)) for place in range(min(64, len(labels)))]


def test_a_data_set_that_is_not_on_this_machine_is_not_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAN_STUDIO_DATA", raising=False)
    monkeypatch.setenv("GAN_STUDIO_MIRROR", "http://localhost:9/nothing")

    with pytest.raises(DataError, match="the images of mnist are not on this machine; put them back"):
        real_images(DataConfig(name="mnist", image_size=28), tmp_path, 64)

    assert list(tmp_path.iterdir()) == []


def test_the_real_images_of_an_older_run_are_in_the_order_of_its_classes(tmp_path: Path) -> None:
    """Older versions ordered the classes 1, 10, 2."""
    for name in ("1", "2", "10"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        Image.new("L", (8, 8), int(name)).save(tmp_path / "pictures" / name / "a.png")
    config = DataConfig(name="folder", folder=str(tmp_path / "pictures"), image_size=8, labels=True)

    new, old = (real_images(config, tmp_path, 3, classes=names)[:, 0, 0, 0] for names in ((), ("1", "10", "2")))

    assert (new.tolist(), old.tolist()) == ([1, 2, 10], [1, 10, 2])


def test_a_deleted_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.new("L", (8, 8), 200).save(folder / "one.png")
    config = DataConfig(name="folder", folder=str(folder), image_size=8)
    assert real_images(config, tmp_path, 64)[0, 0, 0, 0] == 200

    folder.rename(tmp_path / "elsewhere")

    with pytest.raises(DataError, match="pictures does not exist"):
        real_images(config, tmp_path, 64)
