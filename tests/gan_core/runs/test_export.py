"""An exported generator makes the same images as the generator of the run."""

import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from gan_core.config import ExportFormat, RunConfig, config_from
from gan_core.data.folder_path import with_folder
from gan_core.models.networks import Generator, empty_generator
from gan_core.numerics.rng import generator_for, latents_for_seeds
from gan_core.pictures.render import render, still_generator
from gan_core.runs.atomic_files import StorageError
from gan_core.runs.export import FORMATS, NO_ORIGIN, OPSET, Origin, export_generator
from tests.conftest import REPOSITORY
from tests.tiny import CLASSES, FAMILIES, tiny_family

Array = npt.NDArray[np.float32]


def lively(family: str, labels: bool = False) -> tuple[RunConfig, Generator]:
    """A generator with random weights and statistics, so that each of them has an effect on the images."""
    config = tiny_family(family, data__image_size=12, data__labels=labels)
    classes, draw = CLASSES if labels else 0, generator_for(0, "lively")
    tensors = {
        name: torch.rand(tensor.shape, generator=draw) + (0.1 if name.endswith("running_var") else -0.5)
        if tensor.is_floating_point()
        else torch.zeros_like(tensor)
        for name, tensor in empty_generator(config, classes).state_dict().items()
    }
    return config, still_generator(config, classes, tensors)


def inputs(config: RunConfig, count: int) -> tuple[torch.Tensor, torch.Tensor | None]:
    y = torch.arange(count) % CLASSES if config.data.labels else None
    return latents_for_seeds(range(count), config.model.latent), y


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("family", FAMILIES)
def test_safetensors_fill_an_empty_generator_that_makes_the_same_pixels(
    family: str, labels: bool, tmp_path: Path
) -> None:
    config, generator = lively(family, labels)
    z, y = inputs(config, 9)
    export_generator(generator, config, 640, "safetensors", tmp_path / "g.safetensors")

    with safe_open(tmp_path / "g.safetensors", "pt") as file:
        about = file.metadata()
    own = config_from(json.loads(about["config"]))
    filled = still_generator(own, json.loads(about["classes"]), load_file(tmp_path / "g.safetensors"))

    assert (own, json.loads(about["images_seen"])) == (config, 640)
    assert torch.equal(render(filled, own, z, y), render(generator, config, z, y))
    assert len(torch.unique(render(filled, own, z, y), dim=0)) == 9


def test_safetensors_hold_float32_under_the_names_of_the_generator(tmp_path: Path) -> None:
    config, generator = lively("studio")
    export_generator(generator, config, 0, "safetensors", tmp_path / "g.safetensors")

    tensors = load_file(tmp_path / "g.safetensors")

    assert tensors.keys() == generator.state_dict().keys()
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float32, torch.int64}


def run_onnx(path: Path, z: torch.Tensor, y: torch.Tensor | None) -> Array:
    """The images that onnxruntime makes of latents (B, Z) and labels (B,)."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    fed = {"z": z.numpy()} if y is None else {"z": z.numpy(), "y": y.numpy()}
    (images,) = session.run(None, fed)
    array: Array = images
    return array


@pytest.mark.parametrize("labels", [False, True], ids=["unlabelled", "labelled"])
@pytest.mark.parametrize("family", FAMILIES)
def test_onnx_agrees_with_the_generator_for_one_latent_and_for_many(family: str, labels: bool, tmp_path: Path) -> None:
    config, generator = lively(family, labels)
    export_generator(generator, config, 640, "onnx", tmp_path / "g.onnx")

    for count in (1, 1_000):
        z, y = inputs(config, count)
        images = run_onnx(tmp_path / "g.onnx", z, y)

        assert images.shape == (count, 1, 12, 12)
        assert images.dtype == np.float32
        assert images.std() > 0.05
        assert np.abs(images - generator(z.double(), y).numpy()).max() < 1e-4


def test_onnx_is_one_valid_file_with_named_inputs_and_outputs(tmp_path: Path) -> None:
    config, generator = lively("studio", labels=True)
    export_generator(generator, config, 0, "onnx", tmp_path / "g.onnx")

    model = onnx.load(tmp_path / "g.onnx")

    onnx.checker.check_model(model, full_check=True)
    assert [entry.name for entry in model.graph.input] == ["z", "y"]
    assert [entry.name for entry in model.graph.output] == ["images"]
    assert [entry.version for entry in model.opset_import if entry.domain == ""] == [OPSET]
    assert [path.name for path in tmp_path.iterdir()] == ["g.onnx"]


@pytest.mark.parametrize("format_name", FORMATS)
def test_exporting_does_not_change_the_generator(format_name: ExportFormat, tmp_path: Path) -> None:
    config, generator = lively("studio")
    z, _ = inputs(config, 4)
    before = render(generator, config, z)

    FORMATS[format_name](generator, config, 0, NO_ORIGIN)

    assert {parameter.dtype for parameter in generator.parameters()} == {torch.float64}
    assert torch.equal(render(generator, config, z), before)


def test_an_export_that_cannot_be_written_keeps_the_old_file(tmp_path: Path) -> None:
    config, generator = lively("mlp")
    (tmp_path / "taken").mkdir()

    with pytest.raises(StorageError, match="could not write"):
        export_generator(generator, config, 0, "safetensors", tmp_path / "taken")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(("format_name", "labels"), [("safetensors", False), ("safetensors", True), ("onnx", True)])
def test_a_file_says_what_it_is_and_no_path_of_this_machine(
    format_name: ExportFormat, labels: bool, tmp_path: Path
) -> None:
    config, generator = lively("studio", labels)
    config = with_folder(config, "/home/somebody/pictures")
    names = tuple(f"class {number}" for number in range(CLASSES)) if labels else ()
    out = tmp_path / f"g.{format_name}"

    export_generator(generator, config, 640, format_name, out, Origin("mine", names))

    said = about_of(out)
    assert said["run"] == "mine"
    assert json.loads(said["images_seen"]) == 640
    assert json.loads(said["latent_size"]) == config.model.latent.size
    assert said["latent_distribution"] == "standard normal"
    assert said["value_range"] == "[-1, 1]"
    assert json.loads(said["class_names"]) == list(names)
    for word in (str(REPOSITORY), sys.prefix, "site-packages", "somebody", ".py"):
        assert word.encode() not in out.read_bytes(), word


def about_of(path: Path) -> dict[str, str]:
    """The metadata of an exported file."""
    if path.suffix == ".onnx":
        return {each.key: each.value for each in onnx.load(path).metadata_props}
    with safe_open(path, "pt") as file:
        found: dict[str, str] = file.metadata()
    return found
