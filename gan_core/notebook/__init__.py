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
from gan_core.latent.combination import combine, labels_of
from gan_core.latent.expression import classes_in, parse
from gan_core.latent.truncation import NO_TRUNCATION, Truncation, truncated
from gan_core.models.networks import Generator
from gan_core.numerics.rng import classes_for_seeds, latents_for_seeds
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.grid_layout import GRID_SEEDS
from gan_core.pictures.render import render
from gan_core.presets import DEFAULT, preset
from gan_core.runs.export import export_generator, format_of, origin_of
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

    A run with labels shows the class `label`, or each seed in its own class, seed mod the number of classes. Raises
    RunMissingError without such a snapshot, CheckpointError for a damaged one, RunError for a class that does not
    exist.
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

    A run with labels shows the classes named in the expression, else `label`, else the classes of the seeds, mixed like
    their latents.

    Raises ExpressionError, and the errors of `render_seeds`.
    """
    _, generator = generator_at(store, run, at)
    picture: Pictures = arrays(expression_pixels(store, run, generator, expression, label, truncation))[0]
    return picture


def export(
    store: RunStore, run: str, out: Path | str, *, format_name: ExportFormat | None = None, at: At = "latest"
) -> None:
    """Write the averaged generator of a snapshot, which is pinned, to a file `*.safetensors` or `*.onnx`.

    Raises RunError for a file name with another ending or for another format; RunMissingError, CheckpointError,
    StorageError.
    """
    path = Path(out)
    chosen = format_of(path, format_name)
    images_seen, generator = generator_at(store, run, at)
    store.snapshots(run).pin_for_use(images_seen)
    export_generator(generator, store.config(run), images_seen, chosen, path, origin_of(store, run))


def seed_pixels(store: RunStore, run: str, generator: Generator, seeds: Iterable[int], label: int | None) -> Bytes:
    """(B, C, S, S) uint8: the images of some seeds by a `still_generator` of the run."""
    config = store.config(run)
    numbers, classes = list(seeds), generator.inputs.classes
    check_label(label, classes, run)
    y = classes_for_seeds(numbers, classes) if label is None else torch.full((len(numbers),), label)
    return render(generator, config, latents_for_seeds(numbers, config.model.latent), y)


def expression_pixels(
    store: RunStore, run: str, generator: Generator, expression: str, label: int | None, truncation: Truncation
) -> Bytes:
    """(1, C, S, S) uint8: the image of an expression, by a `still_generator` of the run."""
    config, weights, kept = store.config(run), parse(expression), store.latents(run)
    latent, classes = config.model.latent, generator.inputs.classes
    if not classes_in(weights):
        check_label(label, classes, run)
    z = truncated(combine(weights, latent, kept.load), truncation, latent)
    return render(generator, config, z, labels_of(weights, classes, label, kept.classes))


def check_label(label: int | None, classes: int, run: str) -> None:
    """Raises RunError for a label that the run does not have."""
    if label is not None and not 0 <= label < classes:
        rule = f"use one of 0..{classes - 1}" if classes else "it was trained without labels"
        raise RunError(f"run {run} has no label {label}: {rule}")


def arrays(pixels: Bytes) -> Pictures:
    """(B, C, S, S) -> (B, S, S) for grey images, (B, S, S, 3) for colour."""
    images: Pictures = pixels.permute(0, 2, 3, 1).numpy()
    return images[..., 0] if images.shape[-1] == 1 else images
