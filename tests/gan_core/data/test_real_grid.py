"""The real images beside a film: always the same ones, in the form of a sample grid, never over the network."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from gan_core.cli.draw import real_grid, real_numbers
from gan_core.config import DataConfig
from gan_core.data.registry import DataError, Dataset, load

DIGITS = DataConfig(name="digits", image_size=8)
NOWHERE = Path("nowhere")


def labelled(labels: list[int], classes: int = 2) -> Dataset:
    images = torch.zeros(len(labels), 1, 8, 8, dtype=torch.uint8)
    return Dataset(
        images=images, labels=torch.tensor(labels), classes=tuple("abcdefghij"[:classes]), source="Made here."
    )


def test_the_grid_holds_real_images_spread_over_the_data_and_is_always_the_same() -> None:
    images = load(DIGITS, torch.device("cpu"), root=NOWHERE).images

    sheet = real_grid(DIGITS, NOWHERE)

    assert sheet.shape == (64, 64)
    assert sheet[8:16, 16:24].tolist() == images[10 * len(images) // 64, 0].tolist()
    assert (sheet == real_grid(DIGITS, NOWHERE)).all()


def test_where_a_grid_shows_the_classes_in_turn_the_real_images_do_too() -> None:
    numbers = real_numbers(labelled([1, 0, 1, 1, 0]), labelled=True)

    assert numbers[:6].tolist() == [1, 0, 4, 2, 1, 3]
    assert len(numbers) == 64


@pytest.mark.parametrize("labels", [[1, 1, 1], [0] * 100])
def test_a_class_without_images_does_not_hinder(labels: list[int]) -> None:
    numbers = real_numbers(labelled(labels), labelled=True)

    assert numbers.tolist() == [place * len(labels) // min(64, len(labels)) for place in range(min(64, len(labels)))]


def test_a_set_that_is_not_here_is_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GAN_STUDIO_DATA", raising=False)
    monkeypatch.setenv("GAN_STUDIO_MIRROR", "http://localhost:9/nothing")

    with pytest.raises(DataError, match="the real images of mnist are not on this machine: no folder holds them"):
        real_grid(DataConfig(name="mnist", image_size=28), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.new("L", (8, 8), 200).save(folder / "one.png")
    config = DataConfig(name="folder", folder=str(folder), image_size=8)
    assert real_grid(config, tmp_path)[0, 0] == 200

    folder.rename(tmp_path / "elsewhere")

    with pytest.raises(DataError, match="pictures does not exist"):
        real_grid(config, tmp_path)
