"""Later methods, each on small convolutional networks that a CPU can train."""

from gan_core.config import (
    DataConfig,
    ModelConfig,
    ObjectiveConfig,
    OptimConfig,
    RunConfig,
)
from gan_core.models.families.resize import ResizeDiscriminator, ResizeGenerator
from gan_core.models.families.studio import StudioDiscriminator
from gan_core.presets.preset import Preset
from gan_core.presets.recommended import STUDIO

WITHOUT_NORM_IN_D = ModelConfig(discriminator=StudioDiscriminator(norm="none"))

WGAN_GP = Preset(
    name="wgan-gp",
    title="WGAN-GP",
    group="modern",
    summary=(
        "A critic without norms whose gradient is kept near norm one between real and generated images, with five "
        "steps for each step of G: its loss is a distance that decreases as the images get better."
    ),
    source=(
        "Gulrajani et al. 2017, algorithm 1; the learning rates are five times theirs, for networks a tenth as large"
    ),
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
    summary=(
        "Every weight of D is divided by its largest singular value, and D ignores images beyond the margin of the "
        "hinge."
    ),
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
        "Small convolutional networks with batch norm, and squared errors instead of the cross entropy: G has a "
        "gradient even where D is confident."
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
        "Each real image is compared with a generated one, the gradient of D is penalised at both, and no network has "
        "norms: a loss with a proof of local convergence. The penalty goes from 1 to 0.1 over the first 200,000 "
        "images."
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
        "Studio on 5,000 digits that need no download: D sees all images shifted and with a square hidden, so that it "
        "cannot memorise the few images."
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
