"""A file that a person named: nothing else is harmed by its name."""

import os
from pathlib import Path
from typing import IO

import pytest

from gan_core.execution.jobs import Job
from gan_core.runs.atomic_files import StorageError
from gan_core.runs.output_file import write_output

DATA = b"the bytes of a picture"


def write(stream: IO[bytes]) -> None:
    stream.write(DATA)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    for data in (b"before", DATA):
        write_output(tmp_path / "a.png", data)

    assert (tmp_path / "a.png").read_bytes() == DATA
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "elsewhere" / "a.png")
    for data in (b"before", DATA):
        write_output(tmp_path / "link.png", data)

    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "elsewhere" / "a.png").read_bytes() == DATA


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = Job("reader", lambda _: heard.append(pipe.read_bytes())).start()

    write_output(pipe, write)

    assert reader.wait(30)
    assert heard == [DATA]
    assert pipe.is_fifo()


def test_a_device_is_written_into_and_stays() -> None:
    before = os.stat(os.devnull)

    write_output(Path(os.devnull), DATA)

    assert os.stat(os.devnull).st_ino == before.st_ino
    assert Path(os.devnull).is_char_device()


def test_a_minus_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes], elsewhere: Path) -> None:
    write_output(Path("-"), DATA)

    assert capfdbinary.readouterr().out == DATA
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("folder", "it is a folder; name a file in it"),
        ("none/a.png", "there is no folder .*none; make it first"),
        ("file/a.png", "file is a file and not a folder"),
    ],
)
def test_a_place_that_cannot_be_is_named(tmp_path: Path, place: str, sentence: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError, match=sentence):
        write_output(tmp_path / place, DATA)
