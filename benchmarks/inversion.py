"""How often inversion finds the latent of a picture: python -m benchmarks.inversion [--root ROOT --run RUN]

A picture is recovered if the generator reproduces it from the latent found with a mean squared error of at most 1e-3 of
the squared pixel range, and the error is smaller than that of the nearest of 10,000 other samples. Without --run, a run
of the preset `studio` is trained first. Real digits are a control: the generator cannot make most of them exactly, and
the search must then report "not found".
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import torch

from benchmarks.report import Figure, report
from gan_core.config import RunConfig, with_overrides
from gan_core.data.dataset import spread
from gan_core.data.registry import load
from gan_core.execution import run_training
from gan_core.latent.inversion import Guess, invert
from gan_core.models.networks import Generator
from gan_core.numerics.pixel_range import pixel_error
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import render
from gan_core.presets import preset
from gan_core.runs.networks import generator_at
from gan_core.runs.store import RunStore

OTHERS = range(10_000)
FIRST_TARGET = 1_000_000  # first seed of the pictures to find; none of them is in OTHERS
CHUNK = 250


def trained(root: Path, data: Path, images: int) -> tuple[RunStore, str]:
    """Create a run of the preset `studio` and train it to its end."""
    store = RunStore(root)
    config = with_overrides(preset("studio").config, {"train.images": images})
    run = store.create(config, "inversion", "studio")
    run_training.run_to_end(store, run, data_root=data)
    return store, run


def samples(generator: Generator, config: RunConfig, seeds: range) -> Bytes:
    """The samples of some seeds, (len(seeds), C, S, S) uint8."""
    z = latents_for_seeds(seeds, config.model.latent)
    return torch.cat([render(generator, config, part) for part in torch.split(z, CHUNK)])


def search(generator: Generator, config: RunConfig, targets: Bytes) -> Iterator[tuple[Guess, float]]:
    """The final result for each picture, and the seconds it took."""
    for target in targets:
        began = time.perf_counter()
        *_, guess = invert(generator, config, target[None])
        yield guess, time.perf_counter() - began


def row(title: str, generator: Generator, config: RunConfig, targets: Bytes, others: Bytes) -> dict[str, Figure]:
    """One row of the table."""
    outcomes = list(search(generator, config, targets))
    nearest = [pixel_error(others, target[None]).min().item() for target in targets]
    recovered = [guess.found and guess.error < near for (guess, _), near in zip(outcomes, nearest, strict=True)]
    errors = [guess.error for guess, _ in outcomes]
    return {
        "pictures": title,
        "count": len(targets),
        "recovered": sum(recovered) / len(targets),
        "not found": sum(not guess.found for guess, _ in outcomes),
        "median error": median(errors),
        "greatest error": max(errors),
        "median error of the nearest sample": median(nearest),
        "seconds each": median(seconds for _, seconds in outcomes),
    }


def measure(store: RunStore, run: str, data: Path, count: int) -> None:
    config = store.config(run)
    images_seen, generator = generator_at(store, run)
    others = samples(generator, config, OTHERS)
    own = samples(generator, config, range(FIRST_TARGET, FIRST_TARGET + count))
    real = load(config.data, torch.device("cpu"), root=data).images
    some = real[spread(len(real), max(1, count // 4))]
    rows = [
        row("made by the generator", generator, config, own, others),
        row("real", generator, config, some, others),
    ]
    report(f"latents found for pictures, generator after {images_seen:,} images", rows)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("checkpoints"))
    parser.add_argument("--run", help="a run without labels; without this a run is trained first")
    parser.add_argument("--images", type=int, default=120_000, help="length of the new run in real images")
    parser.add_argument("--count", type=int, default=200, help="number of generated pictures to find")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GAN_STUDIO_DATA", "data")))
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    if chosen.run:
        measure(RunStore(chosen.root), chosen.run, chosen.data, chosen.count)
        return
    with tempfile.TemporaryDirectory() as folder:
        store, run = trained(Path(folder), chosen.data, chosen.images)
        measure(store, run, chosen.data, chosen.count)


if __name__ == "__main__":
    main()
