"""Named configurations: our own, the ancestors that this studio descends from, and what came after."""

from collections.abc import Mapping

from gan_core.config import (
    ConfigError,
    DcganDiscriminator,
    DcganGenerator,
    LatentConfig,
    MlpDiscriminator,
    MlpGenerator,
    ModelConfig,
    OptimConfig,
    Problem,
    RunConfig,
    TrainConfig,
    nearest,
)
from gan_core.preset_ancestors import ANCESTORS
from gan_core.preset_card import Preset
from gan_core.preset_modern import MODERN

__all__ = ["DEFAULT", "PRESETS", "Preset", "preset"]

DEFAULT = "studio"

STUDIO = Preset(
    name="studio",
    title="Studio",
    group="ours",
    summary="The default: small convolutional networks, wide where convolution is cheap, with batch norm in both.",
    source="Radford et al. 2016; Shi et al. 2016",
    config=RunConfig(optim=OptimConfig(batch_size=32, lr_g=2e-3, lr_d=1e-3, beta2=0.99)),
)

DCGAN = Preset(
    name="dcgan",
    title="DCGAN",
    group="ours",
    summary="Transposed convolutions and batch norm in both networks, with the published learning rate.",
    source="Radford et al. 2016",
    config=RunConfig(
        model=ModelConfig(
            latent=LatentConfig(size=100),
            generator=DcganGenerator(width=64),
            discriminator=DcganDiscriminator(width=64),
        ),
        optim=OptimConfig(batch_size=64, lr_g=2e-4, lr_d=2e-4),
    ),
)

MLP = Preset(
    name="mlp",
    title="Linear layers",
    group="ours",
    summary="The first tutorials' network: linear layers only. Fast steps, rough digits.",
    source="Goodfellow et al. 2014; the layer widths of PyTorch-GAN, without its batch norm constant of 0.8",
    config=RunConfig(
        model=ModelConfig(latent=LatentConfig(size=100), generator=MlpGenerator(), discriminator=MlpDiscriminator()),
        optim=OptimConfig(batch_size=64, lr_g=2e-4, lr_d=2e-4),
        train=TrainConfig(images=1_200_000),
    ),
)

PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in (STUDIO, DCGAN, MLP, *ANCESTORS, *MODERN)}


def preset(name: str) -> Preset:
    """The named preset. Raises ConfigError with the names that there are."""
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise ConfigError(
            [Problem("preset", f"there is no preset {name!r}{nearest(name, list(PRESETS))} (there are: {known})")]
        )
    return PRESETS[name]
