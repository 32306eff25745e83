"""The discriminator's lens: what it thinks of the picture, where it looks, and which real images are nearest."""

import streamlit as st
import torch

from dashboard.app import services
from dashboard.latent import galleries, generate, real_images
from dashboard.latent.edit import Bench
from dashboard.latent.generate import Place
from dashboard.ui import downloads
from gan_core.evaluation.discriminator_view import Opinion, opinion
from gan_core.evaluation.nearest_real import nearest
from gan_core.models.networks import Discriminator
from gan_core.numerics.shapes import Bytes
from gan_core.runs.snapshots import discriminator_at

DISCRIMINATORS_KEPT = 4
NEIGHBOURS = 8
CELL_PIXELS = 84
PAIR_PIXELS = 200
SHARES = (4, 7)


@st.cache_resource(max_entries=DISCRIMINATORS_KEPT, show_spinner=False)
def discriminator(place: Place) -> Discriminator:
    return discriminator_at(services.store(), place.run, place.images_seen)[1]


def show(bench: Bench, place: Place) -> None:
    """The opinion on the left, the neighbours on the right."""
    made = generate.networks(place)
    pixels = generate.still(generate.z_of(bench.scene, place), place, bench.scene.told)
    said = opinion(discriminator(place), made.config, pixels, generate.labels(1, bench.scene.told, made.classes))
    left, right = st.columns(SHARES, gap="medium")
    with left:
        verdict(said)
        looked_at(place, pixels, said)
    with right:
        neighbours(place, pixels)


def verdict(said: Opinion) -> None:
    """The logit, and the probability where the loss knows one."""
    logit, probability = st.columns(2)
    logit.metric("Logit", f"{said.logit:+.2f}", help="What D itself says: above 0 it leans to real.")
    if said.probability is not None:
        probability.metric("Probability of being real", f"{said.probability:.1%}")


def looked_at(place: Place, pixels: Bytes, said: Opinion) -> None:
    """The picture, and beside it the pixels that D's verdict hangs on."""
    heat = (said.saliency * 255).round().to(torch.uint8).expand(1, pixels.shape[1], -1, -1)
    cells = [
        galleries.cell("the picture"),
        galleries.cell("where D looks", "Saliency: bright pixels move the verdict most"),
    ]
    pair = torch.cat([pixels, heat])
    galleries.gallery("latent.lens", "Picture and saliency", pair, cells, PAIR_PIXELS, strip=True)
    st.caption("Bright where a small change of the pixel would change D's verdict most (Simonyan et al. 2014).")
    downloads.picture("latent.lens.png", pair, len(pair), f"{place.run}-lens")


def neighbours(place: Place, pixels: Bytes) -> None:
    """The real images that are most alike: the picture is a copy only where one of them is the same."""
    st.markdown("**Nearest real images**")
    config = generate.networks(place).config.data
    images = real_images.dataset(config)
    gallery = real_images.gallery(config, images) if images is not None else None
    if images is None or gallery is None:
        return
    found = nearest(gallery, pixels, NEIGHBOURS)
    cells = [
        galleries.cell(f"{each.distance:.2f}", f"Real image {each.number:,}, at distance {each.distance:.2f}")
        for each in found
    ]
    shown = images.images[[each.number for each in found]]
    galleries.gallery("latent.neighbours", "Nearest real images", shown, cells, CELL_PIXELS, strip=True)
    space = "in the features of a digit classifier" if gallery.space == "classifier" else "pixel by pixel"
    st.caption(
        f"Of {len(images):,} real images, the nearest first, with their distances {space}. A copy would be at 0."
    )
    downloads.picture("latent.neighbours.png", shown, len(shown), f"{place.run}-nearest")
