"""The loop: an iterator of steps that knows no thread, no disk and no page."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_core import draws
from gan_core.augment import AUGMENTS
from gan_core.config import Precision, RunConfig
from gan_core.data import Dataset
from gan_core.device import autocast, use_threads
from gan_core.draws import generator_for
from gan_core.ema import update_average
from gan_core.images import AFFINE
from gan_core.losses import loss_for
from gan_core.models import seed_noise
from gan_core.penalties import PENALTIES
from gan_core.schedules import ema_decay_at, gamma_at
from gan_core.shapes import Images, Labels, Latents
from gan_core.state import TrainState
from gan_core.step import Game, Observed, discriminator_step, generator_step


@dataclass(frozen=True, kw_only=True, slots=True)
class StepReport:
    """One step: d_steps updates of D and one of G. The scalars, means over the d_steps, are still on the device."""

    step: int
    images_seen: int
    scalars: dict[str, Tensor]


class Trainer:
    """Plays the game on a state. Every draw is a function of the seed and of the step, so it can stop anywhere."""

    def __init__(
        self,
        config: RunConfig,
        state: TrainState,
        dataset: Dataset,
        device: torch.device,
        precision: Precision,
        threads: int,
    ) -> None:
        """`precision` is float32 or bfloat16; `threads` is what the steps compute with."""
        self.config, self.state, self.dataset = config, state, dataset
        self.device, self.threads = device, threads
        self.order = draws.DataOrder(config.train.seed, len(dataset))
        self.game = Game(
            generator=state.generator,
            discriminator=state.discriminator,
            optimizer_g=state.optimizer_g,
            optimizer_d=state.optimizer_d,
            loss=loss_for(config.objective),
            penalty=PENALTIES[config.objective.penalty],
            augment=AUGMENTS[config.objective.augment],
            black=AFFINE[config.data.value_range][1],
            autocast=lambda: autocast(device, precision),
        )

    def steps(self, until_images: int) -> Iterator[StepReport]:
        """Step until `until_images` real images have been shown; the state may be saved between any two."""
        use_threads(self.threads)
        while self.state.images_seen < until_images:
            yield self.step()

    def step(self) -> StepReport:
        """`d_steps` updates of D, one of G, one of the average."""
        state, optim = self.state, self.config.optim
        seen = [self._update_discriminator(state.step * optim.d_steps + i) for i in range(optim.d_steps)]
        observed = {**mean_of(seen), **self._update_generator(state.step)}
        state.step += 1
        state.images_seen += self.config.images_per_step
        decay = ema_decay_at(state.images_seen, self.config.images_per_step, optim.ema_halflife_images)
        update_average(state.average, state.generator, decay)
        return StepReport(step=state.step, images_seen=state.images_seen, scalars=observed)

    def _update_discriminator(self, update: int) -> Observed:
        batch_size = self.config.optim.batch_size
        x, y = self._real(self.order.indices(update * batch_size, batch_size))
        gamma = gamma_at(update * batch_size, self.config.objective)
        return discriminator_step(self.game, x, y, self._latents("d", update), gamma, self._noise("d", update))

    def _update_generator(self, step: int) -> Observed:
        # other real images than D's: Huang et al. 2024 fetch a second batch for G's half of the pairs
        draw = generator_for(self.config.train.seed, "real images of g", step)
        x, y = self._real(torch.randint(len(self.dataset), (self.config.optim.batch_size,), generator=draw))
        return generator_step(self.game, x, y, self._latents("g", step), self._noise("g", step))

    def _real(self, indices: Tensor) -> tuple[Images, Labels | None]:
        indices = indices.to(self.device)
        x = self.dataset.batch(indices, self.config.data.value_range)
        return x, self.dataset.labels_at(indices) if self.config.data.labels else None

    def _latents(self, player: str, update: int) -> Latents:
        draw = generator_for(self.config.train.seed, f"latents of {player}", update)
        return draws.latents(self.config.optim.batch_size, self.config.model.latent, draw).to(self.device)

    def _noise(self, player: str, update: int) -> torch.Generator:
        """Reseed the dropout of both networks for this update; returns the draw of augmentation and penalty."""
        seed = self.config.train.seed
        dropout = generator_for(seed, f"dropout of {player}", update, self.device)
        seed_noise(self.state.generator, dropout)
        seed_noise(self.state.discriminator, dropout)
        return generator_for(seed, f"augmentation of {player}", update)


def mean_of(observed: list[Observed]) -> Observed:
    """The mean of each scalar over several updates."""
    if len(observed) == 1:
        return observed[0]
    return {name: torch.stack([one[name].detach() for one in observed]).mean() for name in observed[0]}
