"""Into the latent space: a drawing, an upload or a real image becomes a latent on the shelf."""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
import torch

from dashboard.app import services
from dashboard.app.error_boundary import error_boundary
from dashboard.latent import editor, galleries, generate, real_images
from dashboard.latent.edit import Bench, Scene, Told
from dashboard.latent.generate import Networks, Place
from dashboard.ui import downloads
from dashboard.ui.background import Progress, Task, tasks
from dashboard.ui.component import component
from dashboard.ui.text import as_sentence, escaped
from gan_core.data.registry import DataError
from gan_core.data.uploads import MOST_BYTES, picture_to_pixels
from gan_core.latent.inversion import FOUND, Guess, invert
from gan_core.numerics.shapes import Bytes, Labels

VISITOR = "latent.visitor"
TARGET = "latent.target"  # (1, C, S, S) uint8
PROBLEM = "latent.target_problem"
PAD_KEY = "latent.pad"
UPLOAD_KEY = "latent.upload"
WAY_KEY = "latent.way"
PREFIX = "data:image/png;base64,"
LONGEST_DRAWING = 1_000_000  # characters
POLL_SECONDS = 0.4
CELL_PIXELS = 140
SHARES = (4, 7)
_pad = component("drawing_pad")


def show(bench: Bench, place: Place) -> None:
    """Where the picture comes from on the left, the search on the right."""
    left, right = st.columns(SHARES, gap="medium")
    with left:
        ways = list(WAYS)
        way = st.segmented_control("Picture", ways, default=ways[0], required=True, key=WAY_KEY)
        WAYS[way if way in WAYS else ways[0]](place)
        if problem := st.session_state.get(PROBLEM):
            st.error(escaped(as_sentence(problem)), icon=":material/error:")
    with right:
        search(bench, place)


def draw(place: Place) -> None:
    """A pad; every stroke changes what is looked for."""
    description = "Drawing pad. It needs a pointer: without one, upload a picture or take a real image instead."
    _pad(key=PAD_KEY, data={"description": description}, on_drawn_change=lambda: drawn(place))


def drawn(place: Place) -> None:
    """A stroke was finished, or all was cleared."""
    text = st.session_state[PAD_KEY]["drawn"]
    if not isinstance(text, str) or not text.startswith(PREFIX) or len(text) > LONGEST_DRAWING:
        forget()
        return
    try:
        look_for(base64.b64decode(text.removeprefix(PREFIX), validate=True), place)
    except binascii.Error:
        forget()


def upload(place: Place) -> None:
    st.file_uploader(
        "Picture file",
        type=None,
        key=UPLOAD_KEY,
        max_upload_size=MOST_BYTES // 1_000_000,
        help="A digit on light or dark ground. It is fitted to what the run learned from.",
        on_change=lambda: uploaded(place),
    )


def uploaded(place: Place) -> None:
    """A file came, or was taken away."""
    file = st.session_state[UPLOAD_KEY]
    if file is None:
        forget()
    else:
        look_for(file.getvalue(), place)


def real(place: Place) -> None:
    """One of the images that the run learned from."""
    images = real_images.dataset(generate.networks(place).config.data)
    if images is None:
        return
    index = st.number_input("Number of the real image", 0, len(images) - 1, 0, key="latent.real")
    st.session_state[TARGET] = images.images[[int(index)]]
    st.session_state.pop(PROBLEM, None)


WAYS: Mapping[str, Callable[[Place], None]] = {"Draw": draw, "Upload": upload, "Real image": real}


def look_for(data: bytes, place: Place) -> None:
    """Make a picture file the target, as the run's networks see it."""
    try:
        st.session_state[TARGET] = picture_to_pixels(data, generate.networks(place).config.data)
    except DataError as problem:
        forget()
        st.session_state[PROBLEM] = str(problem)
        return
    st.session_state.pop(PROBLEM, None)


def forget() -> None:
    """There is no target any more."""
    st.session_state.pop(TARGET, None)
    st.session_state.pop(PROBLEM, None)


def key() -> str:
    """The task of this visitor."""
    visitor = st.session_state.setdefault(VISITOR, secrets.token_hex(8))
    return f"inversion {visitor}"


def search(bench: Bench, place: Place) -> None:
    """The button, the progress, and what came out."""
    target = st.session_state.get(TARGET)
    task = tasks().get(key())
    if target is not None and target.shape[1:] != generate.seeds(0, 1, place, 0).shape[1:]:
        target = None  # of another run
    if target is None and task is None:
        st.caption("Draw a digit, upload a picture or take a real image. Then a latent is sought that makes it.")
        return
    running = task is not None and task.running
    with st.container(horizontal=True):
        st.button(
            "Find its latent",
            key="latent.find",
            type="primary",
            disabled=running or target is None,
            on_click=begin,
            args=(target, place, bench.scene.told),
        )
        if running:
            st.button("Cancel", key="latent.cancel", on_click=lambda: task.cancel() if task else None)
    follow(bench, place, target, task)


def begin(target: Bytes | None, place: Place, told: Told) -> None:
    """Start the search in the background."""
    if target is None:
        return
    made = generate.networks(place)
    y = generate.labels(1, told, made.classes)
    tasks().restart(key(), lambda task: seek(task, made, target, y))


def seek(task: Task[Any], made: Networks, target: Bytes, y: Labels | None) -> tuple[Bytes, Guess | None]:
    """The best guess when it is over, or when it is cancelled."""
    best: Guess | None = None
    for best in invert(made.still, made.config, target, y):
        task.result = (target, best)
        task.progress = Progress(best.step / best.steps, f"Step {best.step} of {best.steps}, error {best.error:.4f}")
        if task.cancelled:
            break
    return target, best


def follow(bench: Bench, place: Place, target: Bytes | None, task: Task[Any] | None) -> None:
    """The target and the best so far, refreshed while it is sought."""
    running = task is not None and task.running

    @st.fragment(run_every=POLL_SECONDS if running else None)
    def look() -> None:
        with error_boundary():
            if running and task is not None and not task.running:
                st.rerun()
            sought, guess = task.result if task is not None and task.result else (target, None)
            if task is not None and task.running:
                st.progress(task.progress.share, text=task.progress.sentence or "Choosing where to start.")
            pair = compare(sought if guess is not None else target, guess, place, bench.scene.told)
            if task is not None and not task.running:
                outcome(bench, place, task, guess)
                if pair:
                    downloads.picture("latent.seek.png", torch.cat(pair), len(pair), f"{place.run}-sought")

    look()


def compare(target: Bytes | None, guess: Guess | None, place: Place, told: Told) -> list[Bytes]:
    """The picture that is sought beside the best so far; returns what it shows."""
    if target is None:
        return []
    shown = [(target, "sought")]
    if guess is not None:
        shown.append((generate.still(guess.z, place, told), f"best so far, error {guess.error:.4f}"))
    for column, (pixels, caption) in zip(st.columns(3), shown, strict=False):
        with column:
            galleries.gallery(
                f"latent.seek_{caption.split()[0]}", caption, pixels, [galleries.cell(caption)], CELL_PIXELS, strip=True
            )
    return [pixels for pixels, _ in shown]


def outcome(bench: Bench, place: Place, task: Task[Any], guess: Guess | None) -> None:
    """Whether it was found, and the way to the shelf."""
    if task.problem:
        st.error(escaped(task.problem), icon=":material/error:")
        return
    if guess is None:
        return
    if guess.found:
        st.success(f"Found: the error is {guess.error:.5f}, below {FOUND:g}.", icon=":material/check_circle:")
    else:
        st.info(
            f"Not found: the error is {guess.error:.4f}, and a picture counts as found below {FOUND:g}. The generator "
            "may not be able to make it; this is the nearest that was seen.",
            icon=":material/search:",
        )
    if st.button("Put it on the shelf", key="latent.shelve"):
        shelve(bench, place, guess)
        st.rerun()  # all of the page, of which this is a fragment


def shelve(bench: Bench, place: Place, guess: Guess) -> None:
    """Let the run keep the latent, and show it."""

    def put(scene: Scene) -> Scene:
        source: Any = services.store().keep_latent(place.run, guess.z)
        return scene.picked(source).only(source)

    editor.attempt(bench, put)
    tasks().forget(key())
