"""The discriminator's view: its score of the picture, the pixels it depends on, and the nearest real images."""

import streamlit as st
import torch

from dashboard.latent import generate, real_images
from dashboard.latent.edit import EditHistory
from dashboard.latent.galleries import cell, show_gallery
from dashboard.latent.generate import SnapshotRef
from dashboard.latent.opinion import discriminators, signed
from dashboard.ui import downloads
from gan_core.data.dataset import Dataset
from gan_core.evaluation.discriminator_view import Opinion, opinion
from gan_core.evaluation.nearest_real import FeatureIndex, nearest, pixel_index
from gan_core.numerics.shapes import Bytes

NEIGHBOURS = 8
CELL_PIXELS = 68
PAIR_PIXELS = 112
SHARES = (4, 7)  # of the width: score, neighbours


def show_discriminator_view(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Score and saliency on the left, nearest real images on the right."""
    labels = generate.labels_of_edit(history.edit, snapshot)
    pixels = generate.render_float64(generate.latent_of(history.edit, snapshot), snapshot, labels)
    found = opinion(discriminators(snapshot).float64, generate.networks(snapshot).config, pixels, labels)
    left, right = st.columns(SHARES, gap="small")
    with left:
        show_score(found)
        show_saliency(snapshot, pixels, found)
    with right:
        show_neighbours(snapshot, pixels)


def show_score(found: Opinion) -> None:
    """The logit and, if the loss defines one, the probability."""
    chance = "" if found.probability is None else f" Chance of real **{found.probability:.1%}**."
    st.markdown(
        f"Score **{signed(found.logit)}**.{chance}",
        help="The score is the output of D, a logit. Above 0 D leans to real. "
        "In training 50 % means that D only guesses.",
    )


def show_saliency(snapshot: SnapshotRef, pixels: Bytes, found: Opinion) -> None:
    """The picture beside its saliency map."""
    heat = (found.saliency * 255).round().to(torch.uint8).expand(1, pixels.shape[1], -1, -1)
    cells = [
        cell("the picture"),
        cell("where D looks", "Saliency: bright pixels change the score most"),
    ]
    pair = torch.cat([pixels, heat])
    show_gallery("latent.saliency", "Picture and saliency", pair, cells, PAIR_PIXELS, strip=True)
    st.caption("Bright pixels change D's score most (Simonyan et al. 2014).")
    downloads.show_picture_popover("latent.saliency.png", pair, len(pair), f"{snapshot.run}-saliency")


def show_neighbours(snapshot: SnapshotRef, pixels: Bytes) -> None:
    """The most similar real images, which show whether the generator copies.

    They are compared by their pixels until the features of all real images have been computed.
    """
    st.markdown("**Nearest real images**")
    config = generate.networks(snapshot).config.data
    images = real_images.dataset(config)
    if images is None:
        return
    found = st.container()
    index = real_images.feature_index(config, images)
    with found:
        show_nearest(snapshot, pixels, images, index or pixel_index(images))
        if index is None:
            st.caption("Soon they are compared by their features, once those of all real images are computed.")


def show_nearest(snapshot: SnapshotRef, pixels: Bytes, images: Dataset, index: FeatureIndex) -> None:
    """The most similar real images in one space."""
    found = nearest(index, pixels, NEIGHBOURS)
    cells = [
        cell(f"{each.distance:.2f}", f"Real image {each.number:,}, at distance {each.distance:.2f}") for each in found
    ]
    shown = images.images[[each.number for each in found]]
    show_gallery("latent.neighbours", "Nearest real images", shown, cells, CELL_PIXELS)
    space = "in the features of a digit classifier" if index.space == "classifier" else "between pixels"
    st.caption(f"The nearest of {len(images):,} real images, with their distances {space}. A copy has distance 0.")
    downloads.show_picture_popover("latent.neighbours.png", shown, len(shown), f"{snapshot.run}-nearest")
