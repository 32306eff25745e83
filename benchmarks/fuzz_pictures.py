"""Damaged, truncated, mislabelled and hostile picture files: python -m benchmarks.fuzz_pictures [--files 20000]

Each file is the only one of a folder that is loaded as a data set. Prints for each way of damaging how many were read,
refused by a sentence that names them, and passed over; the slowest file, and the most memory that the process held. The
exit status is 1 if an exception names no file, a file takes more than a second, or the process more than 1 GB.
"""

import argparse
import io
import multiprocessing
import resource
import struct
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan_core.config import DataConfig
from gan_core.data.registry import DataError, load

SEED = 0
SIDE = 48
MOST_SECONDS, MOST_BYTES = 1.0, 1_000_000_000
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F")
MISLABELLED = (".png", ".jpg", ".tiff", ".gif", ".webp", ".avif", ".ppm", ".txt", "")
Random = np.random.Generator


def sound_files(random: Random) -> dict[str, bytes]:
    """A file of every format that Pillow writes, in every mode that the format takes."""
    Image.init()
    found = {}
    noise = random.integers(0, 255, (SIDE, SIDE, 4), np.uint8)
    for mode in MODES:
        for name in sorted(Image.SAVE):
            buffer = io.BytesIO()
            try:
                picture_in(mode, noise).save(buffer, name)
            except Exception:  # not in this mode, or only with more options
                continue
            found[f"{name} {mode}"] = buffer.getvalue()
    return found


def picture_in(mode: str, noise: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Image.Image:
    if mode in ("I;16", "I", "F"):
        kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
        return Image.fromarray(noise[..., 0].astype(kinds[mode]) * 7)
    return Image.fromarray(noise).convert(mode)


def truncated(data: bytes, random: Random) -> bytes:
    return data[: int(random.integers(0, len(data)))]


def flipped(data: bytes, random: Random) -> bytes:
    """Some bytes are others, most of them near the start, where the sizes and offsets are."""
    changed = bytearray(data)
    for _ in range(int(random.integers(1, 12))):
        changed[int(len(data) * random.random() ** 3)] = int(random.integers(0, 256))
    return bytes(changed)


def joined(data: bytes, random: Random) -> bytes:
    """The start of the file and noise."""
    cut = int(random.integers(0, len(data)))
    return data[:cut] + random.integers(0, 256, 400, np.uint8).tobytes()


def repeated(data: bytes, random: Random) -> bytes:
    """A part of the file twice."""
    first, last = sorted(int(random.integers(0, len(data))) for _ in range(2))
    return data[:last] + data[first:]


def huge(data: bytes, random: Random) -> bytes:
    """A PNG that says that it is huge, or whose few bytes unpack to very many."""
    width, height = (int(2 ** random.uniform(0, 31)) for _ in range(2))
    body = zlib.compress(bytes(int(10 ** random.uniform(1, 7))), 9)
    text = zlib.compress(bytes(int(10 ** random.uniform(1, 8))), 9)
    parts = [
        (
            b"IHDR",
            struct.pack(">IIBBBBB", width, height, *random.choice([[8, 0], [8, 6], [16, 0], [16, 2], [1, 0]]), 0, 0, 0),
        ),
        (b"zTXt", b"Comment\0\0" + text),
        (b"IDAT", body),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part)) for kind, part in parts
    )


def large(data: bytes, random: Random) -> bytes:
    """A sound picture of up to 49 million pixels."""
    width = int(10 ** random.uniform(2, 4.5))
    height = max(1, min(30_000, int(49_000_000 * random.random() / width)))
    buffer = io.BytesIO()
    mode, kind = str(random.choice(["L", "RGB", "RGBA", "I;16"])), str(random.choice(["PNG", "TIFF"]))
    Image.new(mode, (width, height), 7 if mode in ("L", "I;16") else None).save(buffer, kind)
    return buffer.getvalue()


WAYS: dict[str, Callable[[bytes, Random], bytes]] = {
    "truncated": truncated,
    "bytes changed": flipped,
    "end is noise": joined,
    "a part twice": repeated,
    "hostile sizes": huge,
}


def make(path: Path, way: Callable[[bytes, Random], bytes], data: bytes, number: int) -> None:
    """Write one file. A large one is made by another process, whose memory is not counted."""
    random = np.random.default_rng((SEED, number))
    if way is not large:
        path.write_bytes(way(data, random))
        return
    process = multiprocessing.get_context("fork").Process(target=lambda: path.write_bytes(way(data, random)))
    process.start()
    process.join()


def outcome_of(path: Path) -> str:
    """What loading the folder of this file came to."""
    config = DataConfig(name="folder", folder=str(path.parent), image_size=16)
    try:
        load(config, torch.device("cpu"), root=path.parent.parent / "data")
    except DataError as error:
        if path.name in str(error):
            return "named"
        return "passed over" if "holds no image" in str(error) or "is empty" in str(error) else f"NO NAME: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "read"


def fuzz(files: int) -> int:
    """Load so many files; the exit status."""
    random, outcomes = np.random.default_rng(SEED), Counter[tuple[str, str]]()
    slowest: dict[str, tuple[float, str]] = {}
    sound = sound_files(random)
    names = list(sound)
    print(
        f"{len(sound)} combinations of format and mode, of {len({name.split()[0] for name in sound})} formats",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        for number in range(files):
            name = names[number % len(names)]
            way = "large" if number % 200 == 199 else list(WAYS)[number // len(names) % len(WAYS)]
            path = Path(folder) / "pictures" / f"file{random.choice(MISLABELLED)}"
            path.parent.mkdir(exist_ok=True)
            make(path, large if way == "large" else WAYS[way], sound[name], number)
            size = path.stat().st_size
            began = time.monotonic()
            outcome = outcome_of(path)
            seconds = time.monotonic() - began
            slowest[way] = max(slowest.get(way, (0.0, "")), (seconds, f"{name}, {size:,} bytes"))
            outcomes[way, outcome] += 1
            path.unlink()
            for left in (Path(folder) / "data" / "cache").glob("*"):
                left.unlink()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return report(outcomes, slowest, most)


def report(outcomes: Counter[tuple[str, str]], slowest: dict[str, tuple[float, str]], most_bytes: int) -> int:
    bad = [outcome for _, outcome in outcomes if outcome not in ("read", "named", "passed over")]
    print(f"{'':16} {'read':>8} {'named':>8} {'passed over':>12}   slowest")
    for way in dict.fromkeys(way for way, _ in outcomes):
        row = [outcomes[way, outcome] for outcome in ("read", "named", "passed over")]
        print(f"{way:16} {row[0]:>8,} {row[1]:>8,} {row[2]:>12,}   {slowest[way][0]:.2f} s ({slowest[way][1]})")
    print(f"{outcomes.total():,} files; at most {most_bytes / 1e6:,.0f} MB")
    for outcome in bad:
        print(outcome)
    return int(bool(bad) or max(slowest.values())[0] > MOST_SECONDS or most_bytes > MOST_BYTES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--files", type=int, default=20_000)
    sys.exit(fuzz(parser.parse_args().files))
