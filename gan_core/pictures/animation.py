"""Animations: WebP and GIF by Pillow, MP4 if the program ffmpeg is installed.

They loop. Pixels are enlarged to squares; nothing is smoothed.
"""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from PIL import Image

from gan_core.pictures.render import Picture, enlarged

AnimationFormat = Literal["webp", "gif", "mp4"]
FFMPEG = "ffmpeg"
MOST_PIXELS = 250_000_000  # of all frames together: about ten seconds of work
MOST_FRAMES_PER_SECOND = 50  # GIF counts in hundredths of a second, and browsers slow down what is faster
FFMPEG_SECONDS = 120.0
NO_FFMPEG = "MP4 needs the program ffmpeg, which is not installed here; choose WebP or GIF"


class AnimationError(ValueError):
    """An animation that cannot be made; the message is one sentence."""


class Encoder(NamedTuple):
    """How a format is encoded from enlarged frames and a rate, and its media type."""

    encode: Callable[[Sequence[Picture], int], bytes]
    mime: str


def film(frames: Sequence[Picture], format_name: AnimationFormat, frames_per_second: int = 25, scale: int = 1) -> bytes:
    """The bytes of an animation; each pixel of the frames (H, W) or (H, W, 3) becomes scale x scale pixels.

    Raises AnimationError: no frames, frames of different sizes, a rate or a scale out of range, too large, no ffmpeg.
    """
    check(frames, frames_per_second, scale)
    return ENCODERS[format_name].encode([enlarged(frame, scale) for frame in frames], frames_per_second)


def check(frames: Sequence[Picture], frames_per_second: int, scale: int) -> None:
    """Raises AnimationError for the first thing that is wrong."""
    shapes = {frame.shape for frame in frames}
    if len(shapes) != 1:
        raise AnimationError("the frames of a film must have one size" if shapes else "a film needs at least one frame")
    if not 1 <= frames_per_second <= MOST_FRAMES_PER_SECOND:
        raise AnimationError(f"a film has 1 to {MOST_FRAMES_PER_SECOND} frames a second, got {frames_per_second}")
    height, width, *_ = shapes.pop()
    if scale < 1 or len(frames) * height * width * scale**2 > MOST_PIXELS:
        raise AnimationError(
            f"{len(frames):,} frames of {width * scale:,} x {height * scale:,} pixels are too much for one film; take "
            "fewer frames or a smaller scale"
        )


def formats_here() -> list[AnimationFormat]:
    """The formats that can be made on this machine."""
    return [name for name in ENCODERS if name != "mp4" or shutil.which(FFMPEG)]


def webp(frames: Sequence[Picture], frames_per_second: int) -> bytes:
    """Lossless."""
    return animated(frames, frames_per_second, format="WEBP", lossless=True)


def gif(frames: Sequence[Picture], frames_per_second: int) -> bytes:
    """Lossless for grey; 256 colours per frame."""
    return animated(frames, frames_per_second, format="GIF", disposal=1, optimize=False)


def animated(frames: Sequence[Picture], frames_per_second: int, **options: Any) -> bytes:
    """The frames, written by Pillow as an endless loop."""
    first, *rest = map(Image.fromarray, frames)
    buffer = io.BytesIO()
    duration = round(1000 / frames_per_second)  # milliseconds
    first.save(buffer, save_all=True, append_images=rest, duration=duration, loop=0, **options)
    return buffer.getvalue()


def mp4(frames: Sequence[Picture], frames_per_second: int) -> bytes:
    """H.264, which needs even sides: an odd one gets a black line. Raises AnimationError."""
    program = shutil.which(FFMPEG)
    if program is None:
        raise AnimationError(NO_FFMPEG)
    height, width, *colours = frames[0].shape
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24" if colours else "gray", "-s", f"{width}x{height}"]
    target = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-crf", "14", "-pix_fmt", "yuv420p"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "film.mp4"  # not a pipe: ffmpeg writes the index last and moves it to the front
        rate = ["-r", str(frames_per_second)]
        command = [program, "-v", "error", *source, *rate, "-i", "-", *target, "-movflags", "+faststart", str(out)]
        run_ffmpeg(command, b"".join(frame.tobytes() for frame in frames))
        return out.read_bytes()


def run_ffmpeg(command: Sequence[str], frames: bytes) -> None:
    """Run ffmpeg. Raises AnimationError with its last line."""
    try:
        done = subprocess.run(command, input=frames, capture_output=True, timeout=FFMPEG_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AnimationError(f"ffmpeg did not make the film ({error}); choose WebP or GIF") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise AnimationError(
            f"ffmpeg did not make the film ({said[-1] if said else 'no reason given'}); choose WebP or GIF"
        )


ENCODERS: Mapping[AnimationFormat, Encoder] = {
    "webp": Encoder(webp, "image/webp"),
    "gif": Encoder(gif, "image/gif"),
    "mp4": Encoder(mp4, "video/mp4"),
}
