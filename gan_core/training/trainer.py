"""The training loop: an iterator of steps without disk, threads or pages."""

from collections.abc import Iterator

import torch

from gan_core.config import Precision, RunConfig
from gan_core.data.dataset import Dataset
from gan_core.models.layers import noisy_layers
from gan_core.numerics import rng
from gan_core.numerics.device import autocast, use_threads
from gan_core.numerics.memory import keep_freed_memory
from gan_core.numerics.pixel_range import AFFINE
from gan_core.numerics.shapes import Images, Labels
from gan_core.objective.augmentations import AUGMENTATIONS
from gan_core.objective.losses import loss_for
from gan_core.objective.penalties import PENALTIES
from gan_core.training.ema import RunningAverage
from gan_core.training.schedules import ema_decay_at, ema_stride_at, gamma_at
from gan_core.training.state import TrainState
from gan_core.training.step import Game, Observed, UpdateOfD, discriminator_step, generator_step, make, score_both_for
from gan_core.training.step_report import StepReport

Batch = tuple[Images, Labels | None, Images]  # real images, their labels, generated images


class Trainer:
    """Trains a state. All random numbers are functions of seed and step, so that it can stop after any step."""

    def __init__(
        self,
        config: RunConfig,
        state: TrainState,
        dataset: Dataset,
        device: torch.device,
        precision: Precision,
        threads: int,
    ) -> None:
        """`precision` is float32 or bfloat16; `threads` is the number of CPU threads of a step."""
        self.config, self.state, self.dataset = config, state, dataset
        self.device, self.threads = device, threads
        self._streams: dict[str, rng.Stream] = {}
        self.order = rng.DataOrder(config.train.seed, len(dataset))
        self.average = RunningAverage(state.average, state.generator)
        self.noisy_layers = {"g": noisy_layers(state.generator), "d": noisy_layers(state.discriminator)}
        self.game = Game(
            generator=state.generator,
            discriminator=state.discriminator,
            optimizer_g=state.optimizer_g,
            optimizer_d=state.optimizer_d,
            loss=loss_for(config.objective),
            penalty=PENALTIES[config.objective.penalty],
            augment=AUGMENTATIONS[config.objective.augment],
            black=AFFINE[config.data.value_range][1],
            autocast=lambda: autocast(device, precision),
            score_both=score_both_for(state.discriminator),
        )

    def steps(self, until_images: int) -> Iterator[StepReport]:
        """Train until `until_images` real images have been shown; the state may be saved after each step."""
        self.compute_with(self.threads)
        keep_freed_memory()
        while self.state.images_seen < until_images:
            yield self.step()

    def compute_with(self, threads: int) -> None:
        """Compute the steps from the next one on with so many CPU threads. The last bits of results depend on it."""
        self.threads = threads
        use_threads(threads)

    def step(self) -> StepReport:
        """`d_steps` updates of D, one of G, and one of the average if it is due."""
        state, optim = self.state, self.config.optim
        seen = []
        for update in range(state.step * optim.d_steps, (state.step + 1) * optim.d_steps):
            batch = self.batch(update)
            seen.append(self.update_discriminator(update, batch))
        # G is updated on the images of the last batch, as in the tutorials: they are generated once
        of_g = generator_step(self.game, *batch, self._noise("g", state.step))
        state.step += 1
        state.images_seen += self.config.images_per_step
        self._update_average()
        return StepReport(
            step=state.step,
            images_seen=state.images_seen,
            measured={**mean_of([update.observed for update in seen]), **of_g},
            real=tuple(update.real for update in seen),
            fake=tuple(update.fake for update in seen),
        )

    def _update_average(self) -> None:
        """Update the average, if it is due at this step."""
        images_seen, per_step = self.state.images_seen, self.config.images_per_step
        halflife = self.config.optim.ema_halflife_images
        stride = ema_stride_at(images_seen, per_step, halflife)
        if self.state.step % stride == 0:
            self.average.update(ema_decay_at(images_seen, stride * per_step, halflife))

    def batch(self, update: int) -> Batch:
        """The real images of one update of D, their labels, and as many generated images."""
        batch_size = self.config.optim.batch_size
        indices = self.order.indices(update * batch_size, batch_size).to(self.device)
        x = self.dataset.batch(indices, self.config.data.value_range)
        y = self.dataset.labels_at(indices) if self.config.data.labels else None
        z = rng.latents(batch_size, self.config.model.latent, self._draw("latents", update))
        self._seed_dropout("g", "dropout of g", update)
        return x, y, make(self.game, z.to(self.device), y)

    def update_discriminator(self, update: int, batch: Batch) -> UpdateOfD:
        """One step of D's optimizer on a batch; `update` counts the updates of D since the start of the run."""
        gamma = gamma_at(update * self.config.optim.batch_size, self.config.objective)
        return discriminator_step(self.game, *batch, gamma, self._noise("d", update))

    def _noise(self, player: str, update: int) -> torch.Generator:
        """Reseed D's dropout for the update of one player; returns the generator for augmentation and penalty."""
        self._seed_dropout("d", f"dropout of d for {player}", update)
        return self._draw(f"augmentation for {player}", update)

    def _seed_dropout(self, player: str, stream: str, update: int) -> None:
        if layers := self.noisy_layers[player]:
            draw = self._draw(stream, update, self.device)
            for layer in layers:
                layer.draw = draw

    def _draw(self, stream: str, update: int, device: torch.device | str = "cpu") -> torch.Generator:
        """The random generator of one stream at one update."""
        if stream not in self._streams:
            self._streams[stream] = rng.Stream(self.config.train.seed, stream, device)
        return self._streams[stream].at(update)


def mean_of(observed: list[Observed]) -> Observed:
    """The mean of each scalar over several updates."""
    if len(observed) == 1:
        return observed[0]
    return {name: torch.stack([one[name] for one in observed]).mean() for name in observed[0]}
