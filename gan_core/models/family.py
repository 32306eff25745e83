"""What a family of networks is: the settings of both players, which also build their layers."""

from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, TypeAlias

from gan_core.config.fields import Frozen

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, int]  # channels, size
Layers: TypeAlias = "list[nn.Module]"
Activation = Literal["relu", "leaky_relu"]
Norm = Literal["none", "batch", "layer"]
ConvNorm = Literal["none", "batch"]
Output = Literal["tanh", "linear", "sigmoid"]
Style = Literal["radford", "fan_in", "glorot"]  # of the first weights: see `init`


class GeneratorSettings(Frozen):
    """Settings of a generator; `norm` and `output` are fields, or class variables if the family has no choice."""

    if TYPE_CHECKING:

        @property
        def family(self) -> str: ...
        @property
        def norm(self) -> Norm: ...
        @property
        def output(self) -> Output: ...

    def layers(self, inputs: int, shape: Shape) -> Layers:
        """Latents (B, inputs) to images (B, C, S, S); `inputs` is the latent size plus the number of classes."""
        raise NotImplementedError


class DiscriminatorSettings(Frozen):
    """Settings of a discriminator; the three properties are fields, or class variables if there is no choice."""

    if TYPE_CHECKING:

        @property
        def family(self) -> str: ...
        @property
        def norm(self) -> Norm: ...
        @property
        def dropout(self) -> float: ...
        @property
        def spectral_norm(self) -> bool: ...

    def layers(self, shape: Shape) -> tuple[Layers, int]:
        """Images (B, C, S, S) to features (B, F) for the head, and F."""
        raise NotImplementedError


class ClassicGenerator(GeneratorSettings):
    """A generator of a classic project, layer for layer: nothing can be set."""

    norm: ClassVar[Norm] = "none"
    output: ClassVar[Output] = "sigmoid"


class ClassicDiscriminator(DiscriminatorSettings):
    """A discriminator of a classic project, layer for layer: nothing can be set."""

    norm: ClassVar[Norm] = "none"
    dropout: ClassVar[float] = 0.0
    spectral_norm: ClassVar[bool] = False


class Family(NamedTuple):
    """The row of a family."""

    generator: type[GeneratorSettings]
    discriminator: type[DiscriminatorSettings]
    style: Style
    channels_last: bool  # the memory layout in which its layers are fastest
    size_multiple: int = 1  # the image size must be a multiple of this
    only_size: int | None = None  # the only image size that the layers fit
