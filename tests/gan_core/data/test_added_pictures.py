"""Pictures that are handed over: zip files of every kind, and single files."""

import io
import os
import stat
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data import added_pictures
from gan_core.data.added_pictures import OWN, Upload, add_pictures, own_sets
from gan_core.data.folder_look import look_at_folder
from gan_core.data.source import DataError


def png(value: int = 100) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (8, 8), value).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(entries: dict[str, bytes], name: str = "pets.zip") -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in entries.items():
            info = zipfile.ZipInfo(path)
            info.filename = path  # as it is, also with backslashes
            archive.writestr(info, data)
    return Upload(name, buffer)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def nothing_is_left(root: Path) -> bool:
    return not [path for path in root.rglob("*") if path.is_file()]


def test_a_zip_file_becomes_a_folder_with_classes(tmp_path: Path) -> None:
    upload = zipped({"cat/1.png": png(), "cat/2.png": png(50), "dog/1.png": png(20), "notes.txt": b"words"})

    folder = add_pictures(tmp_path, "pets", [upload])

    assert folder == tmp_path / OWN / "pets"
    assert own_sets(tmp_path) == [folder]
    look = look_at_folder(DataConfig(name="folder", folder=str(folder), image_size=8, labels=True))
    assert (look.images, look.classes, look.ignored) == (3, {"cat": 2, "dog": 1}, ("1 other file ignored",))


def test_a_folder_around_everything_is_left_out(tmp_path: Path) -> None:
    upload = zipped({"my pets/all/cat/1.png": png(), "my pets/all/dog/1.png": png()})

    assert files(add_pictures(tmp_path, "pets", [upload])) == {"cat/1.png", "dog/1.png"}


def test_single_files_become_a_folder(tmp_path: Path) -> None:
    uploads = [Upload(f"{number}.png", io.BytesIO(png(number))) for number in range(3)]

    assert files(add_pictures(tmp_path, "pets", uploads)) == {"0.png", "1.png", "2.png"}


def test_hidden_files_and_those_of_a_mac_are_left_out(tmp_path: Path) -> None:
    upload = zipped({"a.png": png(), ".DS_Store": b"x", "__MACOSX/._a.png": b"x", ".git/config": b"x"})

    assert files(add_pictures(tmp_path, "pets", [upload])) == {"a.png"}


def test_paths_that_begin_with_a_dot_and_names_with_a_colon_are_sound(tmp_path: Path) -> None:
    upload = zipped({"./cat/1.png": png(), "./dog/at 12:30.png": png()})

    assert files(add_pictures(tmp_path, "pets", [upload])) == {"cat/1.png", "dog/at 12:30.png"}


def test_a_list_of_files_that_is_too_long_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(added_pictures, "MOST_DIRECTORY_BYTES", 100)

    with pytest.raises(DataError, match="lists more files than are unpacked"):
        add_pictures(tmp_path, "pets", [zipped({f"{number}.png": png() for number in range(5)})])


def test_a_zip_file_of_windows_has_folders(tmp_path: Path) -> None:
    assert files(add_pictures(tmp_path, "pets", [zipped({"cat\\1.png": png(), "dog\\1.png": png()})])) == {
        "cat/1.png",
        "dog/1.png",
    }


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    names = [add_pictures(tmp_path, "pets", [zipped({"a.png": png()})]).name for _ in range(3)]

    assert names == ["pets", "pets-2", "pets-3"]


@pytest.mark.parametrize(
    "path", ["../a.png", "/etc/a.png", "C:\\a.png", "cat/../../a.png", "..\\a.png", "a//b.png", "cat/\0.png"]
)
def test_no_path_leaves_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(DataError, match=r"pets\.zip names a file outside of itself"):
        add_pictures(tmp_path / "data", "pets", [zipped({"a.png": png(), path: png()})])

    assert nothing_is_left(tmp_path)


def test_a_link_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")

    with pytest.raises(DataError, match="holds a link or a special file"):
        add_pictures(tmp_path, "pets", [Upload("pets.zip", buffer)])
    assert nothing_is_left(tmp_path)


def test_a_zip_file_that_says_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    upload = zipped({"a.png": b"\0" * 1_000_000})
    data = bytearray(upload.file.getvalue())  # type: ignore[attr-defined]
    for place in (22, data.rfind(b"PK\1\2") + 24):  # the size in the header and in the directory
        data[place : place + 4] = (10).to_bytes(4, "little")

    with pytest.raises(DataError, match=r"larger than it should be|damaged zip file"):
        add_pictures(tmp_path, "pets", [Upload("pets.zip", io.BytesIO(bytes(data)))])
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize(("limit", "words"), [("MOST_FILES", "holds 3 files"), ("MOST_BYTES", "would unpack to")])
def test_too_much_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(added_pictures, limit, 2)

    with pytest.raises(DataError, match=words):
        add_pictures(tmp_path, "pets", [zipped({f"{number}.png": png() for number in range(3)})])
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([], "there is no file"),
        ([zipped({})], "there is no file"),
        ([zipped({"cat/": b""})], "there is no file"),
        ([Upload("a.png", io.BytesIO(png())), Upload("a.png", io.BytesIO(png()))], "there are two files a.png"),
    ],
)
def test_nothing_and_two_of_one_name_are_refused(tmp_path: Path, uploads: list[Upload], words: str) -> None:
    with pytest.raises(DataError, match=words):
        add_pictures(tmp_path, "pets", uploads)
    assert nothing_is_left(tmp_path)


def test_a_damaged_zip_file_is_one_sentence(tmp_path: Path) -> None:
    upload = zipped({f"{number}.png": png() for number in range(20)})
    data = bytearray(upload.file.getvalue())  # type: ignore[attr-defined]
    data[60:200] = bytes(140)

    with pytest.raises(DataError, match=r"pets\.zip is a damaged zip file"):
        add_pictures(tmp_path, "pets", [Upload("pets.zip", io.BytesIO(bytes(data)))])
    assert nothing_is_left(tmp_path)


def test_a_disk_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / OWN).write_text("a file where the folder should be")

    with pytest.raises(DataError, match="the pictures cannot be saved in"):
        add_pictures(tmp_path, "pets", [zipped({"a.png": png()})])


def test_what_a_killed_process_left_is_removed_a_day_later(tmp_path: Path) -> None:
    left, young = tmp_path / OWN / ".partial-1-old", tmp_path / OWN / ".partial-1-young"
    for folder in (left, young):
        folder.mkdir(parents=True)
    os.utime(left, (0, time.time() - 100_000))

    add_pictures(tmp_path, "pets", [zipped({"a.png": png()})])

    assert not left.exists()
    assert young.exists()
    assert [path.name for path in own_sets(tmp_path)] == ["pets"]
