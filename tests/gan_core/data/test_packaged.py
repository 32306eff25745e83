"""Data sets that need no network, cached after the first load: 5,000 digits of MNIST, and 1,797 of scikit-learn."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from gan_core.config import DataConfig
from gan_core.data import packaged
from gan_core.data.registry import load
from gan_core.data.sets import digits, mnist_5k
from tests.tiny import CPU

MNIST_5K = DataConfig(name="mnist-5k")
TINY = DataConfig(name="digits", image_size=8)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which mnist-5k was loaded once."""
    root = tmp_path_factory.mktemp("kept")
    load(MNIST_5K, CPU, root=root)
    return root


@pytest.fixture
def root(kept: Path, tmp_path: Path) -> Path:
    """A copy of that data folder."""
    return shutil.copytree(kept, tmp_path / "data")


def cache_in(root: Path) -> Path:
    return root / "cache" / "mnist-5k.npz"


@pytest.fixture
def unpackaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the package's own file fails the test."""

    def refuse() -> None:
        raise AssertionError("the package's file was read although there is a cache")

    for module in (mnist_5k, digits):
        monkeypatch.setattr(module, "read", refuse)


def test_the_embedded_digits_are_five_hundred_of_each_class(root: Path) -> None:
    data = load(MNIST_5K, CPU, root=root)

    assert data.images.shape == (5000, 1, 28, 28)
    assert data.labels is not None
    assert torch.bincount(data.labels).tolist() == [500] * 10
    assert data.classes == tuple("0123456789")
    assert "no network was needed" in data.source


@pytest.mark.usefixtures("unpackaged")
def test_a_second_load_reads_the_cache(root: Path) -> None:
    assert len(load(MNIST_5K, CPU, root=root)) == 5000


@pytest.mark.parametrize("damage", [b"", b"no archive", b"truncated", b"flipped"])
def test_a_damaged_cache_is_replaced(root: Path, kept: Path, damage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = cache_in(kept).read_bytes()
    with np.load(cache_in(kept)) as arrays:
        packed = arrays["pixels"], arrays["labels"]
    monkeypatch.setattr(mnist_5k, "read", lambda: packed)
    middle = len(sound) // 2
    ways = {b"truncated": sound[:middle], b"flipped": sound[:middle] + bytes(64) + sound[middle + 64 :]}
    cache_in(root).write_bytes(ways.get(damage, damage))

    data = load(MNIST_5K, CPU, root=root)

    assert data.images.view(5000, -1).numpy().tobytes() == packed[0].tobytes()
    assert cache_in(root).read_bytes() == sound


@pytest.mark.usefixtures("unpackaged")
def test_a_cache_is_complete_or_absent(root: Path) -> None:
    pixels, labels = packaged.cached(cache_in(root), mnist_5k.read)

    packaged.keep(cache_in(root), pixels, labels)

    assert [path.name for path in cache_in(root).parent.iterdir()] == ["mnist-5k.npz"]


def test_without_a_writable_folder_nothing_is_cached(kept: Path, tmp_path: Path) -> None:
    pixels, labels = packaged.cached(cache_in(kept), mnist_5k.read)
    (tmp_path / "cache").write_text("a file where the folder should be")

    packaged.keep(tmp_path / "cache" / "mnist-5k.npz", pixels, labels)

    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_the_tiny_digits_use_the_whole_range_of_a_byte(tmp_path: Path) -> None:
    data = load(TINY, CPU, root=tmp_path)

    assert data.images.shape == (1797, 1, 8, 8)
    assert (int(data.images.min()), int(data.images.max())) == (0, 255)
    assert data.source.startswith("1,797 handwritten digits of 8 x 8 pixels")


def test_the_tiny_digits_are_cached_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(TINY, CPU, root=tmp_path)
    monkeypatch.setattr(digits, "read", lambda: pytest.fail("the package was read although there is a cache"))

    assert load(TINY, CPU, root=tmp_path).sha256 == first.sha256


def test_the_source_says_that_digits_were_resized(tmp_path: Path) -> None:
    data = load(DataConfig(name="digits", image_size=28), CPU, root=tmp_path)

    assert data.images.shape == (1797, 1, 28, 28)
    assert data.source.endswith("Resized from 8 to 28 pixels.")


def test_the_source_does_not_mention_resizing_at_the_native_size(tmp_path: Path) -> None:
    assert "esized" not in load(DataConfig(name="digits", image_size=8), CPU, root=tmp_path).source


@pytest.mark.usefixtures("unpackaged")
def test_a_limit_takes_images_of_every_class_and_is_reported(root: Path) -> None:
    data = load(DataConfig(name="mnist-5k", limit=100), CPU, root=root)

    assert data.labels is not None
    assert torch.bincount(data.labels).tolist() == [10] * 10
    assert "100 of them are used, spread evenly." in data.source
