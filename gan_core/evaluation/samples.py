"""Images of one snapshot's generator, and what several metrics compute from them."""

from collections.abc import Callable
from functools import cached_property

import torch

from gan_core.config import RunConfig
from gan_core.evaluation.digit_classifier import CLASSES, confident_counts, load_classifier
from gan_core.models.networks import Generator
from gan_core.numerics.rng import latents_for_seeds
from gan_core.numerics.shapes import Bytes
from gan_core.pictures.render import grid_labels, render

BATCH = 100
OnBatch = Callable[[], None]


def continue_at_once() -> None:
    """The default for `on_batch`."""


class Samples:
    """The images (N, C, H, W) of the seeds 0 to N - 1; with labels the classes take turns.

    `on_batch` is called before each batch of 100 images; an exception that it raises ends the work.
    """

    def __init__(
        self, generator: Generator, config: RunConfig, count: int, on_batch: OnBatch = continue_at_once
    ) -> None:
        """`generator` is a `still_generator`."""
        self._on_batch = on_batch
        labels = grid_labels(count, generator.inputs.classes)
        parts = []
        for seeds in torch.split(torch.arange(count), BATCH):
            on_batch()
            z = latents_for_seeds(seeds.tolist(), config.model.latent)
            parts.append(render(generator, config, z, None if labels is None else labels[seeds]))
        self.pixels: Bytes = torch.cat(parts)

    def __len__(self) -> int:
        return len(self.pixels)

    @cached_property
    def digit_counts(self) -> tuple[int, ...]:
        """How many images the classifier is at least 90 % sure to be each digit."""
        classifier, counts = load_classifier(), torch.zeros(CLASSES, dtype=torch.int64)
        for part in torch.split(self.pixels, BATCH):
            self._on_batch()
            counts += confident_counts(classifier.probabilities(part))
        return tuple(counts.tolist())
