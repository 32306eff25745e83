"""The two networks layer by layer: the kind of each layer, the shapes that go in and out, its number of parameters.

A batch of no images passes through networks whose weights are not initialised: nothing is computed, and the memory of
the weights is not touched. A meta tensor would do as well, but its operations make torch import SymPy and its compiler,
which takes seconds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations

from gan_core.config import RunConfig
from gan_core.models.layers import Dropout, LabelledLatent, ProjectionHead, ToImages, ToNumbers, UpsampledConv2d
from gan_core.models.networks import empty_discriminator, empty_generator

Shape = tuple[int, ...]  # (features,) or (C, H, W): without the batch
Call = tuple[nn.Module, Callable[[Tensor], Tensor]]  # a layer, and how it is called


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One layer; `kind` is its name in words, `parameters` the number of its trained parameters."""

    kind: str
    inputs: Shape
    outputs: Shape
    parameters: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A layer with weights, or one that changes the shape, and what follows it (norm, nonlinearity, dropout)."""

    kinds: tuple[str, ...]
    outputs: Shape
    parameters: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkSummary:
    """The layers of both players, from input to output."""

    generator: tuple[Layer, ...]
    discriminator: tuple[Layer, ...]


@torch.no_grad()
def summarize(config: RunConfig, classes: int) -> NetworkSummary:
    """The layers of a configuration's networks; `classes` is 0 without labels."""
    generator, discriminator = empty_generator(config, classes).eval(), empty_discriminator(config, classes).eval()
    z = torch.empty(0, config.model.latent.size)
    y = torch.empty(0, classes) if classes else None
    x = torch.empty(0, config.data.channels, config.data.image_size, config.data.image_size)
    labelled: list[Call] = [(generator.inputs, lambda z: generator.inputs(z, y))] if classes else []
    head: Call = (discriminator.head, lambda features: discriminator.head(features, y))
    return NetworkSummary(
        generator=layers_of([*labelled, *((layer, layer) for layer in generator.layers)], z),
        discriminator=layers_of([*((layer, layer) for layer in discriminator.layers), head], x),
    )


def parameters(layers: Iterable[Layer]) -> int:
    """Number of trained parameters."""
    return sum(layer.parameters for layer in layers)


def layers_of(layers: Iterable[Call], x: Tensor) -> tuple[Layer, ...]:
    """The layers that a batch of no images or latents passes through, without identities."""
    seen = []
    for module, call in layers:
        kind, count = kind_of(module), sum(parameter.numel() for parameter in module.parameters())
        remove_spectral_norm(module)
        inputs, x = shape_of(x), call(x)
        if not isinstance(module, nn.Identity):
            seen.append(Layer(kind=kind, inputs=inputs, outputs=shape_of(x), parameters=count))
    return tuple(seen)


def remove_spectral_norm(module: nn.Module) -> None:
    """So that the singular values of its weights are not computed: they do not change a shape."""
    for layer in [each for each in module.modules() if is_parametrized(each, "weight")]:
        remove_parametrizations(layer, "weight", leave_parametrized=False)


def shape_of(x: Tensor) -> Shape:
    return tuple(x.shape[1:]) or (1,)  # a logit has no feature axis


def convolution(word: str, layer: nn.Conv2d | nn.ConvTranspose2d) -> str:
    size, stride = layer.kernel_size[0], layer.stride[0]
    return f"{word} {size} \u00d7 {size}{f', stride {stride}' if stride > 1 else ''}"


LINEAR, CONVOLUTION, TRANSPOSED, UPSAMPLED = "Linear", "Convolution", "Transposed convolution", "Upsampled convolution"
SHUFFLE, WITH_CLASS, FLAT, RESHAPED, ENLARGED = "Pixel shuffle", "Class appended", "Flattened", "Reshaped", "Enlarged"
BEGINNERS = (LINEAR, CONVOLUTION, TRANSPOSED, UPSAMPLED, SHUFFLE, WITH_CLASS, ENLARGED)
WORDS: Mapping[type[nn.Module], Callable[[Any], str]] = {
    nn.Linear: lambda layer: LINEAR,
    nn.Conv2d: lambda layer: convolution(CONVOLUTION, layer),
    nn.ConvTranspose2d: lambda layer: convolution(TRANSPOSED, layer),
    UpsampledConv2d: lambda layer: f"{UPSAMPLED} 3 \u00d7 3",
    nn.PixelShuffle: lambda layer: SHUFFLE,
    nn.Upsample: lambda layer: f"{ENLARGED} {layer.scale_factor:g} times",
    nn.ZeroPad2d: lambda layer: "zero padding",
    LabelledLatent: lambda layer: WITH_CLASS,
    ProjectionHead: lambda layer: f"{LINEAR} and class projection" if layer.embed is not None else LINEAR,
    nn.Flatten: lambda layer: FLAT,
    ToNumbers: lambda layer: FLAT,
    nn.Unflatten: lambda layer: RESHAPED,
    ToImages: lambda layer: RESHAPED,
    nn.BatchNorm1d: lambda layer: "batch norm",
    nn.BatchNorm2d: lambda layer: "batch norm",
    nn.LayerNorm: lambda layer: "layer norm",
    nn.ReLU: lambda layer: "ReLU",
    nn.LeakyReLU: lambda layer: "LeakyReLU",
    nn.Tanh: lambda layer: "tanh",
    nn.Sigmoid: lambda layer: "sigmoid",
    Dropout: lambda layer: f"dropout {layer.share:.0%}",
}


def kind_of(module: nn.Module) -> str:
    """The name of a layer in words; that of its class if there is none here."""
    known = (kind for kind in type(module).mro() if kind in WORDS)  # a parametrized layer has a class of its own
    kind = next(known, None)
    words = type(module).__name__ if kind is None else WORDS[kind](module)
    return f"{words}, spectral norm" if has_spectral_norm(module) else words


def has_spectral_norm(module: nn.Module) -> bool:
    return is_parametrized(module.linear if isinstance(module, ProjectionHead) else module, "weight")


def begins_a_block(layer: Layer) -> bool:
    return layer.kind.startswith(BEGINNERS)


def blocks(layers: Iterable[Layer]) -> list[Block]:
    """The layers as blocks. A block's shape is its output before flattening."""
    made: list[Block] = []
    for layer in layers:
        if begins_a_block(layer):
            made.append(Block(kinds=(layer.kind,), outputs=layer.outputs, parameters=layer.parameters))
        elif made and layer.kind != FLAT:
            last = made.pop()
            kinds = last.kinds if layer.kind == RESHAPED else (*last.kinds, layer.kind)
            made.append(Block(kinds=kinds, outputs=layer.outputs, parameters=last.parameters + layer.parameters))
    return made
