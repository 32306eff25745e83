"""MNIST and its relatives: read from this machine, else downloaded once, else one sentence."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torchvision import datasets

from gan_core.config import DataConfig, DataName
from gan_core.data.dataset import Dataset
from gan_core.data.registry import DataError, load
from tests.mirror import Mirror, idx, packed, serving
from tests.tiny import CPU

FOLDERS: dict[DataName, str] = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "kmnist": "KMNIST"}
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
COUNT = 30


class Raw(NamedTuple):
    """A small data set: (N, 28, 28) and (N,)."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]

    def files(self) -> dict[str, bytes]:
        return {IMAGES: idx(self.images), LABELS: idx(self.labels)}


@pytest.fixture
def raw() -> Raw:
    """Thirty images, the n-th of brightness n and class n modulo 10."""
    numbers = np.arange(COUNT, dtype=np.uint8)
    return Raw(np.broadcast_to(numbers[:, None, None], (COUNT, 28, 28)).copy(), numbers % 10)


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that GAN_STUDIO_DATA names."""
    folder = tmp_path / "given"
    folder.mkdir()
    monkeypatch.setenv("GAN_STUDIO_DATA", str(folder))
    return folder


@pytest.fixture
def offered(raw: Raw, given: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files that a mirror of KMNIST offers, with md5s that are set in torchvision."""
    archives = {f"{name}.gz": packed(data) for name, data in raw.files().items()}
    resources = [(name, md5) for name, (_, md5) in archives.items()]
    monkeypatch.setattr(datasets.KMNIST, "resources", resources)
    return {name: archive for name, (archive, _) in archives.items()}


@pytest.fixture
def mirror(offered: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A mirror of the small KMNIST, which GAN_STUDIO_MIRROR names."""
    with serving(offered) as mirror:
        monkeypatch.setenv("GAN_STUDIO_MIRROR", mirror.address)
        yield mirror


def put(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def load_kmnist(root: Path) -> Dataset:
    return load(DataConfig(name="kmnist"), CPU, root=root)


def refusal(root: Path) -> str:
    """The sentence of the DataError when KMNIST is loaded."""
    with pytest.raises(DataError) as caught:
        load_kmnist(root)
    return str(caught.value)


def assert_a_sentence_that_says_what_to_do(sentence: str) -> None:
    assert "set data.name to mnist-5k, which needs no network" in sentence
    assert "\n" not in sentence


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_the_real_digits_are_grey_squares_of_ten_classes(digits: DataName, tmp_path: Path) -> None:
    data = load(DataConfig(name=digits), CPU, root=tmp_path)

    assert data.images.shape[1:] == (1, 28, 28)
    assert data.images.dtype == torch.uint8
    assert data.labels is not None
    assert set(data.labels.tolist()) == set(range(10))
    assert 0.10 < data.images.float().mean() / 255 < 0.16  # MNIST is 13 % ink


@pytest.mark.parametrize(("name", "folder"), FOLDERS.items())
def test_raw_files_in_the_given_folder_are_read_unchanged(
    name: DataName, folder: str, raw: Raw, given: Path, tmp_path: Path
) -> None:
    put(given / folder / "raw", raw.files())

    data = load(DataConfig(name=name), CPU, root=tmp_path / "data")

    assert data.images.squeeze(1).numpy().tolist() == raw.images.tolist()
    assert data.labels is not None
    assert data.labels.tolist() == raw.labels.tolist()
    assert len(data.classes) == 10
    assert data.source.startswith("30 ")


def test_with_raw_files_in_the_given_folder_no_other_folder_is_made(raw: Raw, given: Path, tmp_path: Path) -> None:
    put(given / "KMNIST" / "raw", raw.files())

    load_kmnist(tmp_path / "data")

    assert not (tmp_path / "data").exists()


def test_a_missing_data_set_is_downloaded_and_unpacked(mirror: Mirror, raw: Raw, tmp_path: Path) -> None:
    data = load_kmnist(tmp_path / "data")

    assert data.images.squeeze(1).numpy().tolist() == raw.images.tolist()
    assert mirror.requested == [f"{IMAGES}.gz", f"{LABELS}.gz"]
    assert files_in(tmp_path / "data") == [IMAGES, LABELS]


def test_the_progress_of_a_download_never_decreases(mirror: Mirror, tmp_path: Path) -> None:
    heard: list[tuple[float, str]] = []

    load(DataConfig(name="kmnist"), CPU, root=tmp_path, report=lambda share, text: heard.append((share, text)))

    shares = [share for share, text in heard if "Downloading" in text]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {text for _, text in heard[1:]} == {f"Downloading {IMAGES}.gz.", f"Downloading {LABELS}.gz."}


def test_a_second_load_downloads_nothing(mirror: Mirror, tmp_path: Path) -> None:
    first = load_kmnist(tmp_path)
    mirror.requested.clear()

    second = load_kmnist(tmp_path)

    assert mirror.requested == []
    assert second.sha256 == first.sha256


def test_only_the_file_that_is_missing_is_downloaded_again(mirror: Mirror, tmp_path: Path) -> None:
    load_kmnist(tmp_path)
    mirror.requested.clear()
    (tmp_path / "KMNIST" / "raw" / LABELS).unlink()

    load_kmnist(tmp_path)

    assert mirror.requested == [f"{LABELS}.gz"]


def test_a_file_with_another_md5_is_refused_and_deleted(
    offered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving({name: packed(b"something else")[0] for name in offered}) as mirror:
        monkeypatch.setenv("GAN_STUDIO_MIRROR", mirror.address)
        sentence = refusal(tmp_path)

    assert_a_sentence_that_says_what_to_do(sentence)
    assert "its md5 differs" in sentence
    assert files_in(tmp_path) == []


def test_an_interrupted_download_leaves_no_partial_file(
    offered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(offered, missing_bytes=7) as mirror:
        monkeypatch.setenv("GAN_STUDIO_MIRROR", mirror.address)
        sentence = refusal(tmp_path)

    assert_a_sentence_that_says_what_to_do(sentence)
    assert files_in(tmp_path) == []


def test_an_interrupted_download_succeeds_the_next_time(
    offered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(offered, missing_bytes=7) as broken:
        monkeypatch.setenv("GAN_STUDIO_MIRROR", broken.address)
        refusal(tmp_path)

    with serving(offered) as sound:
        monkeypatch.setenv("GAN_STUDIO_MIRROR", sound.address)
        assert len(load_kmnist(tmp_path)) == COUNT


def test_a_mirror_without_the_file_is_named_with_the_reason(
    offered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving({}) as mirror:
        monkeypatch.setenv("GAN_STUDIO_MIRROR", mirror.address)
        sentence = refusal(tmp_path)

    assert_a_sentence_that_says_what_to_do(sentence)
    assert f"{mirror.address}: HTTP Error 404" in sentence


def test_no_network_is_one_sentence_that_says_what_to_do(
    offered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("GAN_STUDIO_MIRROR", f"http://127.0.0.1:{closed.getsockname()[1]}")
        sentence = refusal(tmp_path)

    assert_a_sentence_that_says_what_to_do(sentence)
    assert "Connection refused" in sentence


def test_a_mirror_that_is_not_an_address_is_one_sentence(
    offered: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_STUDIO_MIRROR", "nonsense")

    assert_a_sentence_that_says_what_to_do(refusal(tmp_path))


def test_a_folder_that_cannot_be_written_is_one_sentence(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    assert_a_sentence_that_says_what_to_do(refusal(tmp_path / "data"))


@pytest.mark.parametrize("name", [IMAGES, LABELS])
@pytest.mark.parametrize("kept_bytes", [0, 5, 60])
def test_a_truncated_raw_file_is_one_sentence_that_says_what_to_do(
    name: str, kept_bytes: int, raw: Raw, given: Path, tmp_path: Path
) -> None:
    files = raw.files()
    files[name] = files[name][: min(kept_bytes, len(files[name]) - 1)]
    put(given / "KMNIST" / "raw", files)

    sentence = refusal(tmp_path)

    assert_a_sentence_that_says_what_to_do(sentence)
    assert f"the files in {given / 'KMNIST' / 'raw'} cannot be read (they are damaged)" in sentence


def test_a_raw_file_of_another_kind_is_one_sentence_that_says_what_to_do(raw: Raw, given: Path, tmp_path: Path) -> None:
    put(given / "KMNIST" / "raw", {**raw.files(), IMAGES: b"\x00\x00\x0a\x03" + bytes(100)})

    assert_a_sentence_that_says_what_to_do(refusal(tmp_path))


def test_images_without_their_labels_are_refused_with_both_counts(raw: Raw, given: Path, tmp_path: Path) -> None:
    put(given / "KMNIST" / "raw", {**raw.files(), LABELS: idx(raw.labels[:-1])})

    assert "30 images but 29 labels" in refusal(tmp_path)
