"""The sections of a run's configuration: data, networks, objective, optimisation, training."""

from typing import Literal

from pydantic import Field

from gan_core.config import choices
from gan_core.config.choices import (
    AugmentName,
    DataName,
    DeviceName,
    Distribution,
    LossName,
    PenaltyName,
    Precision,
    ValueRange,
)
from gan_core.config.families import FAMILIES, DiscriminatorConfig, GeneratorConfig
from gan_core.config.fields import Frozen, knob

MOST_THREADS = 256
FOLDER = {"data.name": ("folder",)}
Fit = Literal["crop", "pad", "stretch"]
Ground = Literal["white", "black"]
Damaged = Literal["refuse", "leave_out"]
WITH_SMOOTHING = {"objective.loss": tuple(name for name, loss in choices.LOSSES.rows().items() if loss.smooths)}
WITH_PENALTY = {"objective.penalty": tuple(name for name in choices.PENALTIES.names() if name != "none")}


def data_sets() -> str:
    """Every data set in a few words, as a Markdown list."""
    rows = choices.DATA_SETS.rows()
    return "\n".join(f"- `{name}`: {row.in_words}." for name, row in rows.items())


class DataConfig(Frozen):
    """The images that are learned, and the form in which the networks see them."""

    name: DataName = knob(
        "mnist",
        f"The images to learn.\n\n{data_sets()}",
        title="Data set",
    )
    folder: str = knob("", "A folder of images; its subfolders, if any, are the classes.", when=FOLDER)
    fit: Fit = knob(
        "crop",
        "What becomes of images that are not square: their middle is kept, bars are added, or they are squeezed.",
        title="Images that are not square",
        words={"crop": "keep the middle", "pad": "add bars", "stretch": "squeeze"},
        when=FOLDER,
    )
    ground: Ground = knob(
        "white",
        "The colour behind what is transparent, and of the bars.",
        title="Behind transparent images",
        when=FOLDER,
    )
    damaged: Damaged = knob(
        "refuse",
        "Refuse a folder with images that cannot be read, or leave these out.",
        title="Damaged images",
        words={"refuse": "refuse the folder", "leave_out": "leave them out"},
        when=FOLDER,
    )
    image_size: int = knob(
        28, "Height and width that the networks work at; other images are resized.", unit="pixels", ge=8, le=128
    )
    channels: Literal[1, 3] = knob(
        1, "Grey or colour; other images are converted.", words={1: "1 (grey)", 3: "3 (colour)"}
    )
    value_range: ValueRange = knob(
        "signed",
        "Pixels from -1 to 1 (for tanh or linear outputs) or from 0 to 1 (for sigmoid).",
        title="Pixel values",
        words={"signed": "-1 to 1", "unit": "0 to 1"},
    )
    limit: int = knob(
        0,
        "Use only this many images, evenly spread over the set; 0 uses all.",
        title="Images used",
        ge=0,
        le=10_000_000,
        words={0: "all"},
    )
    labels: bool = knob(
        False,
        "Give both networks the class of each image, so that a class can be chosen when images are generated.",
        title="Tell the networks the class",
    )


class LatentConfig(Frozen):
    """The random vector that the generator turns into an image."""

    size: int = knob(64, "Length of the latent vector.", unit="numbers", ge=1, le=1024)
    distribution: Distribution = knob("normal", "Standard normal, or uniform in [-1, 1].")


class ModelConfig(Frozen):
    """The two networks and the latent."""

    latent: LatentConfig = LatentConfig()
    generator: GeneratorConfig = Field(
        default=FAMILIES[choices.FAMILIES.first].generator(), description="The network that turns latents into images."
    )
    discriminator: DiscriminatorConfig = Field(
        default=FAMILIES[choices.FAMILIES.first].discriminator(),
        description="The network that distinguishes real images from generated ones.",
    )


class ObjectiveConfig(Frozen):
    """The losses of the two players, and what is added to them."""

    loss: LossName = knob(
        "non_saturating",
        "The adversarial loss.",
        source="Goodfellow et al. 2014; Mao et al. 2017; Lim & Ye 2017; Arjovsky et al. 2017; Huang et al. 2024",
    )
    label_smoothing: float = knob(
        0.0,
        "The label of real images is 1 minus this, for D only (one-sided).",
        ge=0,
        le=0.49,
        source="Salimans et al. 2016, section 3.4",
        when=WITH_SMOOTHING,
    )
    penalty: PenaltyName = knob(
        "none",
        "Added to D's loss at every step to keep D's gradient small.",
        source="Mescheder et al. 2018, eq. 9; Gulrajani et al. 2017, eq. 3",
    )
    gamma_start: float = knob(1.0, "Weight of the penalty at the start.", ge=0, le=10_000, when=WITH_PENALTY)
    gamma_end: float = knob(
        1.0,
        "Weight of the penalty after its schedule (cosine).",
        ge=0,
        le=10_000,
        when=WITH_PENALTY,
    )
    gamma_images: int = knob(
        0,
        "Number of real images over which the weight changes from start to end; 0 uses the end from the first step.",
        unit="images",
        ge=0,
        le=10_000_000_000,
        when=WITH_PENALTY,
    )
    augment: AugmentName = knob(
        "none",
        "Differentiable augmentation of all images that D sees; for small data sets.",
        title="Augmentation",
        source="Zhao et al. 2020, section 3.3",
    )


class OptimConfig(Frozen):
    """The optimizer: Adam for both players."""

    batch_size: int = knob(
        64, "Real images in each update of D, and latents in each update of G.", unit="images", ge=2, le=4096
    )
    lr_g: float = knob(1e-3, "Step size of Adam for the generator.", title="Learning rate of G", gt=0, le=1)
    lr_d: float = knob(1e-3, "Step size of Adam for the discriminator.", title="Learning rate of D", gt=0, le=1)
    beta1: float = knob(
        0.5,
        "Adam's decay of the average gradient.",
        title="Adam beta 1",
        ge=0,
        lt=1,
        source="Radford et al. 2016, section 4",
    )
    beta2: float = knob(
        0.999,
        "Adam's decay of the average squared gradient.",
        title="Adam beta 2",
        ge=0,
        lt=1,
        source="Kingma & Ba 2015",
    )
    d_steps: int = knob(1, "Updates of D for each update of G.", title="Steps of D", unit="updates", ge=1, le=20)
    ema_halflife_images: int = knob(
        10_000,
        "Half-life of the running average of G, which makes all images, ramped up from the start; 0 uses G itself.",
        title="Smoothing of G, EMA half-life",
        unit="images",
        ge=0,
        le=10_000_000,
        words={0: "off"},
        source="Karras et al. 2020 (ADA), appendix F",
    )


class TrainConfig(Frozen):
    """How long, from which seed and on which hardware."""

    images: int = knob(
        600_000,
        "Real images shown until the run is finished; a run can be extended later.",
        title="Run length",
        unit="images",
        ge=1,
        le=10_000_000_000,
    )
    seed: int = knob(0, "All random numbers of the run are a function of this.", ge=0, le=2**53)
    device: DeviceName = knob("auto", "Where to compute; auto uses CUDA, then Apple's MPS, then the CPU.")
    precision: Precision = knob("auto", "Arithmetic of the networks; auto first measures both on temporary copies.")
    threads: int = knob(
        0,
        "Processor threads; 0 measures one and all, and leaves some to busy programs. Equal results need equal ones.",
        unit="threads",
        ge=0,
        le=MOST_THREADS,
        words={0: "auto"},
        when={"train.device": ("auto", "cpu")},
    )
    sample_every: int = knob(
        5_000,
        "Images from one kept sample grid to the next; in the first of these intervals there are four more.",
        title="Keep a picture every",
        unit="images",
        ge=1,
        le=10_000_000,
    )
