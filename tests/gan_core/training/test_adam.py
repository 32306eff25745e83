"""Our call of the fused kernel of Adam against PyTorch's own optimizer, and its moments."""

import pytest
import torch
from torch import nn

from gan_core.training.adam import Adam

LR, BETAS = 3e-3, (0.5, 0.99)


def network() -> nn.Sequential:
    """Matrices, vectors and a convolution in channels_last, the same every time."""
    draw = torch.Generator().manual_seed(0)
    layers = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 2))
    for weight in layers.parameters():
        weight.data = torch.randn(weight.shape, generator=draw)
    return layers.to(memory_format=torch.channels_last)


def gradients(seed: int, layers: nn.Module) -> None:
    draw = torch.Generator().manual_seed(seed)
    for weight in layers.parameters():
        weight.grad = torch.randn(weight.shape, generator=draw)


def test_ten_steps_are_those_of_pytorchs_adam_bit_for_bit() -> None:
    ours, theirs = network(), network()
    adam = Adam(ours.parameters(), LR, BETAS)
    reference = torch.optim.Adam(theirs.parameters(), lr=LR, betas=BETAS, fused=True)

    for seed in range(10):
        for layers, optimizer in ((ours, adam), (theirs, reference)):
            gradients(seed, layers)
            optimizer.step()

    assert all(torch.equal(*pair) for pair in zip(ours.parameters(), theirs.parameters(), strict=True))
    for moments, weight in zip(adam.moments(), theirs.parameters(), strict=True):
        assert moments["step"] == 10
        assert all(torch.equal(moments[name], reference.state[weight][name]) for name in moments)


def test_the_moments_of_adam_can_be_loaded() -> None:
    one, two = network(), network()
    first, second = Adam(one.parameters(), LR, BETAS), Adam(two.parameters(), LR, BETAS)
    gradients(0, one)
    first.step()
    two.load_state_dict(one.state_dict())
    for mine, saved in zip(second.moments(), first.moments(), strict=True):
        for name in mine:
            mine[name].copy_(saved[name])

    for layers, optimizer in ((one, first), (two, second)):
        gradients(1, layers)
        optimizer.step()

    assert all(torch.equal(*pair) for pair in zip(one.parameters(), two.parameters(), strict=True))


def test_the_moments_have_the_memory_layout_of_their_weights() -> None:
    layers = network()

    moments = Adam(layers.parameters(), LR, BETAS).moments()

    for weight, each in zip(layers.parameters(), moments, strict=True):
        assert each["exp_avg"].stride() == each["exp_avg_sq"].stride() == weight.stride()


def test_a_weight_without_a_gradient_is_refused_and_no_weight_changes() -> None:
    layers = network()
    adam = Adam(layers.parameters(), LR, BETAS)
    gradients(0, layers)
    last = list(layers.parameters())[-1]
    last.grad = None
    before = last.detach().clone()

    with pytest.raises(RuntimeError, match="does not depend on it"):
        adam.step()

    assert torch.equal(last, before)
    assert all(each["step"] == 0 for each in adam.moments())
