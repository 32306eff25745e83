"""From a `LatentEdit` to pixels, with the networks of one snapshot: in float64 for pictures at rest, in float32 while
a slider is dragged.

Everything that is slow to make is kept for all visitors of the server, in caches of limited size.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

import streamlit as st
import torch
from torch import Tensor

from dashboard.app import services
from dashboard.latent.edit import OWN_CLASSES, TAUS, ClassCondition, EditError, LatentEdit
from gan_core.config import LatentConfig, RunConfig
from gan_core.latent.combination import class_weights, combine, labels_of
from gan_core.latent.directions import FINDERS
from gan_core.latent.expression import Source, Weights
from gan_core.latent.prior import on_shell
from gan_core.latent.truncation import WIDEST_TAU, Truncation, truncated
from gan_core.models.networks import Generator
from gan_core.numerics.pixel_range import images_to_bytes
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Bytes, Labels, Latents
from gan_core.pictures.render import render
from gan_core.runs.networks import generator_at
from gan_core.runs.snapshots import At

GENERATORS_KEPT = 6
PICTURES_KEPT = 4_000
DIMENSION = "dim"
SAVED = "mine"  # in links that exist, so the value stays


class SnapshotRef(NamedTuple):
    """A snapshot of a run. `created` distinguishes the run from a later one of the same name."""

    root: str
    run: str
    created: str
    images_seen: int


class Networks(NamedTuple):
    """The generator of one snapshot, in two precisions."""

    config: RunConfig
    float64: Generator
    float32: Generator

    @property
    def latent(self) -> LatentConfig:
        return self.config.model.latent

    @property
    def classes(self) -> int:
        """The number of classes; 0 for a run without labels."""
        return self.float64.inputs.classes


def snapshot_ref(run: str, at: At) -> SnapshotRef:
    """The snapshot of a run at `at` images. Raises RunMissingError if there is none."""
    store = services.store()
    snapshots = store.snapshots(run).all()
    images_seen = max(snapshots, default=0) if at == "latest" else at
    if images_seen not in snapshots:
        store.snapshots(run).load(at)  # raises RunMissingError with a sentence that names those that exist
    return SnapshotRef(str(store.root), run, str(store.record(run)["created"]), images_seen)


@st.cache_resource(max_entries=GENERATORS_KEPT, show_spinner=False)
def networks(snapshot: SnapshotRef) -> Networks:
    """The generator of a snapshot."""
    store = services.store()
    _, generator = generator_at(store, snapshot.run, snapshot.images_seen)
    return Networks(store.config(snapshot.run), generator, deepcopy(generator).float())


@st.cache_resource(max_entries=2 * GENERATORS_KEPT, show_spinner=False)
def found_directions(snapshot: SnapshotRef, finder: str) -> Tensor:
    """(K, Z) float64: orthonormal rows, the most important first."""
    made = networks(snapshot)
    return FINDERS[finder](made.float64, made.latent)  # type: ignore[index]  # callers take the name from the table


def num_directions(snapshot: SnapshotRef, finder: str) -> int:
    return len(found_directions(snapshot, finder))


def direction(snapshot: SnapshotRef, key: str) -> Tensor:
    """(Z,) float64: the direction of the slider with this key. Raises EditError if the run has no such direction."""
    kind, _, rest = key.partition(":")
    size = networks(snapshot).latent.size
    if kind == SAVED:
        return saved_direction(rest, networks(snapshot).latent)
    rows = found_directions(snapshot, kind) if kind in FINDERS else torch.eye(size, dtype=torch.float64)
    if kind not in (*FINDERS, DIMENSION) or not rest.isdecimal() or not 1 <= int(rest) <= len(rows):
        raise EditError(f"this run has no direction {key[:40]!r}")
    return rows[int(rest) - 1]


def saved_direction(name: str, latent: LatentConfig) -> Tensor:
    """(Z,) float64: a direction that was saved by name. Raises EditError if there is none for these latents."""
    for saved in services.store().directions.all():
        if saved.name == name and saved.fits(latent):
            return torch.tensor(saved.vector, dtype=torch.float64)
    raise EditError(f"there is no saved direction {name[:40]!r} for the latents of this run")


def latent_of(edit: LatentEdit, snapshot: SnapshotRef) -> Latents:
    """(1, Z) float64: the expression plus the amounts along directions, scaled if `on_shell`, then truncated."""
    latent = networks(snapshot).latent
    z = combined_latent(edit.weights, snapshot)
    if edit.bends:
        z = z + sum_of_bends(edit, snapshot)
    if edit.on_shell:
        z = on_shell(z, latent)
    return truncated(z, truncation_of(edit), latent)


def truncation_of(edit: LatentEdit) -> Truncation:
    """For the engine and the terminal, where the upper end of the slider of tau means no limit."""
    return Truncation(edit.psi, edit.tau if edit.tau < TAUS[1] else WIDEST_TAU)


def sum_of_bends(edit: LatentEdit, snapshot: SnapshotRef) -> Tensor:
    """(Z,) float64: the sum of amount times direction, in the order of the keys. Raises EditError."""
    bends = [amount * direction(snapshot, key) for key, amount in sorted(edit.bends)]
    return torch.stack(bends).sum(0) if bends else torch.zeros(networks(snapshot).latent.size, dtype=torch.float64)


def combined_latent(weights: Weights, snapshot: SnapshotRef) -> Latents:
    """(1, Z) float64: the weighted sum of the latents. Raises ExpressionError for an unknown class."""
    class_weights(weights, networks(snapshot).classes)
    return combine(weights, networks(snapshot).latent, services.store().latents(snapshot.run).load)


def labels_for(weights: Weights, condition: ClassCondition, snapshot: SnapshotRef) -> Labels | None:
    """(1, K) float64: the classes in which a sum of sources is shown; None for a run without labels.

    A chosen class that is too large becomes the last class; one in an expression raises ExpressionError.
    """
    classes, kept = networks(snapshot).classes, services.store().latents(snapshot.run)
    if isinstance(condition, tuple):
        return class_weights(dict(condition), classes)
    label = condition if condition is OWN_CLASSES else min(condition, classes - 1)
    return labels_of(weights, classes, label, kept.classes)


def labels_of_edit(edit: LatentEdit, snapshot: SnapshotRef) -> Labels | None:
    """(1, K) float64: the classes of the picture of an edit; None for a run without labels."""
    return labels_for(edit.weights, edit.condition, snapshot)


def render_float64(z: Latents, snapshot: SnapshotRef, labels: Labels | None) -> Bytes:
    """(B, C, S, S) uint8 of latents (B, Z) with labels (B, K) or (1, K): the same bytes as on the command line."""
    made = networks(snapshot)
    return render(made.float64, made.config, z, for_each(z, labels))


@torch.inference_mode()
def render_float32(z: Latents, snapshot: SnapshotRef, labels: Labels | None) -> Bytes:
    """As `render_float64`, faster and within one grey level: while a slider is dragged."""
    made = networks(snapshot)
    return images_to_bytes(made.float32(z.float(), for_each(z, labels)), made.config.data.value_range)


def save_latent(edit: LatentEdit, snapshot: SnapshotRef) -> str:
    """Keep the latent of an edit and its classes in the run; returns the name. Raises StorageError."""
    kept = services.store().latents(snapshot.run)
    return kept.keep(latent_of(edit, snapshot), labels_of_edit(edit, snapshot))


def for_each(z: Latents, labels: Labels | None) -> Labels | None:
    """(B, K): labels (B, K) or (1, K) for the latents (B, Z)."""
    return None if labels is None else labels.expand(len(z), -1)


Rows = tuple[tuple[float, ...], ...]  # a tensor (B, N) float64, hashable


def rows_of(tensor: Tensor) -> Rows:
    return tuple(map(tuple, tensor.tolist()))


def tensor_of(rows: Rows) -> Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def stacked(labels: Sequence[Labels | None]) -> Labels | None:
    """(B, K): several labels (1, K); None for a run without labels."""
    each = [one for one in labels if one is not None]
    return torch.cat(each) if each else None


Sums = tuple[tuple[tuple[Source, float], ...], ...]  # the weights of several sums, hashable


def sums(*weights: Weights) -> Sums:
    return tuple(tuple(sum_of.items()) for sum_of in weights)


@st.cache_resource(max_entries=256, show_spinner=False)
def render_sums(weights: Sums, snapshot: SnapshotRef, condition: ClassCondition) -> Bytes:
    """(B, C, S, S) uint8 of several sums of sources. One at a time: batching can change the last bit."""
    return torch.cat(
        [
            render_float64(combined_latent(each, snapshot), snapshot, labels_for(each, condition, snapshot))
            for each in map(dict, weights)
        ]
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def render_latents(z: Rows, snapshot: SnapshotRef, labels: Rows | None) -> Bytes:
    """(B, C, S, S) uint8 of latents and labels given as numbers, in one batch. Kept, for animations."""
    return render_float64(tensor_of(z), snapshot, None if labels is None else tensor_of(labels))


@st.cache_resource(max_entries=64, show_spinner=False)
def render_seeds(first: int, count: int, snapshot: SnapshotRef, condition: ClassCondition) -> Bytes:
    """(count, C, S, S) uint8: the seeds `first`, `first + 1`, ..."""
    seeds = range(first, first + count)
    labels = [labels_for({seed: 1.0}, condition, snapshot) for seed in seeds]
    z = latents_for_seeds(seeds, networks(snapshot).latent)
    return render_float64(z, snapshot, stacked(labels))


@st.cache_resource(max_entries=PICTURES_KEPT, show_spinner=False)
def render_once(z: Rows, snapshot: SnapshotRef, labels: Rows | None) -> Bytes:
    """(1, C, S, S) uint8 of one latent. The picture is kept and the generator is not: for strips of snapshots."""
    store = services.store()
    _, generator = generator_at(store, snapshot.run, snapshot.images_seen)
    return render(generator, store.config(snapshot.run), tensor_of(z), None if labels is None else tensor_of(labels))
