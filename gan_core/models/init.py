"""Initial weights, all from one generator.

Networks are built on the meta device, where constructors draw nothing; every parameter and buffer is filled here.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from gan_core.models.family import Style
from gan_core.models.layers import SpectralNorm


def radford_weight(weight: Tensor, draw: torch.Generator) -> None:
    """N(0, 0.02)  (Radford et al. 2016, section 4)."""
    nn.init.normal_(weight, 0.0, 0.02, generator=draw)


def fan_in_weight(weight: Tensor, draw: torch.Generator) -> None:
    """U(-1/sqrt(n), 1/sqrt(n)) with n inputs per unit  (LeCun et al. 1998, section 4.6; PyTorch's own default)."""
    bound = weight[0].numel() ** -0.5
    nn.init.uniform_(weight, -bound, bound, generator=draw)


def glorot_weight(weight: Tensor, draw: torch.Generator) -> None:
    """U(-b, b), b = sqrt(6 / (inputs + outputs))  (Glorot & Bengio 2010, eq. 16; the default of Keras)."""
    nn.init.xavier_uniform_(weight, generator=draw)


STYLES: Mapping[Style, Callable[[Tensor, torch.Generator], None]] = {
    "radford": radford_weight,
    "fan_in": fan_in_weight,
    "glorot": glorot_weight,
}


Network = TypeVar("Network", bound=nn.Module)


def allocated(network: Network) -> Network:
    """Give a network that was built on the meta device uninitialised memory on the CPU, in place.

    As `nn.Module.to_empty`, which makes torch import SymPy; that takes half a second.
    """
    empty = {name: torch.empty(tensor.shape, dtype=tensor.dtype) for name, tensor in network.state_dict().items()}
    network.load_state_dict(empty, assign=True)
    return network


@torch.no_grad()
def initialise(network: nn.Module, style: Style, draw: torch.Generator) -> None:
    """Fill every parameter and buffer of `network`, in the order of their names."""
    for name, parameter in network.named_parameters():
        if parameter.dim() > 1:
            STYLES[style](parameter, draw)
        else:
            parameter.fill_(1.0 if name.endswith("weight") else 0.0)  # gain of a norm, or a bias
    for name, buffer in network.named_buffers():
        buffer.fill_(1.0 if name.endswith("running_var") else 0.0)
    settle_spectral_norms(network, draw)


def settle_spectral_norms(network: nn.Module, draw: torch.Generator) -> None:
    """Point each spectral norm's vector along its weight's largest singular direction."""
    for module in network.modules():
        if is_parametrized(module, "weight"):
            chain = module.get_submodule("parametrizations.weight")
            norm = chain.get_submodule("0")
            assert isinstance(norm, SpectralNorm)
            norm.settle(chain.get_parameter("original"), draw)
