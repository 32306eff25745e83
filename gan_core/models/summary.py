"""The two networks layer by layer: what each one is, which shapes go in and out, how many parameters it has.

Nothing is computed and no memory is taken: the networks are built on the meta device, and a single image without
numbers walks through them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gan_core.config import RunConfig, with_overrides
from gan_core.models.layers import Dropout, LabelledLatent, ProjectionHead, ToImages, ToNumbers, UpsampledConv2d
from gan_core.models.networks import Discriminator, Generator

Shape = tuple[int, ...]  # (features,) or (C, H, W): without the batch
Through = tuple[nn.Module, Callable[[Tensor], Tensor]]  # a layer, and how it is called


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One layer in words; `parameters` are those that are trained."""

    kind: str
    inputs: Shape
    outputs: Shape
    parameters: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Layers that belong together: one that changes what passes, and what follows it (norm, nonlinearity, dropout)."""

    kinds: tuple[str, ...]
    outputs: Shape
    parameters: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Anatomy:
    """Both players, in the order in which numbers pass through them."""

    generator: tuple[Layer, ...]
    discriminator: tuple[Layer, ...]


def anatomy(config: RunConfig, classes: int) -> Anatomy:
    """The layers of a configuration's networks; `classes` is 0 without labels."""
    normed_spectrally, bare = config.model.discriminator.spectral_norm, config
    if normed_spectrally:  # its iteration cannot be tried without numbers
        bare = with_overrides(config, {"model.discriminator.spectral_norm": False})
    with torch.device("meta"):
        generator, discriminator = Generator(bare, classes).eval(), Discriminator(bare, classes).eval()
        z = torch.empty(1, config.model.latent.size)
        y = torch.empty(1, classes) if classes else None
        x = torch.empty(1, config.data.channels, config.data.image_size, config.data.image_size)
    told: list[Through] = [(generator.inputs, lambda z: generator.inputs(z, y))] if classes else []
    inner = [(layer, layer) for layer in generator.layers]
    judged = [(layer, layer) for layer in discriminator.layers]
    head: Through = (discriminator.head, lambda features: discriminator.head(features, y))
    return Anatomy(
        generator=walk([*told, *inner], z),
        discriminator=normed(walk([*judged, head], x), normed_spectrally),
    )


def parameters(layers: Iterable[Layer]) -> int:
    """How many numbers of a network are trained."""
    return sum(layer.parameters for layer in layers)


def walk(layers: Iterable[Through], x: Tensor) -> tuple[Layer, ...]:
    """Send one image (or latent) through; what changes nothing is left out."""
    seen = []
    for module, call in layers:
        inputs, x = shape_of(x), call(x)
        if not isinstance(module, nn.Identity):
            count = sum(parameter.numel() for parameter in module.parameters())
            seen.append(Layer(kind=kind_of(module), inputs=inputs, outputs=shape_of(x), parameters=count))
    return tuple(seen)


def shape_of(x: Tensor) -> Shape:
    return tuple(x.shape[1:]) or (1,)  # a logit has lost its feature axis


def normed(layers: tuple[Layer, ...], wanted: bool) -> tuple[Layer, ...]:
    """The layers with weights said to be spectrally normed, where they are."""
    if not wanted:
        return layers
    return tuple(
        Layer(
            kind=f"{layer.kind}, spectral norm" if begins_a_block(layer) and layer.parameters else layer.kind,
            inputs=layer.inputs,
            outputs=layer.outputs,
            parameters=layer.parameters,
        )
        for layer in layers
    )


def convolution(word: str, layer: nn.Conv2d | nn.ConvTranspose2d) -> str:
    size, stride = layer.kernel_size[0], layer.stride[0]
    return f"{word} {size} \u00d7 {size}{f', stride {stride}' if stride > 1 else ''}"


LINEAR, CONVOLUTION, TRANSPOSED, UPSAMPLED = "Linear", "Convolution", "Transposed convolution", "Upsampled convolution"
SHUFFLE, TOLD, FLAT, RESHAPED, ENLARGED = "Pixel shuffle", "Class appended", "Flattened", "Reshaped", "Enlarged"
BEGINNERS = (LINEAR, CONVOLUTION, TRANSPOSED, UPSAMPLED, SHUFFLE, TOLD, ENLARGED)
WORDS: Mapping[type[nn.Module], Callable[[Any], str]] = {
    nn.Linear: lambda layer: LINEAR,
    nn.Conv2d: lambda layer: convolution(CONVOLUTION, layer),
    nn.ConvTranspose2d: lambda layer: convolution(TRANSPOSED, layer),
    UpsampledConv2d: lambda layer: f"{UPSAMPLED} 3 \u00d7 3",
    nn.PixelShuffle: lambda layer: SHUFFLE,
    nn.Upsample: lambda layer: f"{ENLARGED} {layer.scale_factor:g} times",
    nn.ZeroPad2d: lambda layer: "zero padding",
    LabelledLatent: lambda layer: TOLD,
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
    """What a layer is called; one that has no words here goes by the name of its class."""
    kind = type(module)
    return WORDS[kind](module) if kind in WORDS else kind.__name__


def begins_a_block(layer: Layer) -> bool:
    return layer.kind.startswith(BEGINNERS)


def blocks(layers: Iterable[Layer]) -> list[Block]:
    """The layers as blocks. A block shows the shape that it hands on, flattening being the business of the next one."""
    made: list[Block] = []
    for layer in layers:
        if begins_a_block(layer):
            made.append(Block(kinds=(layer.kind,), outputs=layer.outputs, parameters=layer.parameters))
        elif made and layer.kind != FLAT:
            last = made.pop()
            kinds = last.kinds if layer.kind == RESHAPED else (*last.kinds, layer.kind)
            made.append(Block(kinds=kinds, outputs=layer.outputs, parameters=last.parameters + layer.parameters))
    return made
