"""The training state: every tensor that training changes, by flat name. Checkpoints hold it."""

import hashlib
import json
from collections.abc import Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn

from gan_core.config import RunConfig
from gan_core.models.networks import (
    Discriminator,
    Generator,
    build_discriminator,
    build_generator,
    empty_generator,
    memory_format,
)
from gan_core.training.adam import Adam
from gan_core.training.non_finite import non_finite_tensor

Player = TypeVar("Player", Generator, Discriminator)


class StateMismatchError(ValueError):
    """A saved state has other tensors than the networks of this configuration."""


class TrainState:
    """G, D, the average of G, both optimizers, and two counters. It holds no random state.

    `step` counts whole steps, `images_seen` the real images shown to D.
    """

    def __init__(self, config: RunConfig, classes: int, device: torch.device) -> None:
        """The state before the first step. `classes` is 0 without labels."""
        self.generator = placed(build_generator(config, classes), config.model.generator.family, device)
        self.discriminator = placed(build_discriminator(config, classes), config.model.discriminator.family, device)
        self.average = placed(empty_generator(config, classes), config.model.generator.family, device)
        self.average.load_state_dict(self.generator.state_dict())
        self.average.eval().requires_grad_(False)
        betas = (config.optim.beta1, config.optim.beta2)
        self.optimizer_g = Adam(self.generator.parameters(), config.optim.lr_g, betas)
        self.optimizer_d = Adam(self.discriminator.parameters(), config.optim.lr_d, betas)
        self.step = 0
        self.images_seen = 0

    def tensors(self) -> dict[str, Tensor]:
        """Every tensor by flat name, not copied."""
        return {
            **prefixed("generator", self.generator.state_dict()),
            **prefixed("discriminator", self.discriminator.state_dict()),
            **prefixed("average", self.average.state_dict()),
            **prefixed("optimizer_g", optimizer_tensors(self.optimizer_g, self.generator)),
            **prefixed("optimizer_d", optimizer_tensors(self.optimizer_d, self.discriminator)),
        }

    def counters(self) -> dict[str, int]:
        return {"step": self.step, "images_seen": self.images_seen}

    @torch.no_grad()
    def load(self, tensors: Mapping[str, Tensor], counters: Mapping[str, int]) -> None:
        """Load a saved state. Raises StateMismatchError, with nothing changed, if names or shapes differ."""
        mine = self.tensors()
        shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        if shapes != {name: tuple(tensor.shape) for name, tensor in mine.items()}:
            raise StateMismatchError("the state's tensors do not match this run's configuration")
        for name, tensor in mine.items():
            tensor.copy_(tensors[name])
        self.step, self.images_seen = counters["step"], counters["images_seen"]

    def check_finite(self) -> None:
        """Raises NonFiniteError if a number in the state is NaN or infinite."""
        floats = {name: tensor for name, tensor in self.tensors().items() if tensor.is_floating_point()}
        # aminmax propagates NaN to both results; one transfer from the device for all tensors
        ends = torch.stack([end for tensor in floats.values() for end in torch.aminmax(tensor)])
        if not ends.isfinite().all():
            first = int((~ends.isfinite()).nonzero()[0])
            raise non_finite_tensor(list(floats)[first // 2], bool(ends[first].isnan()), self.step)


def placed(network: Player, family: str, device: torch.device) -> Player:
    """On the device, in the memory layout that is fastest for the family's layers."""
    network.to(device=device)
    network.to(memory_format=memory_format(family))
    return network


def optimizer_tensors(optimizer: Adam, network: nn.Module) -> dict[str, Tensor]:
    """Adam's state by the names of the parameters."""
    names = [name for name, _ in network.named_parameters()]
    return {
        f"{name}.{moment}": tensor
        for name, moments in zip(names, optimizer.moments(), strict=True)
        for moment, tensor in moments.items()
    }


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


def fingerprint(tensors: Mapping[str, Tensor], counters: Mapping[str, int]) -> str:
    """sha256, in hex, over the counters and every tensor in the order of the names: name, dtype, shape, bytes."""
    digest = hashlib.sha256(json.dumps(dict(sorted(counters.items()))).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
