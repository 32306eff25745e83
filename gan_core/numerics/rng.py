"""All random numbers, as functions of their arguments.

`generator_for(seed, stream, step)` is the only source of random numbers in `gan_core`. The global generators are not
used, and no random state is stored: a run that resumes computes the same numbers again.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from gan_core.config import Distribution, LatentConfig
from gan_core.numerics.shapes import Labels, Latents

BLOCK_STEPS = 64
SEED_STREAM = "seeds of a person"  # of numbered seeds: their latents are the same in every run


def generator_for(seed: int, stream: str, step: int = 0, device: torch.device | str = "cpu") -> torch.Generator:
    """A new generator with the random numbers of one stream at one step.

    `seed` and `step` are non-negative integers; `stream` names the purpose ("latents of d", "dropout").
    """
    return torch.Generator(device).manual_seed(hashed(seed, stream, step))


def hashed(seed: int, stream: str, step: int) -> int:
    """64 bits that depend on the three arguments only: the same in every process and version."""
    key = (seed, zlib.crc32(stream.encode()), step)  # not hash(): it differs from process to process
    return int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0])


class Stream:
    """`generator_for` of one stream, fast for consecutive steps.

    It hashes a block of steps at a time: after a training step, one hash takes as long as a dozen in a row, which is a
    twentieth of the training step of a small network.
    """

    def __init__(self, seed: int, name: str, device: torch.device | str = "cpu") -> None:
        self.seed, self.name, self.device = seed, name, device
        self._block, self._hashes = -1, list[int]()  # a cache, not part of any state

    def at(self, step: int) -> torch.Generator:
        """The random numbers of one step."""
        block, place = divmod(step, BLOCK_STEPS)
        if block != self._block:
            first = block * BLOCK_STEPS
            self._hashes = [hashed(self.seed, self.name, number) for number in range(first, first + BLOCK_STEPS)]
            self._block = block
        return torch.Generator(self.device).manual_seed(self._hashes[place])


def latents(count: int, latent: LatentConfig, draw: torch.Generator) -> Latents:
    """(count, Z) float32: standard normal, or uniform in [-1, 1]."""
    return SAMPLERS[latent.distribution](count, latent.size, draw)


def normal(count: int, size: int, draw: torch.Generator) -> Latents:
    return torch.randn(count, size, generator=draw)


def uniform(count: int, size: int, draw: torch.Generator) -> Latents:
    return torch.rand(count, size, generator=draw) * 2 - 1


SAMPLERS: Mapping[Distribution, Callable[[int, int, torch.Generator], Latents]] = {"normal": normal, "uniform": uniform}


def latents_for_seeds(seeds: Sequence[int], latent: LatentConfig) -> Latents:
    """(len(seeds), Z): the latent of each numbered seed, the same in every run, page and terminal."""
    rows = [latents(1, latent, generator_for(seed, SEED_STREAM)) for seed in seeds]
    return torch.cat(rows) if rows else torch.empty(0, latent.size)


def class_of_seed(seed: int, classes: int) -> int:
    """The class of a numbered seed in a run with `classes` classes: seed mod `classes`. Nothing is drawn.

    So seeds 0 to 63 have the classes that they have in every sample grid.
    """
    return seed % classes


def classes_for_seeds(seeds: Sequence[int], classes: int) -> Labels | None:
    """(len(seeds),) int64: the class of each numbered seed; None for a run without labels."""
    return torch.tensor([class_of_seed(seed, classes) for seed in seeds], dtype=torch.int64) if classes else None


class DataOrder:
    """The order in which N images are shown: a new permutation in each epoch, a function of (seed, position).

    Position p is the p-th image that D is shown; no image is dropped at the end of an epoch.
    """

    def __init__(self, seed: int, size: int) -> None:
        self.seed, self.size = seed, size
        self._epochs: dict[int, torch.Tensor] = {}  # a cache, not part of any state

    def indices(self, position: int, count: int) -> torch.Tensor:
        """(count,) int64: the images at positions `position` to `position + count - 1`."""
        pieces = []
        while count > 0:
            epoch, offset = divmod(position, self.size)
            piece = self._permutation(epoch)[offset : offset + count]
            pieces.append(piece)
            position, count = position + len(piece), count - len(piece)
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces)

    def _permutation(self, epoch: int) -> torch.Tensor:
        if epoch not in self._epochs:
            self._epochs = {key: order for key, order in self._epochs.items() if key == epoch - 1}
            self._epochs[epoch] = torch.randperm(self.size, generator=generator_for(self.seed, "order", epoch))
        return self._epochs[epoch]
