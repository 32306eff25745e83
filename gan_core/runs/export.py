"""The generator alone, for use elsewhere: safetensors (weights and configuration) or ONNX (the network itself)."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path

import torch
from safetensors.torch import save

from gan_core.config import ExportFormat, RunConfig
from gan_core.models.networks import Generator
from gan_core.runs.errors import RunError
from gan_core.runs.output_file import write_output

OPSET = 18


def safetensors_bytes(generator: Generator, config: RunConfig, images_seen: int) -> bytes:
    """Weights (float32) under the names of the generator's state_dict; config, classes, images_seen as metadata."""
    metadata = {
        "config": config.model_dump_json(),
        "classes": json.dumps(generator.inputs.classes),
        "images_seen": json.dumps(images_seen),
    }
    tensors = {name: tensor.contiguous() for name, tensor in float32(generator).state_dict().items()}
    return save(tensors, metadata)


def onnx_bytes(generator: Generator, config: RunConfig, images_seen: int) -> bytes:
    """A network `z (B, Z) float32[, y (B,) int64] -> images (B, C, H, W) float32` for any B."""
    classes = generator.inputs.classes
    z = torch.zeros(2, config.model.latent.size)
    inputs = (z, torch.zeros(2, dtype=torch.int64)) if classes else (z,)
    names = ["z", "y"] if classes else ["z"]
    # only z names the batch axis: torch warns if two inputs name the same one
    axes = {"z": torch.export.Dim("batch", min=1), "y": torch.export.Dim.AUTO}
    program = torch.onnx.export(
        float32(generator),
        inputs,
        input_names=names,
        output_names=["images"],
        dynamic_shapes=tuple({0: axes[name]} for name in names),
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    data: bytes = program.model_proto.SerializeToString()
    return data


def float32(generator: Generator) -> Generator:
    """A float32 copy: the generator itself may be drawing pictures in float64."""
    return deepcopy(generator).float()


FORMATS: Mapping[ExportFormat, Callable[[Generator, RunConfig, int], bytes]] = {
    "safetensors": safetensors_bytes,
    "onnx": onnx_bytes,
}


def format_of(out: Path, wanted: ExportFormat | None = None, default: ExportFormat | None = None) -> ExportFormat:
    """The format of a file: the wanted one, or that of its name. Raises RunError if they differ, or without any."""
    by_name = next((name for name in FORMATS if out.suffix.lower() == f".{name}"), None)
    if wanted and by_name and wanted != by_name:
        raise RunError(
            f"the name {out.name} ends like a file of {by_name}, but the format is {wanted}; change one of them"
        )
    chosen = wanted or by_name or default
    if chosen is None:
        raise RunError(f"{out.name} does not end in .safetensors or .onnx; rename it, or give format_name")
    return chosen


def export_generator(
    generator: Generator, config: RunConfig, images_seen: int, format_name: ExportFormat, out: Path
) -> None:
    """Write the generator to `out`, completely or not at all. Raises StorageError."""
    write_output(out, FORMATS[format_name](generator, config, images_seen))
