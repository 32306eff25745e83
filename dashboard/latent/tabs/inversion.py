"""Find the latent of a picture: of a drawing, an uploaded file, or a real image."""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from typing import NamedTuple

import streamlit as st
import torch

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.latent import editor, generate, real_images
from dashboard.latent.edit import EditHistory, LatentEdit
from dashboard.latent.galleries import cell, show_gallery
from dashboard.latent.generate import Networks, SnapshotRef
from dashboard.ui import downloads
from dashboard.ui.background import Progress, Task, tasks
from dashboard.ui.component import component
from dashboard.ui.text import as_sentence, escaped
from gan_core.data.registry import DataError
from gan_core.data.uploads import MOST_BYTES, upload_to_pixels
from gan_core.latent.inversion import FOUND, Guess, invert
from gan_core.numerics.shapes import Bytes, Labels

VISITOR = "latent.visitor"
TARGET = "latent.target"  # (1, C, S, S) uint8: the picture whose latent is searched
PROBLEM = "latent.target_problem"
PAD_KEY = "latent.pad"
UPLOAD_KEY = "latent.upload"
SOURCE_KEY = "latent.target_source"
PREFIX = "data:image/png;base64,"
LONGEST_DRAWING = 1_000_000  # characters
REFRESH_SECONDS = 0.4
CELL_PIXELS = 112
SHARES = (4, 7)  # of the width: the picture to find, the search
_drawing_pad = component("drawing_pad")


class Found(NamedTuple):
    """The best latent so far for a target (1, C, S, S), and the classes (1, K) that it is rendered with."""

    target: Bytes
    guess: Guess
    labels: Labels | None


def show_inversion(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The picture to find on the left, the search on the right."""
    left, right = st.columns(SHARES, gap="small")
    with left:
        sources = list(SOURCES)
        source = st.segmented_control("Picture", sources, default=sources[0], required=True, key=SOURCE_KEY)
        SOURCES[source if source in SOURCES else sources[0]](snapshot)
        if problem := st.session_state.get(PROBLEM):
            st.error(escaped(as_sentence(problem)), icon=":material/error:")
    with right:
        show_search(history, snapshot)


def show_drawing_pad(snapshot: SnapshotRef) -> None:
    """A pad to draw on. Each stroke changes the target."""
    description = "Drawing pad. It needs a pointer. Without one, upload a picture or use a real image instead."
    _drawing_pad(key=PAD_KEY, data={"description": description}, on_drawn_change=lambda: take_drawing(snapshot))


def take_drawing(snapshot: SnapshotRef) -> None:
    """Callback: a stroke was finished, or the pad was cleared. The data comes from a browser and is checked."""
    text = st.session_state[PAD_KEY]["drawn"]
    if not isinstance(text, str) or not text.startswith(PREFIX) or len(text) > LONGEST_DRAWING:
        clear_target()
        return
    try:
        set_target(base64.b64decode(text.removeprefix(PREFIX), validate=True), snapshot)
    except binascii.Error:
        clear_target()


def show_upload(snapshot: SnapshotRef) -> None:
    """A field for a picture file."""
    st.file_uploader(
        "Picture file",
        type=None,
        key=UPLOAD_KEY,
        max_upload_size=MOST_BYTES // 1_000_000,
        help="A digit on a light or dark background. It is scaled and centred like the images of the data set.",
        on_change=lambda: take_upload(snapshot),
    )


def take_upload(snapshot: SnapshotRef) -> None:
    """Callback: a file was uploaded or removed."""
    file = st.session_state[UPLOAD_KEY]
    if file is None:
        clear_target()
    else:
        set_target(file.getvalue(), snapshot)


def show_real_image_choice(snapshot: SnapshotRef) -> None:
    """The number of an image of the data set."""
    images = real_images.dataset(generate.networks(snapshot).config.data)
    if images is None:
        return
    index = st.number_input("Number of the real image", 0, len(images) - 1, 0, key="latent.real")
    st.session_state[TARGET] = images.images[[int(index)]]
    st.session_state.pop(PROBLEM, None)


SOURCES: Mapping[str, Callable[[SnapshotRef], None]] = {
    "Draw": show_drawing_pad,
    "Upload": show_upload,
    "Real image": show_real_image_choice,
}


def set_target(data: bytes, snapshot: SnapshotRef) -> None:
    """Make a picture file the target, in the size and the colours of the run."""
    try:
        st.session_state[TARGET] = upload_to_pixels(data, generate.networks(snapshot).config.data)
    except DataError as problem:
        clear_target()
        st.session_state[PROBLEM] = str(problem)
        return
    st.session_state.pop(PROBLEM, None)


def clear_target() -> None:
    st.session_state.pop(TARGET, None)
    st.session_state.pop(PROBLEM, None)


def task_key() -> str:
    """The key of the search of this visitor."""
    visitor = st.session_state.setdefault(VISITOR, secrets.token_hex(8))
    return f"inversion {visitor}"


def show_search(history: EditHistory, snapshot: SnapshotRef) -> None:
    """The buttons, the progress and the result."""
    target, task = target_for(snapshot), tasks().get(task_key())
    if target is None and task is None:
        st.caption("Draw a digit, upload a picture or choose a real image. Then search for a latent that gives it.")
        return
    show_search_buttons(target, history.edit, snapshot, task)
    if task is not None and task.running:
        show_running_search(target, task, snapshot)
        return
    found: Found | None = task.result if task is not None else None
    pair = show_pair(target, found, snapshot)
    if task is not None:
        show_result(history, snapshot, task)
        if pair:
            downloads.show_picture_popover("latent.found.png", torch.cat(pair), len(pair), f"{snapshot.run}-found")


def target_for(snapshot: SnapshotRef) -> Bytes | None:
    """The target, unless it has the size or the colours of another run."""
    target: Bytes | None = st.session_state.get(TARGET)
    data = generate.networks(snapshot).config.data
    shape = (1, data.channels, data.image_size, data.image_size)
    return target if target is not None and target.shape == shape else None


def show_search_buttons(
    target: Bytes | None, edit: LatentEdit, snapshot: SnapshotRef, task: Task[Found] | None
) -> None:
    """Start and cancel."""
    running = task is not None and task.running
    with st.container(horizontal=True):
        st.button(
            "Find its latent",
            key="latent.find",
            type="primary",
            disabled=running or target is None,
            on_click=start_search,
            args=(target, edit, snapshot),
        )
        if task is not None and running:
            st.button("Cancel", key="latent.cancel", on_click=task.cancel)


def start_search(target: Bytes | None, edit: LatentEdit, snapshot: SnapshotRef) -> None:
    """Search in the background, with the classes of the picture on the page."""
    if target is None:
        return
    made, labels = generate.networks(snapshot), generate.labels_of_edit(edit, snapshot)
    tasks().restart(task_key(), lambda task: search(task, made, target, labels))


def search(task: Task[Found], made: Networks, target: Bytes, labels: Labels | None) -> Found | None:
    """Returns the best result so far at the end or when the task is cancelled; also in `task.result` all the time."""
    for guess in invert(made.float64, made.config, target, labels):
        task.result = Found(target, guess, labels)
        task.progress = Progress(
            guess.step / guess.steps, f"Step {guess.step} of {guess.steps}, error {guess.error:.4f}"
        )
        if task.cancelled:
            break
    return task.result


def show_running_search(target: Bytes | None, task: Task[Found], snapshot: SnapshotRef) -> None:
    """The progress and the best result so far, refreshed. The pulse of the page redraws it at the end."""

    @st.fragment(run_every=REFRESH_SECONDS)
    def draw() -> None:
        with error_boundary():
            st.progress(task.progress.share, text=task.progress.sentence or "Choosing where to start.")
            show_pair(target, task.result, snapshot)

    draw()


def show_pair(target: Bytes | None, found: Found | None, snapshot: SnapshotRef) -> list[Bytes]:
    """The target beside the best picture so far. Returns the pictures that are shown."""
    shown: list[tuple[str, Bytes, str]] = []
    if found is not None:
        target = found.target
        best = generate.render_float64(found.guess.z, snapshot, found.labels)
        shown.append(("best", best, f"best so far, error {found.guess.error:.4f}"))
    if target is not None:
        shown.insert(0, ("target", target, "picture to find"))
    for column, (name, pixels, caption) in zip(st.columns(3), shown, strict=False):
        with column:
            show_gallery(f"latent.found_{name}", caption, pixels, [cell(caption)], CELL_PIXELS, strip=True)
    return [pixels for _, pixels, _ in shown]


def show_result(history: EditHistory, snapshot: SnapshotRef, task: Task[Found]) -> None:
    """Whether the latent was found, and a button that puts it on the shelf."""
    if task.problem:
        st.error(escaped(task.problem), icon=":material/error:")
        return
    if task.result is None:
        return
    found, guess = task.result, task.result.guess
    if guess.found:
        st.success(f"Found: the error is {guess.error:.5f}, below {FOUND:g}.", icon=":material/check_circle:")
    else:
        st.info(
            f"Not found: the error is {guess.error:.4f}; below {FOUND:g} a picture counts as found. This is the most "
            "similar picture. Perhaps the generator cannot make the one that you want.",
            icon=":material/search:",
        )
    st.button("Put it on the shelf", key="latent.shelve", on_click=lambda: put_on_shelf(history, snapshot, found))


def put_on_shelf(history: EditHistory, snapshot: SnapshotRef, found: Found) -> None:
    """Keep the latent in the run and show it."""

    def keep(edit: LatentEdit) -> LatentEdit:
        return edit.with_saved(services.store().latents(snapshot.run).keep(found.guess.z, found.labels))

    editor.attempt_change(history, keep)
    tasks().forget(task_key())
