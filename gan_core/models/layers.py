"""The few layers that PyTorch does not have in the form needed here: given noise, norms without hidden draws."""

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, one_hot
from torch.nn.utils import parametrize

from gan_core.shapes import Features, Labels, Latents, Logits

SLOPE = 0.2  # of every LeakyReLU: Radford et al. 2016, section 3


class Dropout(nn.Module):
    """Dropout whose noise comes from a generator that the step gives it (`seed_noise`), never from the global one.

    Drops single units of (B, F) and whole channels of (B, C, H, W); identity in eval mode.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.draw: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        if self.draw is None:
            raise RuntimeError("dropout has no generator: call seed_noise(network, draw) before a training step")
        shape = x.shape[:2] + (1,) * (x.dim() - 2)
        kept = torch.empty(shape, device=x.device, dtype=x.dtype).bernoulli_(1 - self.share, generator=self.draw)
        return x * kept.div_(1 - self.share)


def seed_noise(network: nn.Module, draw: torch.Generator) -> None:
    """Give every dropout layer of `network` the generator for its next forward passes."""
    for module in network.modules():
        if isinstance(module, Dropout):
            module.draw = draw


class SpectralNorm(nn.Module):
    """W / sigma(W), the largest singular value by one power iteration a forward pass.

    Miyato et al. 2018, eq. 8 and algorithm 1.

    A parametrization of its own because PyTorch's fills its vector from the global generator. `u`, (out,), is a buffer,
    so that it is saved with the network; in eval mode it does not move.
    """

    u: Tensor

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.register_buffer("u", torch.empty(rows))

    def forward(self, weight: Tensor) -> Tensor:
        matrix = weight.flatten(1)  # (out, in * k * k)
        with torch.autocast(weight.device.type, enabled=False):
            u, v = self._iterate(matrix)
            sigma = torch.dot(u, torch.mv(matrix, v))
        return weight / sigma

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> tuple[Tensor, Tensor]:
        v = normalize(torch.mv(matrix.t(), self.u), dim=0)
        if self.training:
            self.u.copy_(normalize(torch.mv(matrix, v), dim=0))
        return self.u.clone(), v  # a copy: the next forward pass moves u before this one's backward is done

    @torch.no_grad()
    def settle(self, weight: Tensor, draw: torch.Generator, iterations: int = 15) -> None:
        """Start from a random direction and iterate until sigma is close, as PyTorch's own does."""
        self.u.copy_(normalize(torch.randn(self.u.shape, generator=draw), dim=0))
        for _ in range(iterations):
            self.u.copy_(self._iterate(weight.flatten(1))[0])


def spectrally_normed(layer: nn.Module, wanted: bool) -> nn.Module:
    """`layer` with its weight divided by its largest singular value, or as it is."""
    if wanted:
        weight = layer.weight
        assert isinstance(weight, Tensor)
        # unsafe: do not try it out now, the network is built on the meta device where nothing can be computed
        parametrize.register_parametrization(layer, "weight", SpectralNorm(weight.shape[0]), unsafe=True)
    return layer


class LabelledLatent(nn.Module):
    """Concatenate the one-hot class to the latent  (Mirza & Osindero 2014, section 3.2)."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes

    def forward(self, z: Latents, y: Labels | None) -> Tensor:
        if self.classes == 0:
            return z
        if y is None:
            raise ValueError(
                f"this generator was trained with labels: give one of 0..{self.classes - 1} for each latent"
            )
        return torch.cat([z, one_hot(y, self.classes).to(z.dtype)], dim=1)  # (B, Z + K)


class ProjectionHead(nn.Module):
    """w . f + b, and with labels + embed(y) . f  (Miyato & Koyama 2018, eq. 3)."""

    def __init__(self, features: int, classes: int, spectral_norm: bool) -> None:
        super().__init__()
        self.linear = spectrally_normed(nn.Linear(features, 1), spectral_norm)
        self.embed = spectrally_normed(nn.Embedding(classes, features), spectral_norm) if classes else None

    def forward(self, features: Features, y: Labels | None) -> Logits:
        logits: Tensor = self.linear(features).squeeze(1)  # (B,)
        if self.embed is None:
            return logits.float()
        if y is None:
            raise ValueError("this discriminator was trained with labels: give one for each image")
        opinion: Logits = logits.float() + (self.embed(y) * features).sum(1).float()
        return opinion
