"""Adam in one fused call per step."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

EPSILON = 1e-8


class Adam:
    """Adam  (Kingma & Ba 2015, algorithm 1) over the weights of one network.

    The kernel and the results are the same as in torch.optim.Adam(fused=True). The Python code around the kernel is
    left out: it takes a twentieth of the time of a small network's step.
    """

    def __init__(self, weights: Iterable[nn.Parameter], lr: float, betas: tuple[float, float]) -> None:
        """`lr` is the step size; `betas` are the decay rates of the first and the second moment, in [0, 1)."""
        self.weights = list(weights)
        self.lr, self.betas = lr, betas
        self.exp_avg = [torch.zeros_like(weight, memory_format=torch.preserve_format) for weight in self.weights]
        self.exp_avg_sq = [torch.zeros_like(weight, memory_format=torch.preserve_format) for weight in self.weights]
        # the kernel needs one counter per weight: all are views of one tensor, so that one addition updates them
        self._counts = torch.zeros(len(self.weights), device=self.weights[0].device)
        self._count_of_each = list(self._counts.unbind())

    @torch.no_grad()
    def step(self) -> None:
        """Update every weight. Raises RuntimeError if a weight has no gradient."""
        gradients = [weight.grad for weight in self.weights if weight.grad is not None]
        if len(gradients) < len(self.weights):
            raise RuntimeError("a weight of this network has no gradient: the loss does not depend on it")
        self._counts += 1
        torch._fused_adam_(
            list(self.weights),
            gradients,
            self.exp_avg,
            self.exp_avg_sq,
            [],
            self._count_of_each,
            lr=self.lr,
            beta1=self.betas[0],
            beta2=self.betas[1],
            weight_decay=0.0,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    def moments(self) -> list[dict[str, Tensor]]:
        """The state of each weight, not copied: the number of steps and both moments."""
        return [
            {"step": count, "exp_avg": first, "exp_avg_sq": second}
            for count, first, second in zip(self._count_of_each, self.exp_avg, self.exp_avg_sq, strict=True)
        ]
