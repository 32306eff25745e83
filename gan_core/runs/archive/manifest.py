"""Which files an archive of a run may hold, and its manifest: the names, sizes and SHA-256 of its files.

Only names and numbers; `gan_core.runs.archive.pack` packs, `gan_core.runs.archive.unpack` unpacks.
"""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from gan_core.runs.checkpoints import CHECKPOINT
from gan_core.runs.errors import RunError
from gan_core.runs.folder import CONFIG, HISTORY, LATENTS, NOTES, SAMPLES, SNAPSHOTS
from gan_core.runs.names import NAME
from gan_core.runs.record import to_bytes

SCHEMA = 1
KIND = "gan-studio-run"
MANIFEST = "manifest.json"
FOLDERS = (SAMPLES, SNAPSHOTS, LATENTS)
NEEDED = (MANIFEST, CONFIG, HISTORY)
MOST_ENTRIES = 50_000
MOST_BYTES = 4_000_000_000  # of all files together
MOST_MANIFEST_BYTES = 16_000_000
SHA = re.compile(r"[0-9a-f]{64}")

MEGABYTE = 1_000_000
MOST_BYTES_OF = {  # largest size of one file, by its name
    re.compile(re.escape(MANIFEST)): MOST_MANIFEST_BYTES,
    re.compile(re.escape(CONFIG)): MEGABYTE,
    re.compile(re.escape(NOTES)): MEGABYTE,
    re.compile(re.escape(HISTORY)): 2_000 * MEGABYTE,
    re.compile(rf"{SAMPLES}/\d{{12,15}}\.png"): 16 * MEGABYTE,
    re.compile(rf"{SNAPSHOTS}/\d{{12,15}}\.safetensors"): 500 * MEGABYTE,
    re.compile(rf"{LATENTS}/[0-9a-f]{{12}}\.safetensors"): MEGABYTE,
    CHECKPOINT: 1_000 * MEGABYTE,
}


class ArchiveError(RunError):
    """A file that is not a run packed by this program, in one sentence."""

    def __init__(self, rule: str, entry: str | None = None) -> None:
        what = "it" if entry is None else f"its entry {entry[:120]!r}"
        super().__init__(f"the file is refused, and nothing was written: {what} {rule}")


class Promise(NamedTuple):
    """One file as the manifest describes it."""

    size_bytes: int
    sha256: str


class Manifest(NamedTuple):
    """The run's name, and its files by their place in the run's folder."""

    run: str
    files: Mapping[str, Promise]


def most_bytes(name: str) -> int | None:
    """The largest size of a file of a run; None if a run has no file of that name."""
    return next((most for pattern, most in MOST_BYTES_OF.items() if pattern.fullmatch(name)), None)


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """JSON text."""
    files = {name: {"bytes": size, "sha256": sha} for name, (size, sha) in sorted(manifest.files.items())}
    return to_bytes({"schema": SCHEMA, "kind": KIND, "run": manifest.run, "files": files})


def manifest_from(data: bytes) -> Manifest:
    """What `manifest_to_bytes` wrote. Raises ArchiveError."""
    try:
        values = json.loads(data)
        if values["kind"] != KIND:
            raise ValueError(f"its kind is {str(values['kind'])[:40]!r}")
        if int(values["schema"]) > SCHEMA:
            raise ValueError("a newer GAN Studio wrote it; update GAN Studio")
        if not NAME.fullmatch(values["run"]):
            raise ValueError("the name of the run is not valid")
        return Manifest(values["run"], {str(name): promise_from(each) for name, each in values["files"].items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"cannot be understood ({str(error) or type(error).__name__})", MANIFEST) from error


def promise_from(values: Mapping[str, object]) -> Promise:
    """Raises ValueError or KeyError if there is no size and SHA-256."""
    size, sha = values["bytes"], values["sha256"]
    if type(size) is not int or size < 0 or not isinstance(sha, str) or not SHA.fullmatch(sha):
        raise ValueError("a file has no size or no SHA-256")
    return Promise(size, sha)
