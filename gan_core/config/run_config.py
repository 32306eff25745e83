"""What one run is: every choice as a frozen, bounded, described field.

The same dotted names (`optim.batch_size`) serve the sidebar, `--set` on the command line and `config.json`. A
field's metadata carries its unit, its source and the condition under which it applies, so that a form needs nothing
typed twice.
What cannot run is refused here with every reason at once (`ConfigError`);
what runs but is unwise is in `gan_core.config.advice`.
"""

import difflib
import json
from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

SCHEMA = 1
ANCESTRAL_SIZE = 28  # pixels: what the networks of `models.ancestors` were made for

Json: TypeAlias = dict[str, Any]
DataName = Literal["mnist", "fashion-mnist", "kmnist", "mnist-5k", "digits", "folder"]
ValueRange = Literal["signed", "unit"]
Distribution = Literal["normal", "uniform"]
Activation = Literal["relu", "leaky_relu"]
Norm = Literal["none", "batch", "layer"]
ConvNorm = Literal["none", "batch"]
Output = Literal["tanh", "linear", "sigmoid"]
LossName = Literal["non_saturating", "minimax", "least_squares", "hinge", "wasserstein", "relativistic"]
PenaltyName = Literal["none", "r1", "r2", "r1_r2", "gradient_penalty"]
AugmentName = Literal["none", "translation", "cutout", "translation_cutout"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "float32", "bfloat16"]
ExportFormat = Literal["safetensors", "onnx"]

CROSS_ENTROPY_LOSSES: tuple[LossName, ...] = ("non_saturating", "minimax")
STATIC_PENALTIES: tuple[PenaltyName, ...] = tuple(name for name in get_args(PenaltyName) if name != "none")


class Problem(NamedTuple):
    """One reason why a configuration is refused: the dotted field and the rule it breaks."""

    field: str
    rule: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule}" if self.field else self.rule


class ConfigError(ValueError):
    """A configuration that cannot run, with all its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def knob(
    default: object,
    text: str,
    *,
    title: str | None = None,
    unit: str = "",
    source: str = "",
    when: Mapping[str, tuple[Any, ...]] | None = None,
    **bounds: float,
) -> Any:
    """A field with a default, a help text, a unit, a source, bounds, and where it applies (dotted field -> values).

    `title` is for a name that does not read well in words: see `Setting.title`.
    """
    extra: Json = {
        "unit": unit,
        "source": source,
        "when": {path: list(values) for path, values in (when or {}).items()},
    }
    # ge, le, gt and lt, which the stubs do not accept as **
    fixed = {"title": title, "description": text, "json_schema_extra": extra}
    return Field(default=default, **fixed, **bounds)  # type: ignore[call-overload]


def split_commas(value: object) -> object:
    """`"128, 256"` or a lone `128`, as a form or a terminal writes them, as a list; anything else as it is."""
    if type(value) is int:
        return [value]
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Width = Annotated[int, Field(ge=1, le=4096)]
Widths = Annotated[tuple[Width, ...], Field(min_length=1, max_length=8), BeforeValidator(split_commas)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DataConfig(Frozen):
    """Which pictures are learned, and in which form the networks see them."""

    name: DataName = knob(
        "mnist",
        "The data set. `mnist-5k` and `digits` need no network; `folder` takes pictures of your own.",
        title="Data set",
    )
    folder: str = knob(
        "", "A folder of pictures; its subfolders, if any, are the labels.", when={"data.name": ("folder",)}
    )
    image_size: int = knob(
        28, "Height and width that the networks work at; other pictures are resized.", unit="pixels", ge=8, le=128
    )
    channels: Literal[1, 3] = knob(1, "1 for grey, 3 for colour; other pictures are converted.")
    value_range: ValueRange = knob(
        "signed", "Pixels in [-1, 1] (for tanh or linear outputs) or in [0, 1] (for sigmoid)."
    )
    limit: int = knob(
        0, "Use only this many images, evenly spread over the set; 0 uses all.", unit="images", ge=0, le=10_000_000
    )
    labels: bool = knob(False, "Tell both networks the class of each image, so that one can ask for a class.")


class LatentConfig(Frozen):
    """The random vector that the generator turns into an image."""

    size: int = knob(64, "Length of the latent vector.", unit="numbers", ge=1, le=1024)
    distribution: Distribution = knob("normal", "Standard normal, or uniform in [-1, 1].")


class MlpGenerator(Frozen):
    """Linear layers only: the generator of the first tutorials."""

    family: Literal["mlp"] = "mlp"
    widths: Widths = knob((128, 256, 512, 1024), "Widths of the hidden layers.", unit="units")
    activation: Activation = knob("leaky_relu", "Nonlinearity of the hidden layers (LeakyReLU with slope 0.2).")
    norm: Norm = knob(
        "batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015; Ba et al. 2016"
    )
    dropout: float = knob(0.0, "Share of hidden units dropped in training.", ge=0, le=0.9)
    output: Output = knob("tanh", "Last nonlinearity; must fit data.value_range.")


class DcganGenerator(Frozen):
    """Transposed convolutions and batch norm."""

    family: Literal["dcgan"] = "dcgan"
    width: int = knob(
        32, "Channels of the last hidden layer; each earlier one has twice as many.", unit="channels", ge=4, le=512
    )
    output: Output = knob("tanh", "Last nonlinearity; must fit data.value_range.")


class ResizeGenerator(Frozen):
    """A linear layer, then upsampling followed by convolution: no checkerboard by construction."""

    family: Literal["resize"] = "resize"
    width: int = knob(
        32, "Channels at the two coarse sizes; half of it at the full size.", unit="channels", ge=4, le=512
    )
    norm: ConvNorm = knob(
        "batch", "Normalisation of the hidden layers.", source="Odena et al. 2016; Ioffe & Szegedy 2015"
    )
    output: Output = knob("tanh", "Last nonlinearity; must fit data.value_range.")


class StudioGenerator(Frozen):
    """Our own: the width where convolution is cheap, the full size made by a pixel shuffle."""

    family: Literal["studio"] = "studio"
    width: int = knob(64, "Channels at the coarsest size.", unit="channels", ge=8, le=512)
    output: Output = knob("tanh", "Last nonlinearity; must fit data.value_range.")


class Ancestor(Frozen):
    """A network of `models.ancestors`, layer for layer as its project has it: no knobs, made for 28 pixels."""


class AncestorGenerator(Ancestor):
    """What the others let one choose is given here."""

    norm: ClassVar[Norm] = "none"
    output: ClassVar[Output] = "sigmoid"


class ColabDcganGenerator(AncestorGenerator):
    """Four transposed convolutions from 100 numbers: 4, 7, 14, 28 pixels."""

    norm: ClassVar[Norm] = "batch"
    output: ClassVar[Output] = "tanh"
    family: Literal["colab-dcgan"] = "colab-dcgan"


class ColabLinearGenerator(AncestorGenerator):
    """Two linear layers with layer norm between them."""

    norm: ClassVar[Norm] = "layer"
    family: Literal["colab-linear"] = "colab-linear"


class AutoWriteGenerator(AncestorGenerator):
    """A picture of 56 pixels that strided convolutions bring down to 28."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["auto-write"] = "auto-write"


class TutorialGenerator(AncestorGenerator):
    """Two linear layers."""

    family: Literal["tutorial"] = "tutorial"


class UdacityLinearGenerator(AncestorGenerator):
    """Four linear layers with dropout."""

    output: ClassVar[Output] = "tanh"
    family: Literal["udacity-linear"] = "udacity-linear"


class KerasConvGenerator(AncestorGenerator):
    """A linear layer and two transposed convolutions of 128 channels."""

    family: Literal["keras-conv"] = "keras-conv"


class MlpDiscriminator(Frozen):
    """Linear layers only: the discriminator of the first tutorials."""

    family: Literal["mlp"] = "mlp"
    widths: Widths = knob((512, 256), "Widths of the hidden layers.", unit="units")
    activation: Activation = knob("leaky_relu", "Nonlinearity of the hidden layers (LeakyReLU with slope 0.2).")
    norm: Norm = knob(
        "none", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015; Ba et al. 2016"
    )
    dropout: float = knob(0.0, "Share of hidden units dropped in training.", ge=0, le=0.9)
    spectral_norm: bool = knob(
        False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
    )


class DcganDiscriminator(Frozen):
    """Strided 4 x 4 convolutions, twice as many channels at each halving."""

    family: Literal["dcgan"] = "dcgan"
    width: int = knob(32, "Channels of the first layer.", unit="channels", ge=4, le=512)
    norm: ConvNorm = knob(
        "batch", "Normalisation of the hidden layers but the first.", source="Radford et al. 2016, section 3"
    )
    dropout: float = knob(0.0, "Share of channels dropped after each hidden layer in training.", ge=0, le=0.9)
    spectral_norm: bool = knob(
        False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
    )


class ResizeDiscriminator(Frozen):
    """Four strided 3 x 3 convolutions (three at 8 pixels)."""

    family: Literal["resize"] = "resize"
    width: int = knob(
        16, "Channels of the first layer; each further one has twice as many.", unit="channels", ge=4, le=512
    )
    norm: ConvNorm = knob("batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015")
    dropout: float = knob(0.0, "Share of channels dropped after each hidden layer in training.", ge=0, le=0.9)
    spectral_norm: bool = knob(
        False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
    )


class StudioDiscriminator(Frozen):
    """Our own: two strided convolutions and a wide one at the coarsest size."""

    family: Literal["studio"] = "studio"
    width: int = knob(
        32, "Channels of the first layer; twice and four times as many follow.", unit="channels", ge=4, le=512
    )
    norm: ConvNorm = knob("batch", "Normalisation of the hidden layers but the first.", source="Ioffe & Szegedy 2015")
    dropout: float = knob(0.0, "Share of channels dropped after each hidden layer in training.", ge=0, le=0.9)
    spectral_norm: bool = knob(
        False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
    )


class AncestorDiscriminator(Ancestor):
    """What the others let one choose is given here."""

    norm: ClassVar[Norm] = "none"
    dropout: ClassVar[float] = 0.0
    spectral_norm: ClassVar[bool] = False


class ColabDcganDiscriminator(AncestorDiscriminator):
    """Four convolutions with batch norm, at the pixels too."""

    norm: ClassVar[Norm] = "batch"
    family: Literal["colab-dcgan"] = "colab-dcgan"


class ColabLinearDiscriminator(AncestorDiscriminator):
    """Two linear layers with layer norm between them."""

    norm: ClassVar[Norm] = "layer"
    family: Literal["colab-linear"] = "colab-linear"


class AutoWriteDiscriminator(AncestorDiscriminator):
    """Two convolutions with average pooling and two linear layers."""

    family: Literal["auto-write"] = "auto-write"


class TutorialDiscriminator(AncestorDiscriminator):
    """Two linear layers."""

    family: Literal["tutorial"] = "tutorial"


class UdacityLinearDiscriminator(AncestorDiscriminator):
    """Four linear layers with dropout."""

    dropout: ClassVar[float] = 0.3
    family: Literal["udacity-linear"] = "udacity-linear"


class KerasConvDiscriminator(AncestorDiscriminator):
    """Two strided convolutions with dropout."""

    dropout: ClassVar[float] = 0.4
    family: Literal["keras-conv"] = "keras-conv"


GeneratorConfig = Annotated[
    MlpGenerator
    | DcganGenerator
    | ResizeGenerator
    | StudioGenerator
    | ColabDcganGenerator
    | ColabLinearGenerator
    | AutoWriteGenerator
    | TutorialGenerator
    | UdacityLinearGenerator
    | KerasConvGenerator,
    Field(discriminator="family"),
]
DiscriminatorConfig = Annotated[
    MlpDiscriminator
    | DcganDiscriminator
    | ResizeDiscriminator
    | StudioDiscriminator
    | ColabDcganDiscriminator
    | ColabLinearDiscriminator
    | AutoWriteDiscriminator
    | TutorialDiscriminator
    | UdacityLinearDiscriminator
    | KerasConvDiscriminator,
    Field(discriminator="family"),
]


FAMILIES = {"model.generator": GeneratorConfig, "model.discriminator": DiscriminatorConfig}


class ModelConfig(Frozen):
    """The two players."""

    latent: LatentConfig = LatentConfig()
    generator: GeneratorConfig = Field(
        default=StudioGenerator(), description="The network that makes images from latents."
    )
    discriminator: DiscriminatorConfig = Field(
        default=StudioDiscriminator(), description="The network that tells real from made."
    )


class ObjectiveConfig(Frozen):
    """What the two players are asked to do."""

    loss: LossName = knob(
        "non_saturating",
        "The adversarial loss.",
        source="Goodfellow et al. 2014; Mao et al. 2017; Lim & Ye 2017; Arjovsky et al. 2017; Huang et al. 2024",
    )
    label_smoothing: float = knob(
        0.0,
        "Real images are called 1 minus this, for D only (one-sided).",
        ge=0,
        le=0.49,
        source="Salimans et al. 2016, section 3.4",
        when={"objective.loss": CROSS_ENTROPY_LOSSES},
    )
    penalty: PenaltyName = knob(
        "none",
        "What keeps D's gradient in check, at every step.",
        source="Mescheder et al. 2018, eq. 9; Gulrajani et al. 2017, eq. 3",
    )
    gamma_start: float = knob(
        1.0, "Weight of the penalty at the start.", ge=0, le=10_000, when={"objective.penalty": STATIC_PENALTIES}
    )
    gamma_end: float = knob(
        1.0,
        "Weight of the penalty after its schedule (cosine).",
        ge=0,
        le=10_000,
        when={"objective.penalty": STATIC_PENALTIES},
    )
    gamma_images: int = knob(
        0,
        "Real images over which the weight goes from start to end; 0 uses the end from the first step.",
        unit="images",
        ge=0,
        le=10_000_000_000,
        when={"objective.penalty": STATIC_PENALTIES},
    )
    augment: AugmentName = knob(
        "none",
        "Differentiable augmentation of all that D sees; for small data sets.",
        title="Augmentation",
        source="Zhao et al. 2020, section 3.3",
    )


class OptimConfig(Frozen):
    """How the weights move (Adam for both players)."""

    batch_size: int = knob(
        64, "Real images in each update of D, and latents in each update of G.", unit="images", ge=2, le=4096
    )
    lr_g: float = knob(1e-3, "Step size of Adam for the generator.", title="Learning rate of G", gt=0, le=1)
    lr_d: float = knob(1e-3, "Step size of Adam for the discriminator.", title="Learning rate of D", gt=0, le=1)
    beta1: float = knob(
        0.5,
        "Adam's memory of the gradient.",
        title="Adam beta 1",
        ge=0,
        lt=1,
        source="Radford et al. 2016, section 4",
    )
    beta2: float = knob(
        0.999, "Adam's memory of the squared gradient.", title="Adam beta 2", ge=0, lt=1, source="Kingma & Ba 2015"
    )
    d_steps: int = knob(1, "Updates of D for each update of G.", title="Steps of D", unit="updates", ge=1, le=20)
    ema_halflife_images: int = knob(
        10_000,
        "Half-life of the running average of G that makes all pictures, ramped up from the start; 0 shows G itself.",
        title="Half-life of the average of G",
        unit="images",
        ge=0,
        le=10_000_000,
        source="Karras et al. 2020 (ADA), appendix F",
    )


class TrainConfig(Frozen):
    """How long, from which seed and on what."""

    images: int = knob(
        600_000,
        "Real images to show before the run is finished; a run can be extended later.",
        title="Run length",
        unit="images",
        ge=1,
        le=10_000_000_000,
    )
    seed: int = knob(0, "All randomness of the run is a function of this.", ge=0, le=2**53)
    device: DeviceName = knob("auto", "Where to compute; auto takes CUDA, then Apple's MPS, then the CPU.")
    precision: Precision = knob("auto", "Arithmetic of the networks; auto times both on throw-away copies first.")
    threads: int = knob(
        0,
        "Processor threads; 0 times one against all on throw-away copies first. Equal runs need equal threads.",
        unit="threads",
        ge=0,
        le=256,
        when={"train.device": ("auto", "cpu")},
    )
    sample_every: int = knob(
        2_000,
        "Fewest images between two sample grids: one at the start, a few in the first epoch, one at each epoch.",
        unit="images",
        ge=1,
        le=10_000_000,
    )


# what the rules of RunConfig read besides the field that they complain of
READS = {
    "data.image_size": ("model.generator", "model.discriminator"),
    "data.folder": ("data.name",),
    "data.limit": ("optim.batch_size",),
}


class RunConfig(Frozen):
    """All of one run. Equal configurations give equal runs on one machine and one set of versions."""

    data: DataConfig = Field(default=DataConfig(), description="Data")
    model: ModelConfig = Field(default=ModelConfig(), description="Networks")
    objective: ObjectiveConfig = Field(default=ObjectiveConfig(), description="Objective")
    optim: OptimConfig = Field(default=OptimConfig(), description="Optimisation")
    train: TrainConfig = Field(default=TrainConfig(), description="Training")

    @model_validator(mode="after")
    def refuse_what_cannot_run(self) -> Self:
        players = {"model.generator": self.model.generator, "model.discriminator": self.model.discriminator}
        ancestors = [path for path, part in players.items() if isinstance(part, Ancestor)]
        convolves = [path for path, part in players.items() if part.family != "mlp" and path not in ancestors]
        rules = [
            (
                self.data.image_size % 4 == 0 or not convolves,
                "data.image_size",
                f"must be a multiple of 4 for the convolutions of {', '.join(convolves)}, got {self.data.image_size}",
            ),
            (
                self.data.image_size == ANCESTRAL_SIZE or not ancestors,
                "data.image_size",
                f"must be {ANCESTRAL_SIZE} for {' and '.join(f'{path} {players[path].family}' for path in ancestors)}, "
                f"got {self.data.image_size}; take {ANCESTRAL_SIZE}, or another family",
            ),
            (
                self.data.name != "folder" or bool(self.data.folder.strip()),
                "data.folder",
                "must name a folder when data.name is 'folder'",
            ),
            (
                self.data.limit == 0 or self.data.limit >= self.optim.batch_size,
                "data.limit",
                f"must be 0 or at least optim.batch_size ({self.optim.batch_size}), got {self.data.limit}",
            ),
        ]
        if problems := [Problem(field, rule) for holds, field, rule in rules if not holds]:
            raise ConfigError(problems)
        return self

    @property
    def images_per_step(self) -> int:
        """Real images that one step (d_steps updates of D, one of G) shows to D."""
        return self.optim.batch_size * self.optim.d_steps


def config_from(values: Mapping[str, Any]) -> RunConfig:
    """The configuration in `values` (nested, as `config.json` holds it).

    Raises ConfigError with every problem at once: unknown keys, wrong types, values out of range.
    """
    try:
        return RunConfig.model_validate(values)
    except ValidationError as error:
        problems = problems_of(error)
        raise ConfigError([*problems, *problems_between(values, [problem.field for problem in problems])]) from error


def problems_between(values: Mapping[str, Any], broken: list[str]) -> list[Problem]:
    """What is wrong between fields that are sound, while others are broken: pydantic looks at that only after all."""
    if not isinstance(values, Mapping):
        return []
    try:
        RunConfig.model_validate(reduce(without, broken, values))
    except ValidationError as error:
        return [
            problem
            for problem in problems_of(error)
            if not any(field.startswith((problem.field, *READS.get(problem.field, ()))) for field in broken)
        ]
    return []


def without(values: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """Nested `values` less one dotted field, or less what should hold it and is no mapping."""
    head, _, rest = field.partition(".")
    if rest and isinstance(values.get(head), Mapping):
        return {**values, head: without(values[head], rest)}
    return {key: value for key, value in values.items() if key != head}


def with_overrides(config: RunConfig, overrides: Mapping[str, Any]) -> RunConfig:
    """`config` with dotted keys replaced: `{"optim.batch_size": 128}`.

    Another family starts from that family's own defaults. Raises ConfigError with every problem at once.
    """
    values = config.model_dump(mode="json")
    problems: list[Problem] = []
    for key in sorted(overrides, key=lambda key: not key.endswith(".family")):
        try:
            place(values, key, overrides[key])
        except KeyError:
            problems.append(Problem(key, f"is no setting{nearest(key, dotted_keys(values))}"))
    try:
        result = config_from(values)
    except ConfigError as error:
        raise ConfigError([*problems, *error.problems]) from error
    if problems:
        raise ConfigError(problems)
    return result


def place(values: Json, key: str, value: object) -> None:
    """Set one dotted key inside nested dictionaries; KeyError where it does not exist."""
    *parents, leaf = key.split(".")
    for parent in parents:
        values = values[parent]
        if not isinstance(values, dict):
            raise KeyError(key)
    if leaf not in values or isinstance(values[leaf], dict):
        raise KeyError(key)
    if leaf == "family" and (defaults := defaults_of_family(".".join(parents), value)) and value != values[leaf]:
        values.clear()
        values.update(defaults)
    values[leaf] = value


def defaults_of_family(place_of_family: str, family: object) -> Json:
    """The knobs of a family of `model.generator` or `model.discriminator`; none for a name that is no family."""
    for name, kind in families_of(place_of_family).items():
        if name == family:
            return kind().model_dump(mode="json")
    return {}


def families_of(player: str) -> dict[str, type[BaseModel]]:
    """The families of `model.generator` or `model.discriminator` by name."""
    return {kind.model_fields["family"].default: kind for kind in get_args(get_args(FAMILIES[player])[0])}


def dotted_keys(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    """All leaf names of nested dictionaries: `["data.name", ...]`."""
    return [
        name
        for key, value in values.items()
        for name in (dotted_keys(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
    ]


def known_keys() -> list[str]:
    """Every dotted key that some configuration has, whatever its families, and the sections."""
    values = RunConfig().model_dump(mode="json")
    of_families = {
        f"{player}.{name}" for player in FAMILIES for kind in families_of(player).values() for name in kind.model_fields
    }
    return sorted({*dotted_keys(values), *of_families, *values})


def parse_assignment(text: str) -> tuple[str, Any]:
    """`"optim.batch_size=128"` as a key and a value; numbers, booleans and lists are read as JSON, the rest as text."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ConfigError([Problem("", f"--set wants dotted.key=value, got {text!r}")])
    try:
        return key.strip(), json.loads(value)
    except (ValueError, RecursionError):  # no JSON, or more digits or brackets than any setting has
        return key.strip(), value.strip()


def nearest(word: str, words: list[str]) -> str:
    """`"; did you mean 'x'?"` where something similar exists, else nothing."""
    close = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def problems_of(error: ValidationError) -> list[Problem]:
    """Pydantic's complaints in this project's words: the dotted field, the rule, the value."""
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, ConfigError):
            problems.extend(cause.problems)
        else:
            field = field_of(detail["loc"]) + (".family" if detail["type"].startswith("union_tag") else "")
            problems.append(Problem(field, rule_of(field, detail)))
    return problems


def field_of(location: tuple[int | str, ...]) -> str:
    """The dotted name of a place in the configuration, without the family that pydantic inserts into it."""
    parts = [str(part) for part in location]
    if parts[:1] == ["model"] and len(parts) > 2 and parts[1] in ("generator", "discriminator"):
        del parts[2]
    return ".".join(parts)


def rule_of(field: str, detail: Mapping[str, Any]) -> str:
    """One complaint of pydantic as `rule, got value`."""
    if detail["type"] == "extra_forbidden":
        return f"is no setting{nearest(field, [key for key in known_keys() if key != field])}"
    if detail["type"].startswith("union_tag"):
        given = detail["input"].get("family")
        return f"must be one of {', '.join(families_of(field.removesuffix('.family')))}, got {given!r}"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{message[:1].lower()}{message[1:]}, got {detail['input']!r}"


class Setting(NamedTuple):
    """One leaf of the configuration with all that a form or a table needs to know of it."""

    path: str
    info: FieldInfo
    value: Any

    @property
    def extra(self) -> Json:
        return self.info.json_schema_extra if isinstance(self.info.json_schema_extra, dict) else {}

    @property
    def title(self) -> str:
        """What people call it: its own title, or its dotted name in words without the section ("Generator width")."""
        words = " ".join(self.path.split(".")[1:]).replace("_", " ")
        return self.info.title or words.capitalize()


def settings_of(model: BaseModel, prefix: str = "") -> list[Setting]:
    """Every leaf field of `model` in reading order, with the families that it holds now."""
    settings: list[Setting] = []
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            settings += settings_of(value, f"{prefix}{name}.")
        else:
            settings.append(Setting(f"{prefix}{name}", info, value))
    return settings


def applies(setting: Setting, values: Mapping[str, Any]) -> bool:
    """Whether a setting has any effect, given the values of the others by dotted name."""
    return all(values.get(path) in allowed for path, allowed in setting.extra.get("when", {}).items())
