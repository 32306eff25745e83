"""Through time: the same latent at every kept moment of training, from noise to now."""

import streamlit as st
import torch

from dashboard.app import services
from dashboard.latent import galleries, generate, run_and_snapshot
from dashboard.latent.edit import Bench
from dashboard.latent.generate import Place
from dashboard.ui import downloads
from dashboard.ui.text import amount

KEY = "latent.travel"
CELL_PIXELS = 76
FRAMES_A_SECOND = 4
SHARES = (2, 5)


def show(bench: Bench, place: Place) -> None:
    """The scrubber on the left, all moments on the right; a click looks at one."""
    moments = list(services.store().moments(place.run))
    numbers = tuple(generate.z_of(bench.scene, place)[0].tolist())
    then = [generate.still_then(numbers, place._replace(images_seen=moment), bench.scene.told) for moment in moments]
    pixels = torch.cat(then)
    captions = [f"after {amount(moment)} images" for moment in moments]
    at = moments.index(place.images_seen) if place.images_seen in moments else len(moments) - 1
    left, right = st.columns(SHARES, gap="medium")
    with left:
        name = f"{KEY}.film"
        galleries.film(
            name, f"{bench.scene.expression} through training", pixels, captions, at, FRAMES_A_SECOND, round_=False
        )
    with right:
        cells = [
            galleries.cell(
                amount(moment), f"After {amount(moment)} images", chosen=moment == place.images_seen, value=moment
            )
            for moment in moments
        ]
        galleries.gallery(f"{KEY}.strip", "Kept moments", pixels, cells, CELL_PIXELS, on_pick=pick)
        st.caption("Images seen. A click looks at that moment with everything on this page.")
        with st.popover("Save", icon=":material/download:"):
            downloads.as_picture(KEY, pixels, len(pixels), f"{place.run}-time")
            downloads.as_film(f"{KEY}.moving", pixels, f"{place.run}-time")


def pick() -> None:
    """A moment was clicked."""
    moment = galleries.picked(f"{KEY}.strip")
    if isinstance(moment, int) and moment >= 0:
        run_and_snapshot.look_at(moment)
