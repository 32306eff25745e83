"""Drawings and uploads: digits are prepared as MNIST's, other images as their data set, or there is one sentence."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from gan_core.config import DataConfig
from gan_core.data.registry import DataError
from gan_core.data.uploads import BOX, centre_of_mass, upload_to_pixels
from gan_core.evaluation.digit_classifier import load_classifier

MNIST, FOLDER = DataConfig(), DataConfig(name="folder", folder="pictures", image_size=16, channels=3)


def file_of(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=kind)
    return buffer.getvalue()


def seven(size: int = 280, ink: str = "black", ground: str = "white", mode: str = "RGB") -> Image.Image:
    """A seven drawn with a thick pen in the upper left of the sheet."""
    image = Image.new(mode, (size, size), ground)
    pen = ImageDraw.Draw(image)
    pen.line([(30, 40), (120, 40), (70, 160)], fill=ink, width=16, joint="curve")
    return image


def array_of(data: bytes, config: DataConfig = MNIST) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = upload_to_pixels(data, config)[0].numpy()
    return array


@pytest.mark.parametrize(("ink", "ground"), [("black", "white"), ("white", "black"), ("navy", "ivory")])
def test_a_drawn_digit_is_white_on_black_sized_and_centred_as_in_mnist(ink: str, ground: str) -> None:
    pixels = upload_to_pixels(file_of(seven(ink=ink, ground=ground)), MNIST)

    assert (pixels.shape, pixels.dtype) == ((1, 1, 28, 28), torch.uint8)
    rows, columns = np.nonzero(pixels[0, 0].numpy() > 32)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(BOX * 28, abs=1)
    assert centre_of_mass(pixels[0, 0].numpy()) == pytest.approx((13.5, 13.5), abs=0.6)
    assert pixels[0, 0, 0].max() == 0


@pytest.mark.parametrize(("ink", "ground"), [("black", "white"), ("white", "black")])
def test_the_digit_classifier_reads_the_drawn_digit(ink: str, ground: str) -> None:
    pixels = upload_to_pixels(file_of(seven(ink=ink, ground=ground)), MNIST)

    probabilities = load_classifier().probabilities(pixels)[0]

    assert probabilities.argmax() == 7
    assert probabilities[7] > 0.9


def test_where_and_how_large_a_digit_is_drawn_does_not_matter() -> None:
    small, large = seven(), seven().crop((0, 0, 170, 170)).resize((900, 900))

    difference = array_of(file_of(small)).astype(float) - array_of(file_of(large)).astype(float)

    assert np.abs(difference).mean() < 4  # of 255


def test_a_transparent_sheet_is_white() -> None:
    drawn = seven(mode="RGBA", ground="#00000000", ink="#000000ff")

    assert np.array_equal(array_of(file_of(drawn)), array_of(file_of(seven())))


def test_a_photo_of_grey_paper_gets_full_contrast() -> None:
    pixels = array_of(file_of(seven(ink="#404040", ground="#a0a0a0"), "JPEG"))

    assert pixels.max() > 240
    assert np.median(pixels) < 8


def test_a_real_digit_of_the_right_size_is_not_changed() -> None:
    image = Image.fromarray((np.arange(784).reshape(28, 28) % 200 * (np.arange(28) > 5)).astype(np.uint8))

    assert np.array_equal(array_of(file_of(image))[0], np.asarray(image))
    assert np.array_equal(array_of(file_of(Image.fromarray(255 - np.asarray(image))))[0], np.asarray(image))


def test_other_data_get_the_middle_square_in_their_colours() -> None:
    image = Image.new("RGB", (80, 32), "white")
    image.paste((200, 100, 50), (12, 0, 68, 32))

    pixels = array_of(file_of(image), FOLDER)

    assert pixels.shape == (3, 16, 16)
    assert np.unique(pixels.reshape(3, -1), axis=1).T.tolist() == [[200, 100, 50]]


def test_digits_for_networks_of_three_channels_are_grey_in_all_of_them() -> None:
    pixels = array_of(file_of(seven()), DataConfig(channels=3, image_size=32))

    assert pixels.shape == (3, 32, 32)
    assert np.array_equal(pixels[0], pixels[2])
    assert pixels.max() > 240


def test_clothes_are_inverted_but_not_cropped() -> None:
    image = Image.new("L", (56, 56), 255)
    image.paste(0, (0, 28, 56, 42))

    pixels = array_of(file_of(image), DataConfig(name="fashion-mnist"))[0]

    assert pixels[16].min() > 250
    assert pixels[4].max() < 5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_every_common_format_is_read(kind: str) -> None:
    assert array_of(file_of(seven(), kind)).max() > 200


def test_a_photo_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    buffer = io.BytesIO()
    seven().rotate(90).save(buffer, format="JPEG", quality=95, exif=exif)

    difference = array_of(buffer.getvalue()).astype(float) - array_of(file_of(seven())).astype(float)

    assert np.abs(difference).mean() < 4


def wide() -> bytes:
    return file_of(Image.new("L", (20_000, 10)))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "this is not an image that can be read; use PNG"),
        (b"#!/bin/sh\nexit 0\n", "this is not an image that can be read; use PNG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "this is not an image that can be read|is damaged"),
        (bytes(50_000_000), r"the image has 50\.0 MB, and at most 20 MB are read; save it smaller"),
        (wide(), "the image is 20,000 x 10 pixels, and at most 10,000 a side"),
        (file_of(Image.new("1", (9_000, 9_000))), "9,000 x 9,000 pixels, and at most .* 50 million in all"),
        (file_of(Image.new("1", (30_000, 30_000))), "far too many pixels"),
        (file_of(seven())[:-200], "the image is damaged"),
        (file_of(Image.new("L", (200, 200), 255)), "the image is empty"),
        (file_of(Image.new("L", (200, 200), 0)), "the image is empty"),
    ],
    ids=["empty", "script", "stump", "50 MB", "wide", "large", "bomb", "cut", "white", "black"],
)
def test_an_unusable_upload_gets_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        upload_to_pixels(data, MNIST)

    assert "\n" not in str(caught.value)
