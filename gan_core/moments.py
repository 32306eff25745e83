"""A run's generator at a moment of its life, ready to make stills."""

from typing import Literal

from torch import Tensor

from gan_core.models import Generator
from gan_core.render import still_generator
from gan_core.runs import RunStore

At = int | Literal["latest"]


def generator_at(store: RunStore, run: str, at: At = "latest") -> tuple[int, Generator]:
    """(images_seen, generator) of the newest moment, or of the one at exactly `at` images: float64, eval mode, CPU.

    Raises RunMissingError where there is no such moment, StateError where its file is damaged.
    """
    images_seen, tensors = store.load_moment(run, at)
    config = store.config(run)
    return images_seen, still_generator(config, label_count(store, run), of_player(tensors, "generator"))


def label_count(store: RunStore, run: str) -> int:
    """How many classes the networks of a run are told; 0 without labels."""
    resolved = store.record(run)["resolved"]
    return len(resolved["classes"]) if resolved else 0


def of_player(tensors: dict[str, Tensor], player: str) -> dict[str, Tensor]:
    """The tensors of one network of a moment, under the names of its state_dict."""
    return {
        name.removeprefix(f"{player}."): tensor for name, tensor in tensors.items() if name.startswith(f"{player}.")
    }
