"""The engine in a notebook or a script: settings, training, pictures as arrays, export.

N images of S x S pixels are uint8 arrays (N, S, S), or (N, S, S, 3) for colour.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gan_core.config import ExportFormat, RunConfig, with_overrides
from gan_core.execution.run_training import run_to_end
from gan_core.latent.combination import class_weights, combine
from gan_core.latent.expression import parse
from gan_core.latent.truncation import NO_TRUNCATION, Truncation, truncated
from gan_core.models.networks import Generator
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Bytes, Labels
from gan_core.pictures.render import GRID_SEEDS, grid_labels, render
from gan_core.presets import DEFAULT, preset
from gan_core.runs.export import export_generator
from gan_core.runs.networks import generator_at
from gan_core.runs.snapshots import At
from gan_core.runs.store import RunError, RunStore

Pictures = npt.NDArray[np.uint8]


def configure(preset_name: str = DEFAULT, settings: Mapping[str, object] | None = None) -> RunConfig:
    """The configuration of a preset with some settings changed, such as `{"train.images": 20_000}`.

    Raises ConfigError with every reason why it cannot run.
    """
    return with_overrides(preset(preset_name).config, settings or {})


def train(store: RunStore, run: str, images: int | None = None) -> str:
    """Train a run in this thread to its target, or to `images` real images in all; returns its status.

    Raises RunError if the run fails, OwnedError if another process trains it.
    """
    outcome = run_to_end(store, run, images=images, kind="notebook")
    if outcome.failure:
        raise RunError(outcome.failure)
    return outcome.status


def render_seeds(
    store: RunStore, run: str, seeds: Iterable[int] = GRID_SEEDS, *, at: At = "latest", label: int | None = None
) -> Pictures:
    """The images of some seeds by the averaged generator of a snapshot.

    A run with labels shows the class `label`, or its classes in turn. Raises RunMissingError without such a snapshot,
    CheckpointError for a damaged one, RunError for a class that does not exist.
    """
    _, generator = generator_at(store, run, at)
    return arrays(seed_pixels(store, run, generator, seeds, label))


def render_expression(
    store: RunStore,
    run: str,
    expression: str,
    *,
    at: At = "latest",
    label: int | None = None,
    truncation: Truncation = NO_TRUNCATION,
) -> Pictures:
    """The image (S, S) or (S, S, 3) of an expression such as `seed:12 - seed:7 + 0.5*seed:3`.

    Raises ExpressionError, and the errors of `render_seeds`.
    """
    _, generator = generator_at(store, run, at)
    picture: Pictures = arrays(expression_pixels(store, run, generator, expression, label, truncation))[0]
    return picture


def export(
    store: RunStore, run: str, out: Path | str, *, format_name: ExportFormat | None = None, at: At = "latest"
) -> None:
    """Write the averaged generator of a snapshot, which is pinned, to a file `*.safetensors` or `*.onnx`.

    Raises RunError for a file name with another ending, RunMissingError, CheckpointError, StorageError.
    """
    path = Path(out)
    formats: dict[str, ExportFormat] = {".safetensors": "safetensors", ".onnx": "onnx"}
    chosen = format_name or formats.get(path.suffix)
    if chosen is None:
        raise RunError(f"{path.name} does not end in .safetensors or .onnx; rename it, or give format_name")
    images_seen, generator = generator_at(store, run, at)
    store.snapshots(run).pin(images_seen)  # a snapshot that is used elsewhere must stay
    export_generator(generator, store.config(run), images_seen, chosen, path)


def seed_pixels(store: RunStore, run: str, generator: Generator, seeds: Iterable[int], label: int | None) -> Bytes:
    """(B, C, S, S) uint8: the images of some seeds by a `still_generator` of the run."""
    config = store.config(run)
    z = latents_for_seeds(list(seeds), config.model.latent)
    return render(generator, config, z, labels_for(len(z), label, generator.inputs.classes, run))


def expression_pixels(
    store: RunStore, run: str, generator: Generator, expression: str, label: int | None, truncation: Truncation
) -> Bytes:
    """(1, C, S, S) uint8: the image of an expression, whose class weights replace `label`."""
    config, weights = store.config(run), parse(expression)
    z = truncated(combine(weights, config.model.latent, store.latents(run).load), truncation, config.model.latent)
    classes = generator.inputs.classes
    y = class_weights(weights, classes)
    return render(generator, config, z, labels_for(1, label, classes, run) if y is None else y)


def labels_for(count: int, label: int | None, classes: int, run: str) -> Labels | None:
    """(count,) the same class for all, or the classes in turn; None for a run without labels. Raises RunError."""
    if label is None:
        return grid_labels(count, classes)
    if not 0 <= label < classes:
        rule = f"use one of 0..{classes - 1}" if classes else "it was trained without labels"
        raise RunError(f"run {run} has no label {label}: {rule}")
    return torch.full((count,), label)


def arrays(pixels: Bytes) -> Pictures:
    """(B, C, S, S) -> (B, S, S) for grey images, (B, S, S, 3) for colour."""
    images: Pictures = pixels.permute(0, 2, 3, 1).numpy()
    return images[..., 0] if images.shape[-1] == 1 else images
