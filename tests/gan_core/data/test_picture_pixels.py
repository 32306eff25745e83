"""The pixels of unusual pictures: more than eight bits, transparent ground, other shapes, animations."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset
from gan_core.data.picture_pixels import Levels, levels_between
from gan_core.data.registry import DataError, load
from tests.tiny import CPU

SIZE = 8
RAMP = np.linspace(0, 1, SIZE * SIZE).reshape(SIZE, SIZE)
EXPECTED = (RAMP * 255).round()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    place = tmp_path / "pictures"
    place.mkdir()
    return place


def loaded(pictures: Path, **settings: Any) -> Dataset:
    config = DataConfig(**{"name": "folder", "folder": str(pictures), "image_size": SIZE, **settings})
    return load(config, CPU, root=pictures.parent / "data")


def array(data: Dataset, number: int = 0) -> np.ndarray[Any, Any]:
    values: np.ndarray[Any, Any] = data.images[number, 0].numpy().astype(int)
    return values


@pytest.mark.parametrize("white", [1.0, 255.0, 65_535.0])
def test_a_float_picture_is_scaled_by_its_range(pictures: Path, white: float) -> None:
    Image.fromarray((RAMP * white).astype(np.float32)).save(pictures / "a.tiff")

    data = loaded(pictures)

    assert np.abs(array(data) - EXPECTED).max() <= 1
    assert f"values from 0 to {white:,.6g} taken as black to white" in data.source


def test_a_float_picture_from_minus_one_to_one_is_scaled(pictures: Path) -> None:
    Image.fromarray((RAMP * 2 - 1).astype(np.float32)).save(pictures / "a.tiff")

    assert np.abs(array(loaded(pictures)) - EXPECTED).max() <= 1


@pytest.mark.parametrize("white", [1_023, 4_095, 16_383, 65_535])
def test_ten_to_sixteen_bits_are_scaled_by_the_range_of_the_whole_set(pictures: Path, white: int) -> None:
    Image.fromarray((RAMP * white).round().astype(np.uint16)).save(pictures / "a.png")
    Image.fromarray(np.full((SIZE, SIZE), white // 4, np.uint16)).save(pictures / "b.png")

    data = loaded(pictures)

    assert np.abs(array(data) - EXPECTED).max() <= 1
    assert abs(array(data, 1)[0, 0] - 255 / 4) <= 1


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0, 1), (0, 1)),
        ((0, 0.5), (0, 1)),
        ((0, 3_000), (0, 4_095)),
        ((0, 70_000), (0, 70_000)),
        ((-1, 1), (-1, 1)),
        ((-5, 20), (-5, 20)),
        ((-5, -5), (-5, -4)),
    ],
)
def test_levels(ends: tuple[float, float], expected: tuple[float, float]) -> None:
    assert levels_between(*ends) == Levels(*expected)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_named_with_its_file(pictures: Path, value: float) -> None:
    Image.fromarray(np.full((SIZE, SIZE), value, np.float32)).save(pictures / "a.tiff")

    with pytest.raises(DataError, match=r"a\.tiff is damaged \(it holds values that are no numbers or infinite\)"):
        loaded(pictures)


def test_white_drawings_on_a_transparent_ground_are_seen_on_black(pictures: Path) -> None:
    drawing = np.zeros((SIZE, SIZE, 4), np.uint8)
    drawing[2:5, 2:5] = 255
    Image.fromarray(drawing).save(pictures / "a.png")

    on_white, on_black = loaded(pictures), loaded(pictures, ground="black")

    assert np.ptp(array(on_white)) == 0
    assert "set data.ground to black" in on_white.warnings[0]
    assert array(on_black)[3, 3] == 255
    assert array(on_black)[0, 0] == 0
    assert on_black.warnings == ()


def test_one_picture_of_one_colour_among_many_is_no_warning(pictures: Path) -> None:
    Image.new("L", (SIZE, SIZE), 9).save(pictures / "plain.png")
    Image.fromarray(EXPECTED.astype(np.uint8)).save(pictures / "ramp.png")

    assert loaded(pictures).warnings == ()


@pytest.mark.parametrize(("fit", "corner", "words"), [("crop", 100, "cropped"), ("pad", 255, "padded")])
def test_a_wide_picture_is_cropped_or_padded(pictures: Path, fit: str, corner: int, words: str) -> None:
    Image.new("L", (40, 20), 100).save(pictures / "a.png")

    data = loaded(pictures, fit=fit)

    assert array(data)[0, 0] == corner
    assert array(data)[SIZE // 2, SIZE // 2] == 100
    assert f"{words} to squares and resized to {SIZE} pixels" in data.source


def test_a_wide_picture_is_squeezed_so_that_both_sides_are_seen(pictures: Path) -> None:
    wide = np.zeros((10, 40), np.uint8)
    wide[:, 20:] = 200
    Image.fromarray(wide).save(pictures / "a.png")

    pixels = array(loaded(pictures, fit="stretch"))

    assert pixels[0].tolist() == pytest.approx([0, 0, 0, 0, 200, 200, 200, 200], abs=20)


def test_padding_has_the_colour_of_the_ground(pictures: Path) -> None:
    Image.new("RGB", (40, 20), (100, 100, 100)).save(pictures / "a.png")

    assert array(loaded(pictures, fit="pad", ground="black", channels=3))[0, 0] == 0


def test_of_an_animation_the_first_frame_is_used_and_this_is_said(pictures: Path) -> None:
    frames = [Image.new("L", (SIZE, SIZE), value) for value in (50, 200)]
    frames[0].save(pictures / "a.gif", save_all=True, append_images=frames[1:])

    data = loaded(pictures)

    assert array(data)[0, 0] == 50
    assert "of 1 animations only the first frame" in data.source
