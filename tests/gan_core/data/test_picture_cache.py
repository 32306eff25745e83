"""Damaged pictures: all are named at once, or left out."""

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data.dataset import Dataset
from gan_core.data.folder_look import SHOWN, look_at_folder
from gan_core.data.image_folder import check_limit
from gan_core.data.picture_cache import NAMED
from gan_core.data.registry import DataError, load
from tests.tiny import CPU

SIZE = 8


def configured(pictures: Path, **settings: Any) -> DataConfig:
    return DataConfig(**{"name": "folder", "folder": str(pictures), "image_size": SIZE, **settings})


def loaded(pictures: Path, **settings: Any) -> Dataset:
    return load(configured(pictures, **settings), CPU, root=pictures.parent / "data")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three sound pictures, in two classes."""
    place = tmp_path / "pictures"
    for name, value in (("cat/a.png", 10), ("cat/c.png", 20), ("dog/e.png", 30)):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (SIZE, SIZE), value).save(place / name)
    return place


def tear(path: Path) -> None:
    """A PNG without its second half."""
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def put_long_text(path: Path) -> None:
    """A PNG with a text of 100 MB after decompression, which Pillow refuses."""
    Image.new("L", (SIZE, SIZE)).save(path)
    data = path.read_bytes()
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 100_000_000, 9))
    path.write_bytes(data[:33] + text + data[33:])


def test_all_damaged_pictures_are_named_at_once(pictures: Path) -> None:
    tear(pictures / "cat" / "b.png")
    put_long_text(pictures / "dog" / "d.png")
    (pictures / "dog" / "f.ppm").write_bytes(b"P6 and some words")

    with pytest.raises(DataError) as caught:
        loaded(pictures)

    sentence = str(caught.value)
    assert sentence.startswith("3 images are damaged: ")
    for name in ("b.png", "d.png", "f.ppm"):
        assert f"{name} (" in sentence
    assert sentence.endswith("; replace or remove them, or set data.damaged to leave_out")


def test_of_many_damaged_pictures_some_are_named(pictures: Path) -> None:
    for number in range(NAMED + 3):
        tear(pictures / "cat" / f"torn-{number}.png")

    with pytest.raises(DataError, match=rf"{NAMED + 3} images are damaged: .* and 3 more; replace"):
        loaded(pictures)


def test_damaged_pictures_are_left_out_on_request_and_this_is_said(pictures: Path) -> None:
    tear(pictures / "cat" / "b.png")
    (pictures / "dog" / "f.ppm").write_bytes(b"P6 and some words")

    first, again = (loaded(pictures, damaged="leave_out", labels=True) for _ in range(2))

    for data in (first, again):
        assert data.images[:, 0, 0, 0].tolist() == [10, 20, 30]
        assert data.labels is not None
        assert data.labels.tolist() == [0, 0, 1]
        assert "3 images from" in data.source
        assert "2 damaged left out" in data.source
    assert first.sha256 == again.sha256


def test_a_folder_of_damaged_pictures_alone_is_refused_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    tear(tmp_path / "pictures" / "a.png")

    with pytest.raises(DataError, match=r"a\.png is damaged"):
        loaded(tmp_path / "pictures", damaged="leave_out")


def test_a_look_names_them_as_well(pictures: Path) -> None:
    tear(pictures / "cat" / "b.png")

    with pytest.raises(DataError, match=r"b\.png is damaged"):
        look_at_folder(configured(pictures))
    look = look_at_folder(configured(pictures, damaged="leave_out"))
    assert (look.images, look.shown) == (4, 3)
    assert look.ignored == ("1 damaged left out",)


def test_a_look_finds_a_damaged_picture_among_those_that_it_does_not_show(pictures: Path) -> None:
    for number in range(3 * SHOWN):
        Image.new("L", (SIZE, SIZE), 1).save(pictures / "cat" / f"more-{number:03}.png")
    for number in (5, 70, 71):
        tear(pictures / "cat" / f"more-{number:03}.png")

    with pytest.raises(DataError, match="3 images are damaged"):
        look_at_folder(configured(pictures))


def test_a_limit_that_leaves_a_class_without_a_picture_is_refused(pictures: Path) -> None:
    for number in range(20):
        Image.new("L", (SIZE, SIZE), number).save(pictures / "cat" / f"more-{number}.png")

    with pytest.raises(DataError, match=r"data\.limit 4 leaves no image of the class dog; use at least 23 of the 23"):
        check_limit(configured(pictures, limit=4, labels=True))
    assert len(loaded(pictures, limit=4)) == 4
    assert len(loaded(pictures, limit=23, labels=True)) == 23


def test_a_damaged_file_beside_a_cache_is_refused_as_well(pictures: Path) -> None:
    loaded(pictures)
    (pictures / "dog" / "f.ppm").write_bytes(b"P6 and some words")

    with pytest.raises(DataError, match=r"f\.ppm is damaged"):
        loaded(pictures)


def test_names_that_are_no_text_give_sentences_that_are(tmp_path: Path) -> None:
    folder = tmp_path / "pictures" / os.fsdecode(b"K\xe4se")
    folder.mkdir(parents=True)
    Image.new("L", (SIZE, SIZE), 10).save(folder / "a.png")
    assert [name.encode() for name in loaded(tmp_path / "pictures", labels=True).classes] == [b"K\\udce4se"]

    tear(folder / os.fsdecode(b"M\xfcller.png"))
    with pytest.raises(DataError) as caught:
        loaded(tmp_path / "pictures")
    assert str(caught.value).encode()


def test_a_cache_without_its_facts_is_made_again(pictures: Path) -> None:
    loaded(pictures)
    (facts,) = (pictures.parent / "data").rglob("*.json")
    facts.write_text('{"resized": 0}')

    assert len(loaded(pictures)) == 3
