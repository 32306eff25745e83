"""What can be downloaded: the pictures, the command that makes the picture, the generator and code that uses it."""

import shlex
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate
from dashboard.latent.class_picker import class_names
from dashboard.latent.edit import OWN_CLASSES, EditHistory, LatentEdit
from dashboard.latent.generate import Networks, SnapshotRef
from dashboard.latent.seed_grid import seed_pixels
from dashboard.ui import downloads
from gan_core.config import ExportFormat
from gan_core.latent.expression import written
from gan_core.latent.truncation import NO_TRUNCATION
from gan_core.numerics.shapes import Bytes
from gan_core.runs.export import FORMATS, origin_of

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
COUNT = 16  # images that the printed code makes
SEED_COLUMNS = 8
RANGES = {"signed": "from -1 to 1", "unit": "from 0 to 1"}


class FormatText(NamedTuple):
    """How one export format is described."""

    title: str
    about: str
    code: str


FORMAT_TEXTS: Mapping[ExportFormat, FormatText] = {
    "safetensors": FormatText("safetensors", "Weights and configuration, to load with this project.", SAFETENSORS),
    "onnx": FormatText("ONNX", "The network itself, to run anywhere without this project.", ONNX),
}


def show_export(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The pictures, the command, the generator."""
    st.markdown("**Pictures**")
    with st.container(horizontal=True):
        for index, (word, (pixels, columns)) in enumerate(pictures(history.edit, snapshot).items()):
            name = f"{snapshot.run}-{snapshot.images_seen}"
            downloads.show_picture_popover(f"latent.export_{index}", pixels, columns, name, word)
    show_command(history.edit, snapshot)
    st.markdown("**The generator**")
    for format_name in FORMAT_TEXTS:
        show_format(format_name, snapshot)


def show_format(format_name: ExportFormat, snapshot: SnapshotRef) -> None:
    """The generator as a file of one format, and code that uses the file."""
    text = FORMAT_TEXTS[format_name]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            f"Download {text.title}",
            partial(generator_file, snapshot, format_name),
            file_name=f"generator.{format_name}",
            mime="application/octet-stream",
            on_click="ignore",
            icon=":material/download:",
            key=f"latent.export_{format_name}",
        )
        st.caption(text.about)
    st.code(code_for(format_name, generate.networks(snapshot)), language="python")


def pictures(edit: LatentEdit, snapshot: SnapshotRef) -> dict[str, tuple[Bytes, int]]:
    """What can be saved: pixels (B, C, S, S) and the number of columns, by title."""
    z = generate.latent_of(edit, snapshot)
    found = {"Picture": (generate.render_float64(z, snapshot, generate.labels_of_edit(edit, snapshot)), 1)}
    if row := edit.arithmetic_row():
        pixels = generate.render_sums(generate.sums(*row.values()), snapshot, edit.condition)
        found["Row of four"] = (pixels, len(row))
    if edit.shelf:
        each = generate.sums(*({item.source: 1.0} for item in edit.shelf))
        found["Shelf"] = (generate.render_sums(each, snapshot, edit.condition), len(edit.shelf))
    return {**found, "Seeds": (seed_pixels(edit, snapshot), SEED_COLUMNS)}


def generator_file(snapshot: SnapshotRef, format_name: ExportFormat) -> bytes:
    """The generator in one format. Its snapshot is pinned, so that the run keeps what was downloaded."""
    store, made = services.store(), generate.networks(snapshot)
    store.snapshots(snapshot.run).pin_for_use(snapshot.images_seen)
    return FORMATS[format_name](made.float64, made.config, snapshot.images_seen, origin_of(store, snapshot.run))


def show_command(edit: LatentEdit, snapshot: SnapshotRef) -> None:
    """The command that makes the same picture, if the expression alone describes it."""
    if edit.bends or edit.on_shell:
        st.caption(
            "There is no command for this picture: it has amounts along directions or the typical length, and an "
            "expression has neither. Put it on the shelf with Keep on shelf: then it has a name for an expression."
        )
        return
    at = str(snapshot.images_seen)
    words = ["python", "-m", "gan_core", "latent", snapshot.run, written(edit.weights), "--at", at]
    if generate.networks(snapshot).classes and edit.label is not OWN_CLASSES:
        words += ["--label", class_names(snapshot)[edit.label]]
    psi, tau = generate.truncation_of(edit)
    words += [
        *(["--psi", str(psi)] if psi != NO_TRUNCATION.psi else []),
        *(["--tau", str(tau)] if tau != NO_TRUNCATION.tau else []),
    ]
    st.code(shlex.join([*words, "--out", "picture.png"]), language="shell")


def code_for(format_name: ExportFormat, made: Networks) -> str:
    """Python code that makes images from the file."""
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
    return FORMAT_TEXTS[format_name].code.format(
        draw=draw, label=label, shape=shape, value_range=RANGES[config.data.value_range]
    )
