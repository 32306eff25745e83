"""What came after, each on small convolutional networks that a processor can train."""

from gan_core.config import (
    DataConfig,
    ModelConfig,
    ObjectiveConfig,
    OptimConfig,
    RunConfig,
)
from gan_core.models.families.resize import ResizeDiscriminator, ResizeGenerator
from gan_core.models.families.studio import StudioDiscriminator
from gan_core.presets.own import STUDIO
from gan_core.presets.preset import Preset

WITHOUT_NORM_IN_D = ModelConfig(discriminator=StudioDiscriminator(norm="none"))

WGAN_GP = Preset(
    name="wgan-gp",
    title="WGAN-GP",
    group="modern",
    summary=(
        "A critic without a norm that is held to a gradient of length one between real and made images, and takes "
        "five steps for each of G: its loss is a distance that goes down as the pictures get better."
    ),
    source="Gulrajani et al. 2017, algorithm 1; the rates are five times theirs, for networks a tenth as large",
    config=RunConfig(
        model=WITHOUT_NORM_IN_D,
        objective=ObjectiveConfig(loss="wasserstein", penalty="gradient_penalty", gamma_start=10, gamma_end=10),
        optim=OptimConfig(batch_size=32, lr_g=5e-4, lr_d=5e-4, beta1=0.0, beta2=0.9, d_steps=5),
    ),
)

SN_HINGE = Preset(
    name="sn-hinge",
    title="Spectral norm, hinge",
    group="modern",
    summary="Every weight of D is divided by its largest singular value, and D stops pushing where it is sure enough.",
    source="Miyato et al. 2018, eq. 8 and 16; Lim & Ye 2017",
    config=RunConfig(
        model=ModelConfig(discriminator=StudioDiscriminator(norm="none", spectral_norm=True)),
        objective=ObjectiveConfig(loss="hinge"),
        optim=OptimConfig(batch_size=32, lr_g=1e-3, lr_d=1e-3),
    ),
)

LSGAN = Preset(
    name="lsgan",
    title="Least squares",
    group="modern",
    summary=(
        "Small convolutional networks with batch norm, and squared errors in place of the cross entropy: G is pulled "
        "even where D is sure."
    ),
    source="Mao et al. 2017, eq. 9",
    config=RunConfig(
        objective=ObjectiveConfig(loss="least_squares"),
        optim=OptimConfig(batch_size=32, lr_g=2e-3, lr_d=1e-3, beta2=0.99),
    ),
)

R3 = Preset(
    name="r3",
    title="R3",
    group="modern",
    summary=(
        "Each real image is compared with a made one, the gradient of D is penalised at both, and there is no norm "
        "anywhere: a loss that is known to converge. The penalty goes from 1 to 0.1 over the first 200,000 images."
    ),
    source="Huang et al. 2024, eq. 2 and table 9, without its residual networks",
    config=RunConfig(
        model=ModelConfig(
            generator=ResizeGenerator(norm="none", output="linear"), discriminator=ResizeDiscriminator(norm="none")
        ),
        objective=ObjectiveConfig(
            loss="relativistic", penalty="r1_r2", gamma_start=1, gamma_end=0.1, gamma_images=200_000
        ),
        optim=OptimConfig(batch_size=64, lr_g=5e-4, lr_d=5e-4, beta1=0.0, beta2=0.9),
    ),
)

SMALL_DATA = Preset(
    name="small-data",
    title="Small data",
    group="modern",
    summary=(
        "Studio on 5,000 digits that come with the program: D sees everything shifted and with a hole cut in, so "
        "that it cannot learn the few images by heart."
    ),
    source="Zhao et al. 2020, section 3.3",
    config=RunConfig(
        data=DataConfig(name="mnist-5k"),
        model=STUDIO.config.model,
        objective=ObjectiveConfig(augment="translation_cutout"),
        optim=STUDIO.config.optim,
    ),
)

MODERN = (WGAN_GP, SN_HINGE, LSGAN, R3, SMALL_DATA)
