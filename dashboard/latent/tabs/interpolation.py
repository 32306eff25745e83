"""Between latents: straight and great-circle strips side by side, and a closed walk through the whole shelf."""

from collections.abc import Mapping, Sequence

import streamlit as st
import torch

from dashboard.latent import galleries, generate
from dashboard.latent.edit import Bench, Scene, Told
from dashboard.latent.generate import Place
from dashboard.ui import downloads
from gan_core.latent.interpolation import PathName, closed_path, interpolate
from gan_core.numerics.shapes import Bytes, Latents

SHOWN = "the picture"
FEWEST_FRAMES, MOST_FRAMES = 3, 24
CELL_PIXELS = 112
TITLES: dict[PathName, str] = {"lerp": "Straight line", "slerp": "Great circle"}
WALK_FRAMES_A_SECOND = 12
WALK_SHARES = (1, 2)


def show(bench: Bench, place: Place) -> None:
    """Strips above, the walk below."""
    ends = [thing.letter for thing in bench.scene.shelf] + [SHOWN]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.selectbox("From", ends, index=0, key="latent.between_start")
        stop = st.selectbox("To", ends, index=min(1, len(ends) - 1), key="latent.between_stop")
        frames = st.number_input("Frames", FEWEST_FRAMES, MOST_FRAMES, 10, key="latent.between_frames")
        save = st.popover("Save", icon=":material/download:")
    a, b = (end(bench.scene, place, name if name in ends else ends[0]) for name in (start, stop))
    strips = {path: one_strip(path, interpolate(a, b, int(frames), path), place, bench.scene.told) for path in TITLES}
    with save:
        save_one(strips, place)
    st.caption(
        "Above the straight line, below the great circle, and under each picture the length of its latent. The "
        "straight line cuts through the inside of the shell, where no training latent lies; the great circle stays on "
        "it (White 2016)."
    )
    if len(bench.scene.shelf) > 1:
        round_trip(bench.scene, place)
    else:
        st.caption("A closed walk needs two latents on the shelf.")


def end(scene: Scene, place: Place, name: str) -> Latents:
    """(Z,) float64: a thing on the shelf, or what the picture shows."""
    if name == SHOWN:
        return generate.z_of(scene, place)[0]
    return generate.combined({scene.thing(name).source: 1.0}, place)[0]


def one_strip(path: PathName, z: Latents, place: Place, told: Told) -> Bytes:
    """Frames (T, Z) with their lengths; returns their pixels (T, C, S, S)."""
    pixels = generate.still(z, place, told)
    galleries.gallery(f"latent.strip_{path}.frames", TITLES[path], pixels, cells(z), CELL_PIXELS, strip=True)
    return pixels


def save_one(strips: Mapping[PathName, Bytes], place: Place) -> None:
    """One of the strips as a picture or a film."""
    paths = list(strips)
    chosen = st.segmented_control(
        "Strip", paths, default=paths[0], required=True, format_func=TITLES.__getitem__, key="latent.strip_saved"
    )
    path = chosen if chosen in paths else paths[0]
    pixels, name = strips[path], f"{place.run}-{path}"
    downloads.as_picture("latent.strip", pixels, len(pixels), name)
    downloads.as_film("latent.strip_film", pixels, name)


def cells(z: Latents) -> list[galleries.Cell]:
    """Each frame by the length of its latent."""
    lengths = z.norm(dim=1).tolist()
    return [
        galleries.cell(f"{length:.2f}", f"Frame {index + 1} of {len(z)}, length {length:.2f}")
        for index, length in enumerate(lengths)
    ]


def round_trip(scene: Scene, place: Place) -> None:
    """Once round through all things on the shelf, as a film."""
    left, right = st.columns(WALK_SHARES, gap="medium", vertical_alignment="center")
    with right:
        st.markdown("**A closed walk**")
        letters = [thing.letter for thing in scene.shelf]
        st.caption(f"Through {', '.join(letters)} and back to {letters[0]}, without a seam.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            leg = st.number_input("Frames between two", 4, 60, 16, key="latent.walk_leg")
            paths: Sequence[PathName] = ("slerp", "lerp")
            path = st.segmented_control(
                "Path", paths, default="slerp", required=True, format_func=TITLES.__getitem__, key="latent.walk_path"
            )
            frames = walked(scene, place, int(leg), path if path in paths else "slerp")
            downloads.moving("latent.walk_film", frames, f"{place.run}-walk")
            downloads.picture("latent.walk_sheet", frames, int(leg), f"{place.run}-walk")
    with left:
        captions = [
            f"{letters[index // int(leg)]}, frame {index % int(leg) + 1} of {leg}" for index in range(len(frames))
        ]
        galleries.film("latent.walk", "A closed walk", frames, captions, 0, WALK_FRAMES_A_SECOND, round_=True)


def walked(scene: Scene, place: Place, leg: int, path: PathName) -> torch.Tensor:
    """(frames, C, S, S) uint8"""
    stops = torch.cat([generate.combined({thing.source: 1.0}, place) for thing in scene.shelf])
    return generate.stills_of(tuple(map(tuple, closed_path(stops, leg * len(stops), path).tolist())), place, scene.told)
