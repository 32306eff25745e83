"""A folder of the user's own images: every kind of image and of folder, and one sentence for each failure."""

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data import image_folder, picture_cache
from gan_core.data.dataset import Dataset
from gan_core.data.registry import DataError, load
from tests.tiny import CPU, digits

SIZE = 8
ROTATED_BY_90 = 6  # the EXIF orientation of a camera held upright


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """An empty folder."""
    place = tmp_path / "pictures"
    place.mkdir()
    return place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the cache."""
    return tmp_path / "data"


def load_pictures(pictures: Path, root: Path, **settings: Any) -> Dataset:
    return load(
        DataConfig(**{"name": "folder", "folder": str(pictures), "image_size": SIZE, **settings}), CPU, root=root
    )


def refusal(pictures: Path, root: Path, **settings: Any) -> str:
    """The sentence of the DataError for a folder; asserts that the cache is empty."""
    with pytest.raises(DataError) as caught:
        load_pictures(pictures, root, **settings)
    assert "\n" not in str(caught.value)
    assert [path for path in root.rglob("*") if path.is_file()] == []
    return str(caught.value)


def put_grey(place: Path, value: int, size: tuple[int, int] = (SIZE, SIZE)) -> None:
    place.parent.mkdir(exist_ok=True)
    Image.new("L", size, value).save(place)


def only(data: Dataset) -> list[int]:
    """The pixel values of a data set, each once, in order."""
    return sorted(set(data.images.flatten().tolist()))


def png_without_pixels(width: int, height: int) -> bytes:
    """A PNG of any size, however large, without its pixels."""
    parts = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", b""), (b"IEND", b"")
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_images_are_in_the_order_of_their_names(pictures: Path, root: Path) -> None:
    for value in (30, 10, 20):
        put_grey(pictures / f"{value}.png", value)

    data = load_pictures(pictures, root)

    assert data.images[:, 0, 0, 0].tolist() == [10, 20, 30]
    assert data.source == f"3 images from {pictures}."


def test_real_digits_are_read_from_a_folder_unchanged(pictures: Path, root: Path) -> None:
    real = digits().images[:40]
    for number, image in enumerate(real):
        Image.fromarray(image[0].numpy()).save(pictures / f"{number:02}.png")

    assert torch.equal(load_pictures(pictures, root).images, real)


@pytest.mark.parametrize(("kind", "loss"), [("png", 0), ("bmp", 0), ("gif", 0), ("webp", 4), ("jpg", 4), ("tiff", 0)])
def test_every_common_image_format_is_read(pictures: Path, root: Path, kind: str, loss: int) -> None:
    put_grey(pictures / f"a.{kind}", 100)

    assert all(abs(value - 100) <= loss for value in only(load_pictures(pictures, root)))


@pytest.mark.parametrize("size", [(8, 8), (3, 5), (1, 1), (200, 60), (64, 64)])
def test_an_image_of_any_size_is_cropped_and_resized(pictures: Path, root: Path, size: tuple[int, int]) -> None:
    put_grey(pictures / "a.png", 77, size)

    data = load_pictures(pictures, root)

    assert data.images.shape == (1, 1, SIZE, SIZE)
    assert only(data) == [77]
    assert ("cropped to squares and resized to 8 pixels" in data.source) == (size != (SIZE, SIZE))


def test_the_middle_of_a_wide_image_is_kept(pictures: Path, root: Path) -> None:
    wide = np.zeros((10, 30), np.uint8)
    wide[:, 10:20] = 255
    Image.fromarray(wide).save(pictures / "a.png")

    assert load_pictures(pictures, root).images[:, :, :, 2:6].min() == 255


@pytest.mark.parametrize("channels", [1, 3])
def test_grey_and_colour_images_can_be_mixed(pictures: Path, root: Path, channels: int) -> None:
    put_grey(pictures / "a.png", 50)
    Image.new("RGB", (SIZE, SIZE), (255, 0, 0)).save(pictures / "b.png")

    data = load_pictures(pictures, root, channels=channels)

    assert data.images[:, :, 0, 0].tolist() == ([[50], [76]] if channels == 1 else [[50] * 3, [255, 0, 0]])


def test_a_transparent_image_is_put_on_white(pictures: Path, root: Path) -> None:
    Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0)).save(pictures / "clear.png")
    Image.new("LA", (SIZE, SIZE), (0, 255)).save(pictures / "opaque.png")

    assert load_pictures(pictures, root).images[:, 0, 0, 0].tolist() == [255, 0]


def test_a_transparent_colour_of_a_palette_is_put_on_white(pictures: Path, root: Path) -> None:
    picture = Image.new("P", (SIZE, SIZE), 1)
    picture.putpalette([0, 0, 0, 10, 20, 30])
    picture.save(pictures / "a.png", transparency=1)

    assert only(load_pictures(pictures, root)) == [255]


@pytest.mark.parametrize(("given", "expected"), [(0, 0), (257, 1), (32_896, 128), (65_535, 255)])
def test_sixteen_bits_become_eight_without_a_change_of_brightness(
    pictures: Path, root: Path, given: int, expected: int
) -> None:
    Image.fromarray(np.full((SIZE, SIZE), given, np.uint16)).save(pictures / "a.png")
    Image.fromarray(np.full((SIZE, SIZE), 65_535, np.uint16)).save(pictures / "white.png")

    assert load_pictures(pictures, root).images[:, 0, 0, 0].tolist() == [expected, 255]


def test_an_image_with_a_rotation_tag_is_turned_upright(pictures: Path, root: Path) -> None:
    left_white = np.zeros((SIZE, SIZE), np.uint8)
    left_white[:, : SIZE // 2] = 255
    exif = Image.Exif()
    exif[0x0112] = ROTATED_BY_90
    Image.fromarray(left_white).save(pictures / "a.png", exif=exif)

    image = load_pictures(pictures, root).images[0, 0]

    assert image[: SIZE // 2].min() == 255
    assert image[SIZE // 2 :].max() == 0


def test_subfolders_are_classes_in_the_order_of_their_names(pictures: Path, root: Path) -> None:
    for label, value in (("dog", 1), ("cat", 2), ("cat", 3)):
        put_grey(pictures / label / f"{value}.png", value)

    data = load_pictures(pictures, root, labels=True)

    assert data.classes == ("cat", "dog")
    assert data.labels is not None
    assert list(zip(data.images[:, 0, 0, 0].tolist(), data.labels.tolist(), strict=True)) == [(2, 0), (3, 0), (1, 1)]
    assert "in 2 classes" in data.source


def test_folders_inside_a_class_belong_to_it(pictures: Path, root: Path) -> None:
    (pictures / "cat" / "young").mkdir(parents=True)
    put_grey(pictures / "cat" / "young" / "a.png", 5)

    assert load_pictures(pictures, root, labels=True).classes == ("cat",)


def test_an_image_beside_the_subfolders_leaves_the_data_set_without_labels(pictures: Path, root: Path) -> None:
    put_grey(pictures / "cat" / "a.png", 1)
    put_grey(pictures / "b.png", 2)

    data = load_pictures(pictures, root)

    assert (len(data), data.labels, data.classes) == (2, None, ())


def test_a_subfolder_without_images_is_no_class(pictures: Path, root: Path) -> None:
    put_grey(pictures / "cat" / "a.png", 1)
    (pictures / "dog").mkdir()
    (pictures / "dog" / "notes.txt").write_text("not an image")

    assert load_pictures(pictures, root, labels=True).classes == ("cat",)


def test_labels_are_refused_if_the_folder_has_no_classes(pictures: Path, root: Path) -> None:
    put_grey(pictures / "a.png", 1)

    expected = f"{pictures} has no classes: put the images of each class into a subfolder, or switch data.labels off"
    assert refusal(pictures, root, labels=True) == expected


def test_other_files_are_ignored_and_counted(pictures: Path, root: Path) -> None:
    put_grey(pictures / "a.png", 1)
    put_grey(pictures / ".hidden.png", 2)
    (pictures / "notes.txt").write_text("not an image")
    (pictures / "named.png").write_text("not an image either")

    data = load_pictures(pictures, root)

    assert len(data) == 1
    assert data.source.endswith(", 1 other file ignored, 1 file that is no picture, whatever its name says.")


def test_an_image_is_recognised_by_its_bytes_and_not_by_its_name(pictures: Path, root: Path) -> None:
    put_grey(pictures / "a.png", 9)
    (pictures / "a.png").rename(pictures / "a.txt")

    assert only(load_pictures(pictures, root)) == [9]


def test_a_limit_is_spread_evenly_over_the_folder_and_reported(pictures: Path, root: Path) -> None:
    for value in range(10):
        put_grey(pictures / f"{value}.png", value)

    data = load_pictures(pictures, root, limit=4)

    assert only(data) == [0, 2, 5, 7]
    assert data.source == f"4 images from {pictures}, spread evenly over its 10."


def test_a_missing_folder_is_one_sentence_that_says_what_to_do(pictures: Path, root: Path) -> None:
    place = pictures / "nowhere"

    assert refusal(place, root) == f"the folder {place} does not exist; set data.folder to a folder of images"


def test_an_unknown_home_folder_is_a_missing_folder(root: Path) -> None:
    assert "does not exist" in refusal(Path("~nobody-has-this-name/pictures"), root)


def test_a_file_instead_of_a_folder_is_one_sentence_that_says_what_to_do(pictures: Path, root: Path) -> None:
    place = pictures / "a.png"
    put_grey(place, 1)

    assert refusal(place, root) == f"the folder {place} is a file, not a folder; set data.folder to a folder of images"


def test_an_empty_folder_is_one_sentence_that_says_what_to_do(pictures: Path, root: Path) -> None:
    assert refusal(pictures, root) == f"the folder {pictures} is empty; put PNG or JPEG files into it"


def test_a_folder_without_images_is_one_sentence_that_says_what_to_do(pictures: Path, root: Path) -> None:
    for number in range(2):
        (pictures / f"{number}.txt").write_text("not an image")

    expected = f"the folder {pictures} holds no image among its 2 files; put PNG or JPEG files into it"
    assert refusal(pictures, root) == expected


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "bmp"])
def test_a_truncated_image_is_named_in_the_error(pictures: Path, root: Path, kind: str) -> None:
    put_grey(pictures / "sound.png", 1)
    place = pictures / f"torn.{kind}"
    noise = torch.arange(64 * 64, dtype=torch.int64).mul(2_654_435_761).remainder(251).to(torch.uint8).view(64, 64)
    Image.fromarray(noise.numpy()).save(place)
    place.write_bytes(place.read_bytes()[: place.stat().st_size * 2 // 3])

    sentence = refusal(pictures, root)

    assert sentence.startswith(f"the image {place} is damaged (")
    assert sentence.endswith("); replace or remove it, or set data.damaged to leave_out")


@pytest.mark.parametrize("side", [8_000, 10_000, 60_000])
def test_an_enormous_image_is_refused_before_it_is_decoded(pictures: Path, root: Path, side: int) -> None:
    place = pictures / "poster.png"
    place.write_bytes(png_without_pixels(side, side))

    assert refusal(pictures, root) == f"the image {place} has more than 50 million pixels; make it smaller"


def test_a_second_load_decodes_nothing(pictures: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_grey(pictures / "a.png", 3, (20, 20))
    first = load_pictures(pictures, root)
    monkeypatch.setattr(picture_cache, "read_picture", decodes_nothing)

    second = load_pictures(pictures, root)

    assert (second.sha256, second.source) == (first.sha256, first.source)


def decodes_nothing(path: Path, *others: object) -> None:
    raise AssertionError(f"{path} was decoded although it is in the cache")


def test_a_changed_image_of_the_same_size_is_read_again(pictures: Path, root: Path) -> None:
    place = pictures / "a.bmp"
    put_grey(place, 3)
    before, length = load_pictures(pictures, root), place.stat().st_size
    put_grey(place, 4)
    os.utime(place, ns=(0, 1))

    assert place.stat().st_size == length
    assert (only(before), only(load_pictures(pictures, root))) == ([3], [4])


def test_added_and_removed_images_are_noticed(pictures: Path, root: Path) -> None:
    put_grey(pictures / "a.png", 1)
    load_pictures(pictures, root)
    put_grey(pictures / "b.png", 2)
    assert only(load_pictures(pictures, root)) == [1, 2]

    (pictures / "a.png").unlink()

    assert only(load_pictures(pictures, root)) == [2]


@pytest.mark.parametrize("settings", [{"image_size": 16}, {"channels": 3}])
def test_other_sizes_and_channels_have_their_own_cache(pictures: Path, root: Path, settings: dict[str, int]) -> None:
    put_grey(pictures / "a.png", 1)
    load_pictures(pictures, root)

    data = load_pictures(pictures, root, **settings)

    assert data.images.shape == (1, settings.get("channels", 1), *[settings.get("image_size", SIZE)] * 2)


@pytest.mark.parametrize("kept_bytes", [0, 5, 130])
def test_a_damaged_cache_is_replaced(pictures: Path, root: Path, kept_bytes: int) -> None:
    put_grey(pictures / "a.png", 3)
    load_pictures(pictures, root)
    (cache,) = root.rglob("*.npy")
    cache.write_bytes(cache.read_bytes()[:kept_bytes])

    assert only(load_pictures(pictures, root)) == [3]


def test_a_cache_that_cannot_be_written_is_one_sentence_that_says_what_to_do(pictures: Path, root: Path) -> None:
    put_grey(pictures / "a.png", 3)
    root.write_text("a file where the folder should be")

    with pytest.raises(DataError, match=r"cannot be saved in .*; free some space there or check the disk"):
        load_pictures(pictures, root)


def test_reading_many_images_reports_the_progress(pictures: Path, root: Path) -> None:
    for number in range(101):
        put_grey(pictures / f"{number}.bmp", number)
    heard: list[tuple[float, str]] = []
    config = DataConfig(name="folder", folder=str(pictures), image_size=SIZE)

    load(config, CPU, root=root, report=lambda share, sentence: heard.append((share, sentence)))

    reading = [share for share, sentence in heard if sentence.startswith("Reading 101 images")]
    assert reading == [number / 101 for number in range(101)]
    assert (0.0, f"Looking at the files of {pictures.name}: 0 so far.") in heard


def test_a_data_set_above_the_memory_limit_is_read_from_its_cache(
    pictures: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_grey(pictures / "a.png", 3)
    resident = load_pictures(pictures, root)
    monkeypatch.setattr(image_folder, "RESIDENT_BYTES", 0)

    assert load_pictures(pictures, root).sha256 == resident.sha256
