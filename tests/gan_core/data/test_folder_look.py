"""A look at a folder of images before a run."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data.folder_look import SHOWN, look_at_folder
from gan_core.data.source import FolderError


def image(path: Path, *, colour: bool = False, size: int = 40) -> None:
    """Write a PNG with a grey or a red square."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((size, size, 3), 100, dtype=np.uint8)
    pixels[10:20, 10:20] = (255, 0, 0) if colour else (255, 255, 255)
    Image.fromarray(pixels).save(path)


def config(folder: Path, channels: Literal[1, 3] = 1, labels: bool = False) -> DataConfig:
    return DataConfig(name="folder", folder=str(folder), channels=channels, labels=labels, image_size=28)


def test_images_classes_and_other_files_are_counted(tmp_path: Path) -> None:
    for number in range(3):
        image(tmp_path / "cats" / f"{number}.png")
    image(tmp_path / "dogs" / "0.png")
    (tmp_path / "dogs" / "notes.txt").touch()

    look = look_at_folder(config(tmp_path, labels=True))

    assert (look.images, look.classes) == (4, {"cats": 3, "dogs": 1})
    assert look.ignored == ("1 empty file",)
    assert look.picture.size == (4 * 30 - 2, 28)


@pytest.mark.parametrize("channels", [1, 3])
def test_some_of_many_images_are_shown_as_the_networks_see_them(tmp_path: Path, channels: Literal[1, 3]) -> None:
    for number in range(2 * SHOWN):
        image(tmp_path / f"{number:03}.png", colour=number % 4 == 0)

    look = look_at_folder(config(tmp_path, channels))

    assert (look.images, look.shown, look.coloured) == (2 * SHOWN, SHOWN, SHOWN // 2)
    red, green, *_ = np.asarray(look.picture, dtype=int)[10, 10]
    assert (red > green + 100) == (channels == 3)


def test_grey_images_that_are_stored_in_colour_are_grey(tmp_path: Path) -> None:
    image(tmp_path / "0.png")

    assert look_at_folder(config(tmp_path)).coloured == 0


@pytest.mark.parametrize("labels", [True, False])
def test_a_folder_that_a_run_would_refuse_is_refused(tmp_path: Path, labels: bool) -> None:
    if labels:
        image(tmp_path / "0.png")

    with pytest.raises(FolderError, match="has no classes" if labels else "is empty"):
        look_at_folder(config(tmp_path, labels=labels))


def test_a_damaged_image_is_named(tmp_path: Path) -> None:
    image(tmp_path / "broken.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "broken.png").read_bytes()[:60])

    with pytest.raises(FolderError, match=r"broken\.png is damaged"):
        look_at_folder(config(tmp_path))
