"""The networks of a run at one of its snapshots, ready to make pictures: float64, eval mode, CPU."""

from torch import Tensor

from gan_core.models.networks import Discriminator, Generator
from gan_core.pictures.render import still_discriminator, still_generator
from gan_core.runs.snapshots import At
from gan_core.runs.store import RunStore


def generator_at(store: RunStore, run: str, at: At = "latest") -> tuple[int, Generator]:
    """(images_seen, generator) of the newest snapshot, or of the one at exactly `at` images.

    Raises RunMissingError if there is no such snapshot, CheckpointError if its file is damaged.
    """
    images_seen, tensors, classes = store.snapshots(run).load(at)
    return images_seen, still_generator(store.config(run), classes, of_player(tensors, "generator"))


def discriminator_at(store: RunStore, run: str, at: At = "latest") -> tuple[int, Discriminator]:
    """(images_seen, discriminator) as `generator_at`. Its weights are fixed; images can require gradients."""
    images_seen, tensors, classes = store.snapshots(run).load(at)
    return images_seen, still_discriminator(store.config(run), classes, of_player(tensors, "discriminator"))


def of_player(tensors: dict[str, Tensor], player: str) -> dict[str, Tensor]:
    """The tensors of one network of a snapshot, under the names of its state_dict."""
    return {
        name.removeprefix(f"{player}."): tensor for name, tensor in tensors.items() if name.startswith(f"{player}.")
    }
