"""The cache: one place, its size, and what killed processes leave in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data import cache_folder as caches
from gan_core.data.cache_folder import cache_folder, cached_bytes, data_root, empty_cache, sweep
from gan_core.data.registry import load
from tests.tiny import CPU


def test_the_data_lie_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path))
    assert data_root() == tmp_path

    monkeypatch.delenv("GAN_STUDIO_DATA")
    assert data_root() == Path.cwd() / "data"


def test_the_cache_is_in_the_folder_of_data_also_before_that_exists(tmp_path: Path) -> None:
    assert cache_folder(tmp_path / "new" / "data") == tmp_path / "new" / "data" / "cache"


def test_a_folder_that_cannot_be_written_leaves_the_cache_to_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("gan_core.data.cache_folder.os.access", lambda path, mode: False)

    assert cache_folder(tmp_path / "data") == tmp_path / "home" / "gan-studio"

    pictures = tmp_path / "pictures"
    pictures.mkdir()
    Image.new("L", (8, 8), 3).save(pictures / "a.png")
    data = load(DataConfig(name="folder", folder=str(pictures), image_size=8), CPU, root=tmp_path / "data")
    assert len(data) == 1
    assert not (tmp_path / "data").exists()
    assert len(list((tmp_path / "home" / "gan-studio").glob("*.npy"))) == 1


@pytest.mark.parametrize("home", ["", "relative/path"])
def test_a_home_that_is_no_path_is_not_used(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", home)

    assert caches.users_cache().is_absolute()


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    dead = tmp_path / f".{process.pid}-a.npy"
    others = [tmp_path / f".{os.getpid()}-b.npy", tmp_path / "c.npy", tmp_path / ".hidden-file"]
    for path in (dead, *others):
        path.write_bytes(b"x")

    sweep(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in others}


def test_its_size_is_known_and_it_can_be_emptied(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / ".7-b.npy").write_bytes(b"being written")
    for name in ("a.npy", "a.json"):
        (tmp_path / "cache" / name).write_bytes(b"12345")
    assert cached_bytes(tmp_path) == 10

    empty_cache(tmp_path)

    assert cached_bytes(tmp_path) == 0
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [".7-b.npy"]
