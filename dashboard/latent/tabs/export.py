"""What can be taken away: the picture, the command that makes it, the generator alone with the lines that use it."""

import shlex
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate, seed_grid
from dashboard.latent.edit import Bench, Scene
from dashboard.latent.generate import Networks, Place
from dashboard.ui import downloads
from gan_core.config import ExportFormat
from gan_core.latent.expression import written
from gan_core.latent.truncation import NO_TRUNCATION
from gan_core.numerics.shapes import Bytes
from gan_core.runs.export import FORMATS

SAFETENSORS = """import json, torch
from safetensors import safe_open
from gan_core.config import RunConfig
from gan_core.models.networks import empty_generator
with safe_open("generator.safetensors", "pt") as file:
    about, weights = file.metadata(), {{name: file.get_tensor(name) for name in file.keys()}}
config = RunConfig.model_validate_json(about["config"])
generator = empty_generator(config, json.loads(about["classes"])).eval()
generator.load_state_dict(weights)
images = generator(torch.{draw}{label})  # {shape}, {value_range}
"""
ONNX = """import numpy
import onnxruntime
session = onnxruntime.InferenceSession("generator.onnx")
z = numpy.random.default_rng(0).{draw}.astype("float32")
[images] = session.run(None, {{"z": z{label}}})  # {shape}, {value_range}
"""
COUNT = 16
SEED_COLUMNS = 8
RANGES = {"signed": "from -1 to 1", "unit": "from 0 to 1"}


class Kind(NamedTuple):
    """How one format is offered."""

    title: str
    what: str
    lines: str


KINDS: Mapping[ExportFormat, Kind] = {
    "safetensors": Kind("safetensors", "Weights and configuration, to be loaded with this project.", SAFETENSORS),
    "onnx": Kind("ONNX", "The network itself, to be run anywhere without this project.", ONNX),
}


def show(bench: Bench, place: Place) -> None:
    """The picture on top, the generator below."""
    st.markdown("**The picture, and those around it**")
    with st.container(horizontal=True):
        for index, (word, (pixels, columns)) in enumerate(pictures(bench.scene, place).items()):
            downloads.picture(f"latent.takeaway_{index}", pixels, columns, f"{place.run}-{place.images_seen}", word)
    command(bench.scene, place)
    st.markdown("**The generator alone**")
    made = generate.networks(place)
    for format_name, kind in KINDS.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                f"Download {kind.title}",
                partial(generator_file, place, format_name),
                file_name=f"generator.{format_name}",
                mime="application/octet-stream",
                on_click="ignore",
                icon=":material/download:",
                key=f"latent.takeaway_{format_name}",
            )
            st.caption(kind.what)
        st.code(lines(format_name, made), language="python")


def pictures(scene: Scene, place: Place) -> dict[str, tuple[Bytes, int]]:
    """What can be saved: pixels (B, C, S, S), and in how many columns."""
    shown = {"Picture": (generate.still(generate.z_of(scene, place), place, scene.told), 1)}
    if row := scene.classic():
        shown["Row of four"] = (generate.stills(generate.sums(*row.values()), place, scene.told), len(row))
    if scene.shelf:
        alone = generate.sums(*({thing.source: 1.0} for thing in scene.shelf))
        shown["Shelf"] = (generate.stills(alone, place, scene.told), len(scene.shelf))
    return {**shown, "Seeds": (seed_grid.pixels(scene, place), SEED_COLUMNS)}


def generator_file(place: Place, format_name: ExportFormat) -> bytes:
    """The generator in one format; its moment is pinned, so that the run keeps what was given away."""
    services.store().pin(place.run, place.images_seen)
    made = generate.networks(place)
    return FORMATS[format_name](made.still, made.config, place.images_seen)


def command(scene: Scene, place: Place) -> None:
    """The same picture in a terminal, where the expression is all there is to it."""
    if scene.bends or scene.on_shell:
        st.caption("Bends and the shell are not part of an expression: keep the picture on the shelf to name it.")
        return
    words = ["python", "-m", "gan_core", "latent", place.run, written(scene.weights), "--at", str(place.images_seen)]
    if generate.networks(place).classes:
        words += ["--label", str(scene.label)]
    psi, tau = generate.truncation_of(scene)
    words += [
        *(["--psi", str(psi)] if psi != NO_TRUNCATION.psi else []),
        *(["--tau", str(tau)] if tau != NO_TRUNCATION.tau else []),
    ]
    st.code(shlex.join([*words, "--out", "picture.png"]), language="shell")


def lines(format_name: ExportFormat, made: Networks) -> str:
    """The lines of Python that make images from the file."""
    config, classes = made.config, made.classes
    size = config.model.latent.size
    normal = config.model.latent.distribution == "normal"
    if format_name == "onnx":
        draw = f"standard_normal(({COUNT}, {size}))" if normal else f"uniform(-1, 1, ({COUNT}, {size}))"
        label = f', "y": numpy.arange({COUNT}) % {classes}' if classes else ""
    else:
        draw = f"randn({COUNT}, {size})" if normal else f"rand({COUNT}, {size}) * 2 - 1"
        label = f", torch.arange({COUNT}) % {classes}" if classes else ""
    shape = (COUNT, config.data.channels, config.data.image_size, config.data.image_size)
    return KINDS[format_name].lines.format(
        draw=draw, label=label, shape=shape, value_range=RANGES[config.data.value_range]
    )
