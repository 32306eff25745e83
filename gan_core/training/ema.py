"""The moving average of the generator, which makes all pictures  (Yazici et al. 2019, eq. 4)."""

from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


class RunningAverage:
    """Averages the parameters and buffers of `network` into `average`; integer buffers are copied."""

    def __init__(self, average: nn.Module, network: nn.Module) -> None:
        self._floats, self._counters = floats_and_counters(average)
        self._new_floats, self._new_counters = floats_and_counters(network)

    def update(self, decay: float) -> None:
        """average <- decay * average + (1 - decay) * network, in place."""
        average_fn = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]  # torch's own
        average_fn(self._floats, self._new_floats, 0)
        for counter, new in zip(self._counters, self._new_counters, strict=True):
            counter.copy_(new)


def floats_and_counters(network: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """The floating-point tensors of a network, which are averaged, and the integer ones, which are copied."""
    tensors = list(network.state_dict().values())
    return [t for t in tensors if t.is_floating_point()], [t for t in tensors if not t.is_floating_point()]
