"""Which files of a folder are pictures: links, classes in a person's order, and everything that is no picture."""

import os
from pathlib import Path

import pytest
from PIL import Image

from gan_core.data.file_kinds import Damaged, ImageFile, kind_of
from gan_core.data.folder_path import folder_in
from gan_core.data.picture_files import as_a_person_counts, list_pictures
from gan_core.data.source import FolderError


def put(path: Path, value: int = 100) -> Path:
    """A grey PNG of 8 x 8 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (8, 8), value).save(path, "PNG")
    return path


def names(folder: Path) -> list[str]:
    return [str(file.path.relative_to(folder)) for file in list_pictures(folder).files]


def test_a_class_folder_that_is_a_link_is_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.png")
    put(tmp_path / "pictures" / "dog" / "b.png")
    (tmp_path / "pictures" / "cat").symlink_to(tmp_path / "elsewhere")

    listing = list_pictures(tmp_path / "pictures")

    assert listing.classes == ("cat", "dog")
    assert names(tmp_path / "pictures") == ["cat/a.png", "dog/b.png"]


def test_the_folder_itself_and_a_file_may_be_links(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.png")
    (tmp_path / "elsewhere" / "b.png").symlink_to(tmp_path / "elsewhere" / "a.png")
    (tmp_path / "pictures").symlink_to(tmp_path / "elsewhere")

    assert names(tmp_path / "pictures") == ["a.png", "b.png"]


def test_two_classes_may_be_links_to_one_folder(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.png")
    (tmp_path / "pictures").mkdir()
    for name in ("one", "two"):
        (tmp_path / "pictures" / name).symlink_to(tmp_path / "elsewhere")

    assert names(tmp_path / "pictures") == ["one/a.png", "two/a.png"]


def test_links_in_a_loop_end(tmp_path: Path) -> None:
    put(tmp_path / "cat" / "a.png")
    (tmp_path / "cat" / "again").symlink_to(tmp_path)
    (tmp_path / "cat" / "itself").symlink_to(tmp_path / "cat")
    (tmp_path / "cat" / "nowhere.png").symlink_to(tmp_path / "missing.png")
    os.symlink("loop", tmp_path / "loop")

    listing = list_pictures(tmp_path)

    assert {file.path.name for file in listing.files} == {"a.png"}
    assert listing.passed_over["unreadable"] >= 1


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    os.mkfifo(tmp_path / "b.png")

    assert names(tmp_path) == ["a.png"]


def test_classes_are_ordered_as_a_person_counts(tmp_path: Path) -> None:
    for number in range(12):
        put(tmp_path / str(number) / "a.png")

    listing = list_pictures(tmp_path)

    assert listing.classes == tuple(map(str, range(12)))
    assert [int(file.path.parent.name) for file in listing.files] == [file.label for file in listing.files]


@pytest.mark.parametrize(
    "ordered",
    [
        ["1", "2", "10"],
        ["class 2", "class 10", "Class 11"],
        ["a", "B", "c"],
        ["1a", "1b", "a1"],
        ["v1.2", "v1.10"],
        ["01", "1", "2"],
        ["²", "³"],
    ],
)
def test_names_with_numbers_are_sorted_by_the_numbers(ordered: list[str]) -> None:
    assert sorted(ordered, key=as_a_person_counts) == ordered


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("notes.txt", b"not a picture", "other"),
        ("plan.txt", b"P1 is our best idea, P2 another", "other"),
        ("plan", b"P5 and some words", "other"),
        ("words.png", b"not a picture", "misnamed"),
        ("page.jpg", b"<html>404</html>", "misnamed"),
        ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "heic"),
        ("renamed.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0", "heic"),
        ("nothing.png", b"", "empty"),
        ("drawing.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "other"),
    ],
)
def test_what_is_no_picture_is_counted_by_kind(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    put(tmp_path / "a.png")
    (tmp_path / name).write_bytes(content)

    listing = list_pictures(tmp_path)

    assert (listing.passed_over, listing.damaged) == ({kind: 1}, ())


def test_a_damaged_picture_is_known_by_its_name(tmp_path: Path) -> None:
    bad = tmp_path / "plan.ppm"
    bad.write_bytes(b"P6 and some words")

    found = kind_of(bad)

    assert isinstance(found, Damaged)
    assert found.reason


def test_a_torn_avif_is_damaged_or_unknown_and_never_an_exception(tmp_path: Path) -> None:
    sound = tmp_path / "sound.avif"
    Image.new("RGB", (64, 64), "red").save(sound)
    data = sound.read_bytes()
    for length in range(1, len(data), 7):
        torn = tmp_path / "torn.avif"
        torn.write_bytes(data[:length])
        assert isinstance(kind_of(torn), Damaged | ImageFile | str)


def test_a_deep_picture_is_marked(tmp_path: Path) -> None:
    Image.new("I;16", (8, 8), 300).save(tmp_path / "deep.png")

    (file,) = list_pictures(tmp_path).files

    assert file.deep


def test_a_folder_of_other_files_says_what_they_are(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")

    with pytest.raises(FolderError, match=r"2 HEIC pictures \(save them as JPEG\)"):
        list_pictures(tmp_path)


@pytest.mark.parametrize("typed", ['"{}"', "'{}'", "  {}  ", " '{} ' ", "\u201c{}\u201d", "{}/"])
def test_a_folder_may_be_typed_in_quotes_or_with_spaces(tmp_path: Path, typed: str) -> None:
    assert folder_in(typed.format(tmp_path)) == tmp_path


def test_the_home_folder_may_be_typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert folder_in("~/pictures") == tmp_path / "pictures"


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "new\nline", "\udcff", "tab\there", " "])
def test_any_characters_give_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(FolderError) as caught:
        list_pictures(folder_in(f"{tmp_path}/{name}"))

    assert "\n" not in str(caught.value)
    assert "the folder" in str(caught.value)


def test_a_folder_that_may_not_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("gan_core.data.picture_files.os.scandir", refuse)

    with pytest.raises(FolderError, match=r"cannot be read \(Permission denied\)"):
        list_pictures(tmp_path)
