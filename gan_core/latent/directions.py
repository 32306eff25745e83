"""Directions in latent space along which images change in one respect, found in a generator without labels.

SeFa (Shen & Zhou 2021) reads them from the first weights, GANSpace (Härkönen et al. 2020) from the first activations.
Both return orthonormal rows (K, Z), the most important first, each with its largest component positive.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, one_hot

from gan_core.config import LatentConfig
from gan_core.data.dataset import spread
from gan_core.models.networks import Generator
from gan_core.numerics.rng import generator_for, latents
from gan_core.numerics.shapes import Features, Latents
from gan_core.pictures.render import grid_labels

FinderName = Literal["ganspace", "sefa"]

NONLINEAR = (nn.ReLU, nn.LeakyReLU)
SAMPLES = 4_000  # latents that GANSpace analyses
MOST_UNITS = 4_096  # of the first activations that it analyses
CHUNK = 250  # latents per batch


def sefa(generator: Generator, latent: LatentConfig) -> Tensor:
    """(Z, Z) float64: the eigenvectors of W^T W, W the first weights with rows of length 1  (Shen & Zhou 2021, eq. 5).

    Only the columns of W for the latent are used, not those for labels. A batch norm after the layer is folded into W
    first, so that units which it scales down count less.
    """
    W = normalize(first_weights(generator)[:, : latent.size], dim=1)  # (F, Z)
    _, vectors = torch.linalg.eigh(W.T @ W)  # ascending
    return with_largest_positive(vectors.flip(1).T)


def first_weights(generator: Generator) -> Tensor:
    """(F, Z + K) float64: the weights of the first layer for latents and labels, times the gain of its batch norm."""
    linear = next(layer for layer in generator.layers if isinstance(layer, nn.Linear))
    W = linear.weight.detach().double()
    norms = [layer for layer in leading_layers(generator) if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d)]
    for norm in norms[:1]:
        assert norm.running_var is not None
        gain = norm.weight.detach().double() / (norm.running_var.double() + norm.eps).sqrt()  # (C,)
        W = W * gain.repeat(len(W) // len(gain))[:, None]  # the units of a channel are adjacent
    return W


def leading_layers(generator: Generator) -> nn.Sequential:
    """The layers up to and including the first hidden nonlinearity; without one, up to the first linear layer."""
    ends = [
        index
        for kind in (NONLINEAR, nn.Linear)
        for index, layer in enumerate(generator.layers)
        if isinstance(layer, kind)
    ]
    return generator.layers[: ends[0] + 1]


def ganspace(generator: Generator, latent: LatentConfig, samples: int = SAMPLES) -> Tensor:
    """(K, Z) float64, K at most Z: principal axes of the first activations, regressed back to the latents.

    Härkönen et al. 2020, section 2.2 and eq. 3. The directions of the regression are not orthogonal; they are
    orthogonalised in the order of their importance. Each class is centred separately, so that no direction changes the
    class.
    """
    z = latents(samples, latent, generator_for(0, "ganspace"))
    x = principal_coordinates(first_activations(generator, z), latent.size)  # (N, K)
    U = torch.linalg.lstsq(x, z.double(), driver="gelsd").solution  # (K, Z): z is about x U
    Q, _ = torch.linalg.qr(U.T)  # (Z, K)
    return with_largest_positive(Q.T)


def first_activations(generator: Generator, z: Latents) -> Features:
    """(N, F) float32: the activations after the first nonlinearity for latents (N, Z), each class centred.

    Of a layer with more than MOST_UNITS units an evenly spread subset is used.
    """
    network = deepcopy(generator).float()
    layers, y = leading_layers(network), grid_labels(len(z), network.inputs.classes)
    units = None
    parts = []
    with torch.inference_mode():
        inputs = network.inputs(z.float(), y)
        for part in torch.split(inputs, CHUNK):
            activations = layers(part).flatten(1)
            units = spread(activations.shape[1], MOST_UNITS) if units is None else units
            parts.append(activations[:, units])
    return centred(torch.cat(parts), y)


def centred(features: Features, y: Tensor | None) -> Features:
    """Features (N, F) minus the mean of their class; minus the mean of all if y is None."""
    if y is None:
        return features - features.mean(0)
    members = one_hot(y).to(features.dtype)  # (N, K)
    means = members.T @ features / members.sum(0)[:, None]
    return features - means[y]


def principal_coordinates(features: Features, count: int) -> Tensor:
    """(N, K) float64: the coordinates of centred features (N, F) on at most `count` principal axes."""
    from sklearn.decomposition import PCA  # slow to import

    # a fixed random state, so that equal features give equal axes
    pca = PCA(n_components=min(count, *features.shape), svd_solver="randomized", random_state=0)
    return torch.from_numpy(pca.fit_transform(features.numpy())).double()


def with_largest_positive(rows: Tensor) -> Tensor:
    """Rows (K, Z), each with its largest component positive: this fixes the sign of an axis."""
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    return rows * largest.sign()


FINDERS: Mapping[FinderName, Callable[[Generator, LatentConfig], Tensor]] = {"ganspace": ganspace, "sefa": sefa}


def moved(z: Latents, directions: Tensor, amounts: Tensor) -> Latents:
    """(B, Z): z + amounts @ directions, with directions (K, Z) and amounts (K,) or (B, K)."""
    return z + amounts @ directions
