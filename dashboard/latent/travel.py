"""Through time: the same latent at every kept moment of training, from noise to now."""

import streamlit as st
import torch

from dashboard import session
from dashboard.latent import darkroom, downloads, parts, where
from dashboard.latent.darkroom import Place
from dashboard.latent.scene import Bench
from dashboard.words import amount

KEY = "latent.travel"
CELL_PIXELS = 76
FRAMES_A_SECOND = 4
SHARES = (2, 5)


def show(bench: Bench, place: Place) -> None:
    """The scrubber on the left, all moments on the right; a click looks at one."""
    moments = list(session.store().moments(place.run))
    numbers = tuple(darkroom.z_of(bench.scene, place)[0].tolist())
    then = [darkroom.still_then(numbers, place._replace(images_seen=moment), bench.scene.told) for moment in moments]
    pixels = torch.cat(then)
    captions = [f"after {amount(moment)} images" for moment in moments]
    at = moments.index(place.images_seen) if place.images_seen in moments else len(moments) - 1
    left, right = st.columns(SHARES, gap="medium")
    with left:
        name = f"{KEY}.film"
        parts.film(
            name, f"{bench.scene.expression} through training", pixels, captions, at, FRAMES_A_SECOND, round_=False
        )
    with right:
        cells = [
            parts.cell(
                amount(moment), f"After {amount(moment)} images", chosen=moment == place.images_seen, value=moment
            )
            for moment in moments
        ]
        parts.gallery(f"{KEY}.strip", "Kept moments", pixels, cells, CELL_PIXELS, on_pick=pick)
        st.caption("Images seen. A click looks at that moment with everything on this page.")
        with st.popover("Save", icon=":material/download:"):
            downloads.as_picture(KEY, pixels, len(pixels), f"{place.run}-time")
            downloads.as_film(f"{KEY}.moving", pixels, f"{place.run}-time")


def pick() -> None:
    """A moment was clicked."""
    moment = parts.picked(f"{KEY}.strip")
    if isinstance(moment, int) and moment >= 0:
        where.look_at(moment)
