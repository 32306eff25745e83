"""To add a loss, a penalty, an augmentation, a family, a data set or a preset, one touches one file."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gan_core.config.choices import GAN_CORE

LOSS = '''"""L1 distances to 1 and 0."""

from gan_core.objective.equilibria import Equilibrium, Value
from gan_core.objective.loss import Loss, above

LOSS = Loss(
    d=lambda real, fake: (real - 1).abs().mean() + fake.abs().mean(),
    g=lambda real, fake: (fake - 1).abs().mean(),
    right=above(0.5),
    equilibrium=lambda smoothing: Equilibrium(Value(1.0)),
)
'''
PENALTY = '''"""The squared logits."""


def drift(score, x, x_fake, y, draw):
    return score(x, y).square().mean()


PENALTY = drift
'''
AUGMENTATION = '''"""Images upside down."""


def flip(x, black, draw):
    return x.flip(2)


AUGMENTATION = flip
'''
FAMILY = '''"""One linear layer."""

from typing import ClassVar, Literal

from gan_core.config.fields import knob
from gan_core.models.family import DiscriminatorSettings, Family, GeneratorSettings


class OneLayerGenerator(GeneratorSettings):
    """One linear layer."""

    norm: ClassVar[str] = "none"
    output: ClassVar[str] = "linear"
    family: Literal["one-layer"] = "one-layer"

    def layers(self, inputs, shape):
        from torch import nn

        channels, size = shape
        return [nn.Linear(inputs, channels * size * size), nn.Unflatten(1, (channels, size, size))]


class OneLayerDiscriminator(DiscriminatorSettings):
    """No layer but the head."""

    norm: ClassVar[str] = "none"
    spectral_norm: ClassVar[bool] = False
    family: Literal["one-layer"] = "one-layer"
    dropout: float = knob(0.0, "Share of pixels dropped.", ge=0, le=0.9)

    def layers(self, shape):
        from torch import nn

        from gan_core.models.layers import Dropout

        return [nn.Flatten(), Dropout(self.dropout)], shape[0] * shape[1] ** 2


FAMILY = Family(OneLayerGenerator, OneLayerDiscriminator, style="fan_in", channels_last=False)
'''
DATA_SET = '''"""Forty flat images of two brightnesses."""

from gan_core.data.source import Source


def load(config, device, root, report):
    import torch

    from gan_core.data.dataset import finished

    labels = torch.arange(40) % 2
    images = (labels * 255).to(torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 8, 8)
    return finished(images, labels, SOURCE.classes, "Made here.", config, device)


SOURCE = Source(title="flat images", load=load, images=40, classes=("black", "white"), size=8, channels=1)
'''
PRESET = """
FLAT = Preset(
    name="flat",
    title="Flat images",
    group="ours",
    summary="Two brightnesses.",
    source="made here",
    config=RunConfig(data=DataConfig(name="black-and-white", image_size=8)),
)
OURS = (*OURS, FLAT)
"""
FILES = {
    "objective/losses/l1.py": LOSS,
    "objective/penalties/drift.py": PENALTY,
    "objective/augmentations/flip.py": AUGMENTATION,
    "models/families/one_layer.py": FAMILY,
    "data/sets/black_and_white.py": DATA_SET,
}
SETTINGS = {
    "data.name": "black-and-white",
    "data.image_size": "8",
    "data.labels": "true",
    "model.generator.family": "one-layer",
    "model.discriminator.family": "one-layer",
    "model.discriminator.dropout": "0.1",
    "objective.loss": "l1",
    "objective.penalty": "drift",
    "objective.augment": "flip",
    "optim.batch_size": "8",
    "train.device": "cpu",
    "train.precision": "float32",
    "train.threads": "1",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the engine, five new files in it, and one preset more in `presets/own.py`."""
    shutil.copytree(GAN_CORE, tmp_path / "gan_core", ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in FILES.items():
        (tmp_path / "gan_core" / path).write_text(text)
    with (tmp_path / "gan_core" / "presets" / "own.py").open("a") as file:
        file.write(PRESET)
    return tmp_path


def python(folder: Path, *arguments: str) -> str:
    """What Python prints in `folder`; fails with what it writes to stderr."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_a_run_is_trained_and_drawn_with_five_choices_of_one_new_file_each(copy: Path) -> None:
    chosen = [part for path, value in SETTINGS.items() for part in ("--set", f"{path}={value}")]

    python(copy, "-m", "gan_core", "train", "--run", "new", "--images", "64", *chosen)
    python(copy, "-m", "gan_core", "sample", "new", "--out", "new.png")

    assert (copy / "new.png").read_bytes().startswith(b"\x89PNG")


def test_forms_advice_estimates_and_equilibria_know_the_new_choices(copy: Path) -> None:
    script = f"""
from gan_core.config import RunConfig, settings_of, with_overrides
from gan_core.config.advice import advice_on
from gan_core.data.registry import needs_network, outlook
from gan_core.models.summary import anatomy
from gan_core.objective.equilibria import equilibrium
from gan_core.presets import preset

config = with_overrides(RunConfig(), {SETTINGS!r})
options = {{setting.path: setting.options for setting in settings_of(config)}}
print([path for path, value in {SETTINGS!r}.items() if options[path] and value not in map(str, options[path])])
print([advice.field for advice in advice_on(config)])
print(tuple(outlook(config.data)), needs_network(config.data), equilibrium(config.objective).loss_d.number)
print([layer.kind for layer in anatomy(config, 2).generator])
print(preset("flat").config.data.name)
"""

    unknown, advised, numbers, kinds, of_preset = python(copy, "-c", script).splitlines()

    assert unknown == "[]"
    assert advised == "[]"
    assert numbers == "(40, 2) False 1.0"
    assert of_preset == "black-and-white"
    assert kinds == "['Class appended', 'Linear', 'Reshaped']"
