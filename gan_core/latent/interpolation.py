"""Paths between latents: straight lines, great circles, and closed paths through several latents.

Z is the latent size, T a number of frames. All functions are pure and compute in the precision of their arguments.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import torch
from torch import Tensor

from gan_core.numerics.shapes import Latents

PathName = Literal["lerp", "slerp"]
Interpolation = Callable[[Latents, Latents, Tensor | float], Latents]


def lerp(a: Latents, b: Latents, t: Tensor | float) -> Latents:
    """(1 - t) a + t b: exactly a at t = 0 and b at t = 1.

    a, b (..., Z) and t (...) broadcast: two latents (Z,) and t (T,) give (T, Z).
    """
    return torch.lerp(a, b, torch.as_tensor(t, dtype=a.dtype).unsqueeze(-1))


def slerp(a: Latents, b: Latents, t: Tensor | float) -> Latents:
    """Along the great circle from a's direction to b's, with the norm linear from |a| to |b|; shapes as in `lerp`.

    For ends of equal norm at the angle w this is sin((1-t)w)/sin(w) a + sin(tw)/sin(w) b (Shoemake 1985; White 2016,
    "Sampling Generative Networks", section 2.1), and the norm is constant. The ends are exact. Opposite ends are joined
    through one fixed perpendicular. If an end is zero it has no direction, and the path is straight.
    """
    t = torch.as_tensor(t, dtype=a.dtype).unsqueeze(-1)
    norm_a, norm_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    u, v, angle = plane(a / norm_a, b / norm_b)
    arc = torch.lerp(norm_a, norm_b, t) * (torch.cos(t * angle) * u + torch.sin(t * angle) * v)
    bends = (norm_a > 0) & (norm_b > 0) & (a.shape[-1] > 1)
    inside = torch.where(bends, arc, torch.lerp(a, b, t))
    return torch.where(t == 0, a, torch.where(t == 1, b, inside))


def plane(u: Latents, w: Latents) -> tuple[Latents, Latents, Tensor]:
    """An orthonormal basis u, v of the plane of the unit vectors u and w (..., Z), and the angle (..., 1) between them.

    If u and w lie on one line, v is any perpendicular, always the same.
    """
    cosine = (u * w).sum(-1, keepdim=True)
    rest = w - cosine * u
    sine = rest.norm(dim=-1, keepdim=True)
    v = torch.where(sine > 8 * torch.finfo(u.dtype).eps, rest, perpendicular(u))
    return u, v / v.norm(dim=-1, keepdim=True), torch.atan2(sine, cosine)


def perpendicular(u: Latents) -> Latents:
    """(..., Z): perpendicular to the unit vectors u, towards the axis that is farthest from u."""
    axis = torch.nn.functional.one_hot(u.abs().argmin(-1), u.shape[-1]).to(u.dtype)
    return axis - (axis * u).sum(-1, keepdim=True) * u


PATHS: Mapping[PathName, Interpolation] = {"lerp": lerp, "slerp": slerp}


def interpolate(a: Latents, b: Latents, frames: int, path: PathName = "slerp") -> Latents:
    """(frames, Z): from a to b, (Z,) each and both included, in even steps; `frames` is at least 2."""
    t = torch.arange(frames, dtype=a.dtype) / (frames - 1)
    return PATHS[path](a, b, t)


def closed_path(stops: Latents, frames: int, path: PathName = "slerp") -> Latents:
    """(frames, Z): through the stops (N, Z) and back to the first one, which is not repeated: a loop without a seam.

    If `frames` is a multiple of N, every stop is one of the frames.
    """
    position = torch.arange(frames, dtype=torch.float64) * len(stops) / frames
    leg = position.long().clamp(max=len(stops) - 1)
    t = (position - leg).to(stops.dtype)
    return PATHS[path](stops[leg], stops[(leg + 1) % len(stops)], t)
