"""Fingerprints of all presets after 2,000 images, of a run that was stopped and resumed, and of PNG files.

`python -m benchmarks.fingerprints --out FILE` prints a table and writes it as JSON. Every run uses one thread and
float32. If two versions of the program print different tables on the same machine, the results have changed.
Only the command line is used, because its names are the same in all versions.
"""

import argparse
import hashlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMAGES = 2_000
FIXED = ("--set", "train.threads=1", "--set", "train.precision=float32", "--set", "train.device=cpu")
EXPRESSION = "seed:12 - seed:7 + 0.5*seed:3"


def gan(root: Path, *arguments: str) -> str:
    """The output of one command of `python -m gan_core`. Raises CalledProcessError if it fails."""
    command = [sys.executable, "-m", "gan_core", *arguments, "--root", str(root)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def preset_names() -> list[str]:
    """All preset names, in the order of the command `presets`."""
    command = [sys.executable, "-m", "gan_core", "presets", "--json"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [preset["name"] for preset in json.loads(listed)["presets"]]


def after_images(root: Path, preset: str) -> str:
    """The fingerprint of a preset after 2,000 images."""
    gan(root, "train", "--preset", preset, "--run", preset, "--images", str(IMAGES), *FIXED)
    return gan(root, "fingerprint", preset)


def extended(root: Path, preset: str) -> str:
    """The fingerprint of the same run, resumed from 2,000 images to 4,000."""
    gan(root, "resume", preset, "--images", str(2 * IMAGES))
    return gan(root, "fingerprint", preset)


def interrupted(root: Path, preset: str) -> str:
    """The fingerprint after 20,000 images of a run that SIGINT stopped after at least 2,000 images, then resumed."""
    total = ("--images", str(10 * IMAGES))
    arguments = ["train", "--preset", preset, "--run", "interrupted", *total, *FIXED, "--root", str(root)]
    process = subprocess.Popen([sys.executable, "-m", "gan_core", *arguments], stderr=subprocess.DEVNULL)
    while process.poll() is None and images_seen(root, "interrupted") < IMAGES:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait()
    gan(root, "resume", "interrupted")
    return gan(root, "fingerprint", "interrupted")


def images_seen(root: Path, run: str) -> int:
    """How many images a run has seen; 0 before its folder exists."""
    listed = json.loads(gan(root, "runs", "--json"))["runs"]
    return next((each["images_seen"] for each in listed if each["name"] == run), 0)


def straight(root: Path, preset: str) -> str:
    """The fingerprint after 20,000 images of a run that was not stopped."""
    gan(root, "train", "--preset", preset, "--run", "straight", "--images", str(10 * IMAGES), *FIXED)
    return gan(root, "fingerprint", "straight")


def picture_hashes(root: Path, run: str) -> dict[str, str]:
    """SHA-256 of the PNG files that `sample` and `latent` write, with averaged (EMA) and with raw weights."""
    commands = {
        "sample": ["sample", run, "--seeds", "0-63"],
        "sample --raw": ["sample", run, "--seeds", "3,7,12", "--raw"],
        "latent": ["latent", run, EXPRESSION],
        "latent --psi 0.7": ["latent", run, EXPRESSION, "--psi", "0.7"],
    }
    hashes = {}
    for name, command in commands.items():
        out = root / "picture.png"
        gan(root, *command, "--out", str(out))
        hashes[f"{name} of {run}"] = hashlib.sha256(out.read_bytes()).hexdigest()
    return hashes


def all_fingerprints(root: Path) -> dict[str, str]:
    """The whole table: name to fingerprint."""
    presets = preset_names()
    table = {f"{preset}, {IMAGES:,} images": after_images(root, preset) for preset in presets}
    for run in ("conditional", "studio", "mlp"):
        table |= picture_hashes(root, run)
    table["conditional, extended to 4,000 images"] = extended(root, "conditional")
    table["conditional, 20,000 images, stopped and resumed"] = interrupted(root, "conditional")
    table["conditional, 20,000 images, never stopped"] = straight(root, "conditional")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="where to write the table as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = all_fingerprints(Path(folder))
    for name, digest in table.items():
        print(f"{name:60} {digest}")
    if arguments.out is not None:
        arguments.out.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
