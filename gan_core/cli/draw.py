"""Pictures of a run on disk, as the terminal asks for them."""

from pathlib import Path

import torch

from gan_core.latent.expression import Weights, class_weights, combine, parse
from gan_core.latent.truncation import NO_TRUNCATION, WIDEST_TAU, Truncation, truncated
from gan_core.models.networks import Generator
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Labels, Latents
from gan_core.pictures.render import GRID_COLUMNS, grid, grid_labels, png, render, still_generator
from gan_core.runs.atomic_files import write_atomically
from gan_core.runs.networks import generator_at, of_player
from gan_core.runs.store import RunError, RunStore


def draw_seeds(
    store: RunStore, run: str, seeds: list[int], at: int | None, label: int | None, raw: bool, out: Path
) -> None:
    """The images of numbered seeds in rows of eight. Without `label`, a run with labels shows its classes in turn."""
    draw(store, run, latents_for_seeds(seeds, store.config(run).model.latent), at, label, raw, out)


def draw_expression(
    store: RunStore,
    run: str,
    expression: str,
    at: int | None,
    label: int | None,
    raw: bool,
    out: Path,
    truncation: Truncation = NO_TRUNCATION,
) -> None:
    """The one image of an expression such as `seed:12 - seed:7`. Raises ExpressionError."""
    weights, latent = parse(expression), store.config(run).model.latent
    z = truncated(combine(weights, latent, store.latents(run).load), checked(truncation), latent)
    draw(store, run, z, at, label, raw, out, weights)


def checked(truncation: Truncation) -> Truncation:
    """Raises RunError for what is out of range, or no number."""
    psi, tau = truncation
    if not 0 <= psi <= 1:
        raise RunError(f"--psi wants a number from 0 to 1, got {psi}")
    if not 0 < tau <= WIDEST_TAU:
        raise RunError(f"--tau wants a number above 0 and at most {WIDEST_TAU:.0f}, got {tau}")
    return truncation


def draw(
    store: RunStore,
    run: str,
    z: Latents,
    at: int | None,
    label: int | None,
    raw: bool,
    out: Path,
    weights: Weights | None = None,
) -> None:
    """Latents (B, Z) as one PNG at `out`, written whole or not at all.

    Classes that `weights` of an expression hold are told to the generator in place of `label`.
    """
    config = store.config(run)
    generator = raw_generator(store, run, at) if raw else generator_at(store, run, "latest" if at is None else at)[1]
    told = class_weights(weights or {}, generator.inputs.classes)
    y = labels_for(len(z), label, generator.inputs.classes, run) if told is None else told
    pixels = render(generator, config, z, y)
    write_atomically(out, png(grid(pixels, min(len(z), GRID_COLUMNS))))


def raw_generator(store: RunStore, run: str, at: int | None) -> Generator:
    """G's own weights, which only states keep."""
    if at is not None:
        raise RunError("--raw shows the newest state and cannot be combined with --at: snapshots keep the average only")
    tensors = of_player(store.checkpoints(run).newest().tensors, "generator")
    resolved = store.record(run)["resolved"]  # there since before the first state
    return still_generator(store.config(run), len(resolved["classes"]), tensors)


def labels_for(count: int, label: int | None, classes: int, run: str) -> Labels | None:
    """The same class for all, or the classes in turn; None for a run without labels."""
    if label is None:
        return grid_labels(count, classes)
    if not 0 <= label < classes:
        rule = f"use one of 0..{classes - 1}" if classes else "it was trained without labels"
        raise RunError(f"run {run} has no label {label}: {rule}")
    return torch.full((count,), label)
