"""Layers that PyTorch does not have in the form needed here: no layer draws from the global random numbers."""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn
from torch.nn.functional import conv_transpose2d, normalize, one_hot, pad
from torch.nn.utils import parametrize

from gan_core.numerics.shapes import Features, Labels, Latents, Logits

SLOPE = 0.2  # of every LeakyReLU: Radford et al. 2016, section 3


class Dropout(nn.Module):
    """Dropout whose noise comes from the generator `draw`, which the training step sets; never from the global one.

    Drops units of (B, F), and whole channels or single pixels of (B, C, H, W); the identity in eval mode.
    """

    def __init__(self, share: float, *, whole_channels: bool = True) -> None:
        super().__init__()
        self.share, self.whole_channels = share, whole_channels
        self.draw: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        if self.draw is None:
            raise RuntimeError(
                "dropout has no generator: set `draw` of all noisy_layers(network) before a training step"
            )
        shape = x.shape[:2] + (1,) * (x.dim() - 2) if self.whole_channels else x.shape
        kept = torch.empty(shape, device=x.device, dtype=x.dtype).bernoulli_(1 - self.share, generator=self.draw)
        return x * kept.div_(1 - self.share)


def full_precision(x: Tensor) -> AbstractContextManager[object]:
    """Disables autocast on the device of `x`; there is none for meta tensors."""
    return nullcontext() if x.is_meta else torch.autocast(x.device.type, enabled=False)


def noisy_layers(network: nn.Module) -> list[Dropout]:
    """The layers of a network whose `draw` must be set before each training step."""
    return [module for module in network.modules() if isinstance(module, Dropout)]


class ToImages(nn.Module):
    """(B, S * S * C) -> (B, C, S, S): the channels of a pixel lie side by side in memory (channels_last)."""

    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        self.shape = (size, size, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x.view(-1, *self.shape).permute(0, 3, 1, 2)


class ToNumbers(nn.Module):
    """(B, C, H, W) -> (B, H * W * C), in the order of ToImages, so nothing is copied."""

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


class UpsampledConv2d(nn.Module):
    """A 3 x 3 convolution after each pixel is repeated twice in both directions: (B, C, H, W) to (B, C', 2H, 2W).

    The repeated image is never made: weights that fall on the same pixel are added first, which gives a transposed
    4 x 4 convolution of stride 2 with 4/9 of the multiplications (the fused layer of Karras et al. 2018).
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return conv_transpose2d(x, folded(self.weight), self.bias, stride=2, padding=1)


def folded(weight: Tensor) -> Tensor:
    """(C', C, 3, 3) -> (C, C', 4, 4): weights are added for both rows and both columns that a pixel is repeated to."""
    wide = pad(weight, (1, 1, 1, 1))
    taps = wide[..., :-1, :-1] + wide[..., 1:, :-1] + wide[..., :-1, 1:] + wide[..., 1:, 1:]
    return taps.transpose(0, 1).flip(2, 3).contiguous(memory_format=torch.channels_last)


class SpectralNorm(nn.Module):
    """W / sigma(W); sigma is the largest singular value, by one power iteration in each forward pass.

    Miyato et al. 2018, eq. 8 and algorithm 1.

    Not PyTorch's own, which fills its vector from the global random numbers. `u`, (out,), is a buffer, so it is saved
    with the network; in eval mode it does not change.
    """

    u: Tensor

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.register_buffer("u", torch.empty(rows))

    def forward(self, weight: Tensor) -> Tensor:
        matrix = weight.flatten(1)  # (out, in * k * k)
        with full_precision(weight):
            u, v = self._iterate(matrix)
            sigma = torch.dot(u, torch.mv(matrix, v))
        return weight / sigma

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> tuple[Tensor, Tensor]:
        v = normalize(torch.mv(matrix.t(), self.u), dim=0)
        if self.training:
            self.u.copy_(normalize(torch.mv(matrix, v), dim=0))
        return self.u.clone(), v  # a copy: the next forward pass changes u before this backward pass

    @torch.no_grad()
    def settle(self, weight: Tensor, draw: torch.Generator, iterations: int = 15) -> None:
        """Start from a random direction and iterate until sigma is close, as PyTorch's does."""
        self.u.copy_(normalize(torch.randn(self.u.shape, generator=draw), dim=0))
        for _ in range(iterations):
            self.u.copy_(self._iterate(weight.flatten(1))[0])


def spectrally_normed(layer: nn.Module, wanted: bool) -> nn.Module:
    """`layer`, with its weight divided by its largest singular value if `wanted`."""
    if wanted:
        weight = layer.weight
        assert isinstance(weight, Tensor)
        # unsafe: skip PyTorch's check, which computes; the network is built on the meta device
        parametrize.register_parametrization(layer, "weight", SpectralNorm(weight.shape[0]), unsafe=True)
    return layer


class LabelledLatent(nn.Module):
    """Append the one-hot class, or weights of the classes, to the latent  (Mirza & Osindero 2014, section 3.2)."""

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
        weights = y if y.is_floating_point() else one_hot(y, self.classes)
        return torch.cat([z, weights.to(z.dtype)], dim=1)  # (B, Z + K)


class ProjectionHead(nn.Module):
    """w . f + b, and with labels + embed(y) . f  (Miyato & Koyama 2018, eq. 3)."""

    def __init__(self, features: int, classes: int, spectral_norm: bool) -> None:
        super().__init__()
        self.linear = spectrally_normed(nn.Linear(features, 1), spectral_norm)
        self.embed = spectrally_normed(empty_embedding(classes, features), spectral_norm) if classes else None

    def forward(self, features: Features, y: Labels | None) -> Logits:
        # not in bfloat16: the conversion costs more than so few multiplications save
        with full_precision(features):
            logits = self._logits(features.to(self._dtype()), y)  # (B,)
        return logits.float()

    def _logits(self, features: Features, y: Labels | None) -> Logits:
        logits: Logits = self.linear(features).squeeze(1)
        if self.embed is None:
            return logits
        if y is None:
            raise ValueError("this discriminator was trained with labels: give one for each image")
        return logits + (embedded(self.embed, y) * features).sum(1)

    def _dtype(self) -> torch.dtype:
        """The type of its weights: float32 in training, float64 when images are rendered."""
        bias = self.linear.bias
        assert isinstance(bias, Tensor)
        return bias.dtype


def empty_embedding(classes: int, features: int) -> nn.Embedding:
    """An embedding whose weights are not initialised.

    The constructor of nn.Embedding draws normal numbers. On the meta device that makes torch import its compiler, which
    takes seconds.
    """
    weights = torch.empty(classes, features)
    embedding: nn.Embedding = nn.Embedding.from_pretrained(weights, freeze=False)  # type: ignore[no-untyped-call]  # torch's own
    return embedding


def embedded(embed: nn.Module, y: Labels) -> Features:
    """(B, F): the embedding of each image's class, or the weighted sum of several."""
    if not y.is_floating_point():
        rows: Features = embed(y)
        return rows
    weight = embed.weight
    assert isinstance(weight, Tensor)
    return y.to(weight.dtype) @ weight
