"""From a scene to pixels: the networks of one moment, in float64 for all that stays and in float32 for a drag.

Everything that is slow to make is kept for all visitors of the server, in caches of bounded size.
"""

from copy import deepcopy
from functools import partial
from typing import NamedTuple

import streamlit as st
import torch
from torch import Tensor

from dashboard.app import services
from dashboard.latent.edit import TAUS, Scene, SceneError, Told
from gan_core.config import LatentConfig, RunConfig
from gan_core.latent.directions import FINDERS
from gan_core.latent.expression import Source, Weights, class_weights, combine
from gan_core.latent.prior import on_shell
from gan_core.latent.truncation import WIDEST_TAU, Truncation, truncated
from gan_core.models.networks import Generator
from gan_core.numerics.pixel_range import images_to_bytes
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Bytes, Labels, Latents
from gan_core.pictures.render import render
from gan_core.runs.snapshots import At, generator_at

GENERATORS_KEPT = 6
PICTURES_KEPT = 4_000
DIMENSION = "dim"
MINE = "mine"


class Place(NamedTuple):
    """A run at one moment. `created` tells a run from a later one of the same name."""

    root: str
    run: str
    created: str
    images_seen: int


class Networks(NamedTuple):
    """A generator of one moment twice over: `still` in float64, `quick` in float32."""

    config: RunConfig
    still: Generator
    quick: Generator

    @property
    def latent(self) -> LatentConfig:
        return self.config.model.latent

    @property
    def classes(self) -> int:
        return self.still.inputs.classes


def place_of(run: str, at: At) -> Place:
    """The moment that a run is looked at. Raises RunMissingError where there is none."""
    store = services.store()
    moments = store.moments(run)
    images_seen = max(moments, default=0) if at == "latest" else at
    if images_seen not in moments:
        store.load_moment(run, at)  # raises, with the sentence that names what there is
    return Place(str(store.root), run, str(store.record(run)["created"]), images_seen)


@st.cache_resource(max_entries=GENERATORS_KEPT, show_spinner=False)
def networks(place: Place) -> Networks:
    """The generator of a moment, ready."""
    store = services.store()
    _, still = generator_at(store, place.run, place.images_seen)
    return Networks(store.config(place.run), still, deepcopy(still).float())


@st.cache_resource(max_entries=2 * GENERATORS_KEPT, show_spinner=False)
def found_directions(place: Place, finder: str) -> Tensor:
    """(K, Z) float64: orthonormal rows, the most important first."""
    made = networks(place)
    return FINDERS[finder](made.still, made.latent)  # type: ignore[index]  # the caller's word comes from the table


def num_directions(place: Place, finder: str) -> int:
    return len(found_directions(place, finder))


def direction(place: Place, key: str) -> Tensor:
    """(Z,) float64 of the slider with this key. Raises SceneError where there is no such direction here."""
    kind, _, rest = key.partition(":")
    size = networks(place).latent.size
    if kind == MINE:
        return saved_direction(rest, networks(place).latent)
    rows = found_directions(place, kind) if kind in FINDERS else torch.eye(size, dtype=torch.float64)
    if kind not in (*FINDERS, DIMENSION) or not rest.isdecimal() or not 1 <= int(rest) <= len(rows):
        raise SceneError(f"this run knows no direction {key[:40]!r}")
    return rows[int(rest) - 1]


def saved_direction(name: str, latent: LatentConfig) -> Tensor:
    """(Z,) float64: one that somebody saved by name."""
    for kept in services.store().directions():
        if kept.name == name and kept.fits(latent):
            return torch.tensor(kept.vector, dtype=torch.float64)
    raise SceneError(f"there is no saved direction {name[:40]!r} for the latents of this run")


def z_of(scene: Scene, place: Place) -> Latents:
    """(1, Z) float64: the expression, bent, put on the shell where the scene says so, then truncated."""
    latent = networks(place).latent
    z = combined(scene.weights, place)
    if scene.bends:
        z = z + bend_of(scene, place)
    if scene.on_shell:
        z = on_shell(z, latent)
    return truncated(z, truncation_of(scene), latent)


def truncation_of(scene: Scene) -> Truncation:
    """As the engine and the terminal take it."""
    return Truncation(scene.psi, scene.tau if scene.tau < TAUS[1] else WIDEST_TAU)


def bend_of(scene: Scene, place: Place) -> Tensor:
    """(Z,) float64: all that the sliders of directions and dimensions add, in the order of their keys."""
    bends = [amount * direction(place, key) for key, amount in sorted(scene.bends)]
    return torch.stack(bends).sum(0) if bends else torch.zeros(networks(place).latent.size, dtype=torch.float64)


def combined(weights: Weights, place: Place) -> Latents:
    """(1, Z) float64: the sum of the sources' latents, each times its weight. Raises for classes that there are not."""
    class_weights(weights, networks(place).classes)
    return combine(weights, networks(place).latent, partial(services.store().kept_latent, place.run))


def labels(count: int, told: Told, classes: int) -> Labels | None:
    """(count,) of one class, or (count, K) weights of classes; None for a run without labels.

    A class that there is not is cut to the last; weights of one raise ExpressionError.
    """
    if isinstance(told, int):
        return torch.full((count,), min(told, classes - 1)) if classes else None
    weights = class_weights(dict(told), classes)
    return None if weights is None else weights.expand(count, -1)


def still(z: Latents, place: Place, told: Told) -> Bytes:
    """(B, C, S, S) uint8 of latents (B, Z): the bytes that the terminal gives."""
    made = networks(place)
    return render(made.still, made.config, z, labels(len(z), told, made.classes))


@torch.inference_mode()
def quick(z: Latents, place: Place, told: Told) -> Bytes:
    """As `still`, in float32: while a slider is dragged."""
    made = networks(place)
    images = made.quick(z.float(), labels(len(z), told, made.classes))
    return images_to_bytes(images, made.config.data.value_range)


Sums = tuple[tuple[tuple[Source, float], ...], ...]  # weights of several sums, as a key


def sums(*weights: Weights) -> Sums:
    return tuple(tuple(sum_of.items()) for sum_of in weights)


@st.cache_resource(max_entries=256, show_spinner=False)
def stills(weights: Sums, place: Place, told: Told) -> Bytes:
    """(B, C, S, S) uint8 of several sums of sources, unbent, each for itself: a batch might round otherwise."""
    return torch.cat([still(combined(dict(each), place), place, told) for each in weights])


@st.cache_resource(max_entries=64, show_spinner=False)
def stills_of(numbers: tuple[tuple[float, ...], ...], place: Place, told: Told) -> Bytes:
    """(B, C, S, S) uint8 of latents given as plain numbers: for films, which are asked for again and again."""
    return still(torch.tensor(numbers, dtype=torch.float64), place, told)


@st.cache_resource(max_entries=64, show_spinner=False)
def seeds(first: int, count: int, place: Place, told: Told) -> Bytes:
    """(count, C, S, S) uint8: numbered seeds from `first` on."""
    z = latents_for_seeds(range(first, first + count), networks(place).latent)
    return still(z, place, told)


@st.cache_resource(max_entries=PICTURES_KEPT, show_spinner=False)
def still_then(numbers: tuple[float, ...], place: Place, told: Told) -> Bytes:
    """(1, C, S, S) uint8 of one latent at a moment whose generator is not kept: for strips through time."""
    store = services.store()
    _, generator = generator_at(store, place.run, place.images_seen)
    z = torch.tensor(numbers, dtype=torch.float64)[None]
    return render(generator, store.config(place.run), z, labels(1, told, generator.inputs.classes))
