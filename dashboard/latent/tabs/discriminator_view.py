"""The discriminator's view: its score of the picture, the pixels it depends on, and the nearest real images."""

import streamlit as st
import torch

from dashboard.app import services
from dashboard.latent import generate, real_images
from dashboard.latent.edit import EditHistory
from dashboard.latent.galleries import cell, show_gallery
from dashboard.latent.generate import SnapshotRef
from dashboard.ui import downloads
from gan_core.evaluation.discriminator_view import Opinion, opinion
from gan_core.evaluation.nearest_real import nearest
from gan_core.models.networks import Discriminator
from gan_core.numerics.shapes import Bytes
from gan_core.runs.networks import discriminator_at

DISCRIMINATORS_KEPT = 4
NEIGHBOURS = 8
CELL_PIXELS = 84
PAIR_PIXELS = 200
SHARES = (4, 7)  # of the width: score, neighbours


@st.cache_resource(max_entries=DISCRIMINATORS_KEPT, show_spinner=False)
def discriminator(snapshot: SnapshotRef) -> Discriminator:
    return discriminator_at(services.store(), snapshot.run, snapshot.images_seen)[1]


def show_discriminator_view(history: EditHistory, snapshot: SnapshotRef) -> None:
    """Score and saliency on the left, nearest real images on the right."""
    made, condition = generate.networks(snapshot), history.edit.condition
    pixels = generate.render_float64(generate.latent_of(history.edit, snapshot), snapshot, condition)
    labels = generate.labels_for(1, condition, made.classes)
    found = opinion(discriminator(snapshot), made.config, pixels, labels)
    left, right = st.columns(SHARES, gap="medium")
    with left:
        show_score(found)
        show_saliency(snapshot, pixels, found)
    with right:
        show_neighbours(snapshot, pixels)


def show_score(found: Opinion) -> None:
    """The logit and, if the loss defines one, the probability."""
    score, chance = st.columns(2)
    score.metric("Score", f"{found.logit:+.2f}", help="The output of D, a logit. Above 0 D leans to real.")
    if found.probability is not None:
        chance.metric("Chance of real", f"{found.probability:.1%}")


def show_saliency(snapshot: SnapshotRef, pixels: Bytes, found: Opinion) -> None:
    """The picture beside its saliency map."""
    heat = (found.saliency * 255).round().to(torch.uint8).expand(1, pixels.shape[1], -1, -1)
    cells = [
        cell("the picture"),
        cell("where D looks", "Saliency: bright pixels change the score most"),
    ]
    pair = torch.cat([pixels, heat])
    show_gallery("latent.saliency", "Picture and saliency", pair, cells, PAIR_PIXELS, strip=True)
    st.caption("Bright where a small change of the pixel changes D's score most (Simonyan et al. 2014).")
    downloads.show_picture_popover("latent.saliency.png", pair, len(pair), f"{snapshot.run}-saliency")


def show_neighbours(snapshot: SnapshotRef, pixels: Bytes) -> None:
    """The most similar real images, which show whether the generator copies."""
    st.markdown("**Nearest real images**")
    config = generate.networks(snapshot).config.data
    images = real_images.dataset(config)
    index = real_images.feature_index(config, images) if images is not None else None
    if images is None or index is None:
        return
    found = nearest(index, pixels, NEIGHBOURS)
    cells = [
        cell(f"{each.distance:.2f}", f"Real image {each.number:,}, at distance {each.distance:.2f}") for each in found
    ]
    shown = images.images[[each.number for each in found]]
    show_gallery("latent.neighbours", "Nearest real images", shown, cells, CELL_PIXELS, strip=True)
    space = "in the features of a digit classifier" if index.space == "classifier" else "between pixels"
    st.caption(f"The nearest of {len(images):,} real images, with their distances {space}. A copy has distance 0.")
    downloads.show_picture_popover("latent.neighbours.png", shown, len(shown), f"{snapshot.run}-nearest")
