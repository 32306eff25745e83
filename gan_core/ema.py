"""The running average of the generator, parameters and buffers, that makes all pictures (Yazici et al. 2019, eq. 4)."""

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


def floats_and_others(network: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """The tensors of a network that can be averaged, and those that can only be copied (counters)."""
    tensors = list(network.state_dict(keep_vars=False).values())
    return [t for t in tensors if t.is_floating_point()], [t for t in tensors if not t.is_floating_point()]


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """average <- decay * average + (1 - decay) * network, in place; counters are copied."""
    averaged, copied = floats_and_others(average)
    floats, others = floats_and_others(network)
    average_fn = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]  # torch's own
    average_fn(averaged, floats, 0)
    for target, source in zip(copied, others, strict=True):
        target.copy_(source)
