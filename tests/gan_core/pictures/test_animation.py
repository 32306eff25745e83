"""Animations: every frame can be read again with its size and duration; invalid requests are refused."""

import io
import shutil
import stat
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageSequence

from gan_core.numerics.rng import generator_for
from gan_core.pictures.animation import MOST_FRAMES_PER_SECOND, AnimationError, AnimationFormat, film, formats_here
from gan_core.pictures.render import Picture, enlarged


def frames(count: int = 5, height: int = 6, width: int = 4, colours: bool = False) -> list[Picture]:
    shape = (count, height, width, 3) if colours else (count, height, width)
    draw = generator_for(0, "frames")
    return list(torch.randint(256, shape, generator=draw, dtype=torch.uint8).numpy())


def decoded(data: bytes) -> tuple[list[Picture], list[int]]:
    """The frames of an animation, and the duration of each in milliseconds."""
    with Image.open(io.BytesIO(data)) as image:
        assert image.info.get("loop") == 0
        shown = [
            (np.asarray(frame.convert("RGB")), int(frame.info["duration"])) for frame in ImageSequence.Iterator(image)
        ]
    return [picture for picture, _ in shown], [milliseconds for _, milliseconds in shown]


def in_colour(picture: Picture) -> Picture:
    return picture if picture.ndim == 3 else picture[..., None].repeat(3, 2)


@pytest.mark.parametrize(("format_name", "colours"), [("webp", False), ("webp", True), ("gif", False), ("gif", True)])
def test_every_frame_comes_back_as_it_was_and_for_its_time(format_name: AnimationFormat, colours: bool) -> None:
    shot = frames(colours=colours)

    shown, milliseconds = decoded(film(shot, format_name, frames_per_second=25))

    assert len(shown) == len(shot)
    assert all(np.array_equal(in_colour(ours), theirs) for ours, theirs in zip(shot, shown, strict=True))
    assert milliseconds == [40] * len(shot)


@pytest.mark.parametrize("format_name", ["webp", "gif"])
def test_pixels_grow_to_squares(format_name: AnimationFormat) -> None:
    shot = frames(2)

    shown, _ = decoded(film(shot, format_name, scale=5))

    assert shown[1].shape == (30, 20, 3)
    assert np.array_equal(shown[1][2::5, 2::5], in_colour(shot[1]))
    assert np.array_equal(in_colour(enlarged(shot[1], 5)), shown[1])


def test_an_animation_of_one_frame_is_a_picture() -> None:
    shot = frames(1)

    with Image.open(io.BytesIO(film(shot, "webp"))) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), in_colour(shot[0]))


@pytest.mark.parametrize(
    ("shot", "rate", "scale", "sentence"),
    [
        ([], 25, 1, "a film needs at least one frame"),
        ([*frames(1), *frames(1, height=7)], 25, 1, "the frames of a film must have one size"),
        (frames(), 0, 1, f"a film has 1 to {MOST_FRAMES_PER_SECOND} frames a second, got 0"),
        (frames(), 1_000, 1, "frames a second, got 1000"),
        (frames(), 25, 0, "too much for one film"),
        (frames(), 25, 100_000, "5 frames of 400,000 x 600,000 pixels are too much for one film; take fewer frames"),
    ],
)
def test_invalid_frames_are_refused(shot: list[Picture], rate: int, scale: int, sentence: str) -> None:
    with pytest.raises(AnimationError, match=sentence):
        film(shot, "webp", rate, scale)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for; empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_without_ffmpeg_there_is_no_mp4(programs: Path) -> None:
    assert list(programs.iterdir()) == []

    assert formats_here() == ["webp", "gif"]
    with pytest.raises(
        AnimationError, match="MP4 needs the program ffmpeg, which is not installed here; choose WebP or GIF"
    ):
        film(frames(), "mp4")


@pytest.mark.parametrize("colours", [False, True], ids=["grey", "colour"])
def test_the_mp4_of_a_real_ffmpeg_has_every_frame_in_its_size_and_nearly_its_greys(
    tmp_path: Path, colours: bool
) -> None:
    """Where no ffmpeg is installed, none is offered."""
    program = shutil.which("ffmpeg")
    assert ("mp4" in formats_here()) == (program is not None)
    if program is None:
        return
    shot = [
        np.full_like(frame, shade) for frame, shade in zip(frames(5, 9, 7, colours), range(20, 255, 50), strict=True)
    ]

    (tmp_path / "film.mp4").write_bytes(film(shot, "mp4", frames_per_second=10, scale=3))

    shown = np.frombuffer(raw_greys(program, tmp_path / "film.mp4"), np.uint8).reshape(-1, 28, 22)  # from 27 x 21
    assert len(shown) == 5
    assert [round(float(np.median(picture)) / 5) for picture in shown] == [4, 14, 24, 34, 44]


def raw_greys(program: str, film_file: Path) -> bytes:
    """Every frame as ffmpeg decodes it, a byte a pixel."""
    command = [program, "-v", "error", "-i", str(film_file), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def put_ffmpeg(folder: Path, script: str) -> None:
    """A program called ffmpeg that notes its arguments and its input, and then does what the script says."""
    program = folder / "ffmpeg"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\n/bin/cat > {folder}/input\n{script}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize("colours", [False, True], ids=["grey", "colour"])
def test_ffmpeg_is_given_every_pixel_with_size_rate_and_form(programs: Path, colours: bool) -> None:
    put_ffmpeg(programs, 'for out; do :; done; echo made > "$out"')
    shot = frames(3, colours=colours)

    data = film(shot, "mp4", frames_per_second=12, scale=2)

    assert formats_here() == ["webp", "gif", "mp4"]
    assert data == b"made\n"
    assert (programs / "input").read_bytes() == b"".join(enlarged(frame, 2).tobytes() for frame in shot)
    arguments = (programs / "arguments").read_text()
    assert f"-f rawvideo -pix_fmt {'rgb24' if colours else 'gray'} -s 8x12 -r 12 -i -" in arguments
    assert "libx264" in arguments


def test_a_failing_ffmpeg_gets_one_sentence(programs: Path) -> None:
    put_ffmpeg(programs, 'echo "first line" >&2; echo "Unknown encoder libx264" >&2; exit 1')

    with pytest.raises(
        AnimationError, match=r"ffmpeg did not make the film \(Unknown encoder libx264\); choose WebP or GIF"
    ):
        film(frames(), "mp4")
