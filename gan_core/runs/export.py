"""The generator alone, for use elsewhere: safetensors (weights and configuration) or ONNX (the network itself)."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import save

from gan_core.config import ExportFormat, RunConfig
from gan_core.data.folder_path import with_folder
from gan_core.models.networks import Generator
from gan_core.runs.errors import RunError
from gan_core.runs.output_file import write_output
from gan_core.runs.store import RunStore

OPSET = 18


class Origin(NamedTuple):
    """Where a generator comes from: its run, and the names of its classes, which are empty without labels."""

    run: str = ""
    class_names: tuple[str, ...] = ()


NO_ORIGIN = Origin()


def origin_of(store: RunStore, run: str) -> Origin:
    """The origin of the generators of a run."""
    return Origin(run, store.class_names(run))


def about(generator: Generator, config: RunConfig, images_seen: int, origin: Origin) -> dict[str, str]:
    """What a file says about its generator: text for people, and JSON. It holds no path of this machine."""
    latent, data = config.model.latent, config.data
    return {
        "about": f"A generator of GAN Studio, after {images_seen:,} images.",
        "run": origin.run,
        "images_seen": json.dumps(images_seen),
        "latent_size": json.dumps(latent.size),
        "latent_distribution": "standard normal" if latent.distribution == "normal" else "uniform in [-1, 1]",
        "value_range": "[-1, 1]" if data.value_range == "signed" else "[0, 1]",
        "classes": json.dumps(generator.inputs.classes),
        "class_names": json.dumps(origin.class_names),
        "config": with_folder(config, "").model_dump_json(),
    }


def safetensors_bytes(generator: Generator, config: RunConfig, images_seen: int, origin: Origin = NO_ORIGIN) -> bytes:
    """Weights (float32) under the names of the generator's state_dict; `about` as metadata."""
    tensors = {name: tensor.contiguous() for name, tensor in float32(generator).state_dict().items()}
    return save(tensors, about(generator, config, images_seen, origin))


def onnx_bytes(generator: Generator, config: RunConfig, images_seen: int, origin: Origin = NO_ORIGIN) -> bytes:
    """A network `z (B, Z) float32[, y (B,) int64] -> images (B, C, H, W) float32` for any B; `about` as metadata."""
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
    model = program.model_proto
    forget_sources(model.graph)
    for name, text in about(generator, config, images_seen, origin).items():
        model.metadata_props.add(key=name, value=text)
    data: bytes = model.SerializeToString()
    return data


def forget_sources(graph: Any) -> None:
    """Remove what torch writes into an ONNX graph about the files on this machine that its operations come from."""
    del graph.metadata_props[:]
    for part in (*graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]


def float32(generator: Generator) -> Generator:
    """A float32 copy: the generator itself may be drawing pictures in float64."""
    return deepcopy(generator).float()


FORMATS: Mapping[ExportFormat, Callable[[Generator, RunConfig, int, Origin], bytes]] = {
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
    generator: Generator,
    config: RunConfig,
    images_seen: int,
    format_name: ExportFormat,
    out: Path,
    origin: Origin = NO_ORIGIN,
) -> None:
    """Write the generator to `out`, completely or not at all. Raises StorageError."""
    write_output(out, FORMATS[format_name](generator, config, images_seen, origin))
