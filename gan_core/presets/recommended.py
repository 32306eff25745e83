"""The presets to begin with: the default and its networks without labels, DCGAN, and linear layers."""

from gan_core.config import (
    DataConfig,
    LatentConfig,
    ModelConfig,
    OptimConfig,
    RunConfig,
    TrainConfig,
)
from gan_core.models.families.dcgan import DcganDiscriminator, DcganGenerator
from gan_core.models.families.mlp import MlpDiscriminator, MlpGenerator
from gan_core.models.families.studio import StudioDiscriminator
from gan_core.presets.preset import Preset

STUDIO = Preset(
    name="studio",
    title="Studio",
    group="recommended",
    summary=(
        "Small convolutional networks, wide where convolution is cheap: batch norm in G, spectral norm in D, which "
        "keeps D from becoming too strong."
    ),
    source="Radford et al. 2016; Shi et al. 2016; the discriminator without batch norm: Miyato et al. 2018",
    config=RunConfig(
        model=ModelConfig(
            latent=LatentConfig(size=32),
            discriminator=StudioDiscriminator(width=16, norm="none", spectral_norm=True),
        ),
        optim=OptimConfig(batch_size=32, lr_g=3e-3, lr_d=1e-3, beta2=0.99),
    ),
)

CONDITIONAL = Preset(
    name="conditional",
    title="Conditional",
    group="recommended",
    summary=(
        "Studio with class labels: whole digits within a minute, and a class can be chosen when images are generated."
    ),
    source="Mirza & Osindero 2014; in D the projection of Miyato & Koyama 2018, eq. 3",
    config=RunConfig(data=DataConfig(labels=True), model=STUDIO.config.model, optim=STUDIO.config.optim),
)

DCGAN = Preset(
    name="dcgan",
    title="DCGAN",
    group="recommended",
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
    group="recommended",
    summary="Linear layers only, as in the first GANs. Fast steps, whole digits, a little noise between the strokes.",
    source=(
        "Goodfellow et al. 2014; the widths of PyTorch-GAN with twice its learning rates, without its batch norm "
        "epsilon of 0.8"
    ),
    config=RunConfig(
        model=ModelConfig(latent=LatentConfig(size=100), generator=MlpGenerator(), discriminator=MlpDiscriminator()),
        optim=OptimConfig(batch_size=64, lr_g=4e-4, lr_d=4e-4),
        train=TrainConfig(images=1_200_000),
    ),
)

RECOMMENDED = (CONDITIONAL, STUDIO, DCGAN, MLP)
