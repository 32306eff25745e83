"""The film of a run: the same 64 latents untrained and at every epoch since.

The component asks for the pictures that it lacks. A message to it is bytes: what to know (JSON), which samples there
are (JSON), then PNGs, the newest one or those that it asked for. An answer goes out once; the component keeps its
pictures and asks again for one that got lost.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from dashboard.app.error_boundary import error_boundary
from dashboard.train import curves, real_samples, save_samples, status_text
from dashboard.ui.component import component
from gan_core.runs.history_schema import SamplesMark
from gan_core.runs.status_sets import ACTIVE, NEED_A_TRAINER
from gan_core.runs.store import RunStore, RunSummary

KEY = "train.film"
ASKED = "train.film.asked"  # the Ask that is not answered yet
ANSWERED = "train.film.answered"  # the number of the last one that was
MOST_FRAMES = 64  # in one answer
MOST_BYTES = 1_500_000
LARGEST_MARK = 10**12  # images seen have at most twelve digits in the name of a file

_player = component("sample_player")


class Ask(NamedTuple):
    """What the component asked for: sample grids by their images seen, and perhaps the real images."""

    run: str
    number: int
    marks: tuple[int, ...]
    real: bool


def show(store: RunStore, run: RunSummary) -> None:
    """The film of a run with all that belongs to it, or the place where it will be."""
    if run.newest_sample is None:
        no_picture(run)
        return

    @st.fragment
    def draw() -> None:
        with error_boundary():
            _player(
                key=KEY,
                data=message(store, run),
                on_ask_change=lambda: take_ask(run.name),
                on_rest_change=lambda: save_samples.rest(run.name, st.session_state[KEY]["rest"]),
            )
            save_samples.show(store, run)

    draw()


def no_picture(run: RunSummary) -> None:
    """A place of the picture's size, which stirs while one is coming."""
    if run.status in NEED_A_TRAINER:
        st.skeleton(height=curves.HEIGHT_PIXELS)
        st.caption(status_text.no_picture(run.status))
        return
    with st.container(
        border=True, height=curves.HEIGHT_PIXELS, horizontal_alignment="center", vertical_alignment="center"
    ):
        st.caption(status_text.no_picture(run.status), width="content")


def message(store: RunStore, run: RunSummary) -> bytes:
    """What travels now: little, unless the component asked for pictures."""
    mark = store.samples(run.name).mark()
    asked: Ask | None = st.session_state.pop(ASKED, None)
    if asked and asked.run != run.name:  # the visitor chose another one since
        asked = None
    pictures, missing = bundle(store, run.name, asked.marks if asked else (mark.newest,))
    real = real_samples.of(store, run) if asked and asked.real else real_samples.Real()
    if real.png:
        pictures["real"] = real.png
    if asked:
        st.session_state[ANSWERED] = asked.number
    head = {
        "run": run.name,
        "created": run.created,
        "attempt": mark.attempt,
        "active": run.status in ACTIVE,
        "answer": st.session_state.get(ANSWERED, 0),
        "samples": f"{mark.attempt} {mark.number} {mark.newest}",
        "frames": list(pictures),
        "missing": missing,
        "problem": real.problem,
    }
    samples = listing(str(store.root), run.name, run.created, mark)
    return packed([json.dumps(head).encode(), samples, *pictures.values()])


@st.cache_resource(max_entries=16, show_spinner=False)
def listing(root: str, run: str, created: str, mark: SamplesMark) -> bytes:
    """Images seen and epoch of every sample as JSON; `created` and `mark` say when they change."""
    clocks = RunStore(Path(root)).samples(run).clocks()
    return json.dumps({"images": [images for images, _ in clocks], "epochs": [epoch for _, epoch in clocks]}).encode()


def bundle(store: RunStore, run: str, marks: Sequence[int]) -> tuple[dict[int | str, bytes], list[int]]:
    """The PNGs of sample grids, as many as one answer holds, and the marks whose file is not there."""
    frames: dict[int | str, bytes] = {}
    missing = []
    for mark in marks:
        png = store.samples(run).png(mark)
        if png is None:
            missing.append(mark)
            continue
        if frames and sum(map(len, frames.values())) + len(png) > MOST_BYTES:
            break  # the component asks again for what is left
        frames[mark] = png
    return frames, missing


def packed(parts: Sequence[bytes]) -> bytes:
    """How many parts, how long each is (uint32, little-endian), and the parts: sample_player/frames.js reads it."""
    return struct.pack(f"<{1 + len(parts)}I", len(parts), *map(len, parts)) + b"".join(parts)


def take_ask(run: str) -> None:
    """The component lacks pictures: what it asks for is checked, since a browser can say anything."""
    asked = ask_of(st.session_state[KEY]["ask"], run)
    if asked is not None:
        st.session_state[ASKED] = asked


def ask_of(said: Any, run: str) -> Ask | None:
    """What is asked, None where it is no question about this run."""
    if not isinstance(said, Mapping) or said.get("run") != run:
        return None
    number, marks = said.get("number"), said.get("marks")
    if not isinstance(number, int) or not isinstance(marks, list):
        return None
    sound = [mark for mark in marks if isinstance(mark, int) and 0 <= mark < LARGEST_MARK]
    return Ask(run, number, tuple(sound[:MOST_FRAMES]), bool(said.get("real")))
