"""What the discriminator of a snapshot says about the picture: the meter below it, also while a slider is dragged."""

from copy import deepcopy
from typing import NamedTuple, TypedDict

import streamlit as st

from dashboard.app import services
from dashboard.latent import generate
from dashboard.latent.generate import SnapshotRef
from gan_core.evaluation.discriminator_view import Score, score
from gan_core.models.networks import Discriminator
from gan_core.numerics.shapes import Bytes, Labels
from gan_core.runs.networks import discriminator_at

DISCRIMINATORS_KEPT = 4


class Discriminators(NamedTuple):
    """The discriminator of one snapshot, in two precisions."""

    float64: Discriminator
    float32: Discriminator


class OpinionData(TypedDict):
    """The opinion in words. `share` in 0..1 is the length of the meter's bar; None if the loss defines no chance."""

    text: str
    detail: str
    share: float | None


@st.cache_resource(max_entries=DISCRIMINATORS_KEPT, show_spinner=False)
def discriminators(snapshot: SnapshotRef) -> Discriminators:
    """The discriminator of a snapshot."""
    _, made = discriminator_at(services.store(), snapshot.run, snapshot.images_seen)
    return Discriminators(made, deepcopy(made).float())


def opinion_data(pixels: Bytes, labels: Labels | None, snapshot: SnapshotRef, live: bool) -> OpinionData:
    """What D says about one picture (1, C, S, S) with labels (1, K). `live` computes in float32."""
    both, config = discriminators(snapshot), generate.networks(snapshot).config
    return in_words(score(both.float32 if live else both.float64, config, pixels, labels))


def signed(logit: float) -> str:
    """`+1.32` and `-0.50`, with a true minus sign."""
    return f"{logit:+.2f}".replace("-", "\u2212")


def in_words(found: Score) -> OpinionData:
    number = signed(found.logit)
    if found.probability is None:
        return {"text": f"D's score {number}", "detail": "higher is more real", "share": None}
    return {
        "text": f"D: {found.probability:.0%} chance of real",
        "detail": f"score {number}",
        "share": found.probability,
    }
