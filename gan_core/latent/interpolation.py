"""Between and around latents: straight and great-circle paths, closed walks, the shell they live on, truncation.

Z latent size, T frames. Everything is a pure function and works in the precision that it is given.
"""

import math
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from gan_core.config import Distribution, LatentConfig
from gan_core.numerics.shapes import Latents

PathName = Literal["lerp", "slerp"]
Way = Callable[[Latents, Latents, Tensor | float], Latents]

WIDEST_TAU = 10.0  # no number of any seed lies beyond it


def lerp(a: Latents, b: Latents, t: Tensor | float) -> Latents:
    """(1 - t) a + t b: a at t = 0 and b at t = 1, to the last bit.

    a, b (..., Z) and t (...) broadcast: two latents (Z,) and t (T,) give a strip (T, Z).
    """
    return torch.lerp(a, b, torch.as_tensor(t, dtype=a.dtype).unsqueeze(-1))


def slerp(a: Latents, b: Latents, t: Tensor | float) -> Latents:
    """Along the great circle from a's direction to b's, the norm going evenly from |a| to |b|; shapes as in `lerp`.

    For ends of equal norm, w apart, this is sin((1-t)w)/sin(w) a + sin(tw)/sin(w) b (Shoemake 1985; White 2016,
    "Sampling Generative Networks", section 2.1), and keeps the norm. It meets its ends to the last bit. Opposite ends
    are joined by way of one fixed perpendicular; where an end is zero there is no direction, and the path is straight.
    """
    t = torch.as_tensor(t, dtype=a.dtype).unsqueeze(-1)
    norm_a, norm_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    u, v, angle = plane(a / norm_a, b / norm_b)
    arc = torch.lerp(norm_a, norm_b, t) * (torch.cos(t * angle) * u + torch.sin(t * angle) * v)
    bends = (norm_a > 0) & (norm_b > 0) & (a.shape[-1] > 1)
    inside = torch.where(bends, arc, torch.lerp(a, b, t))
    return torch.where(t == 0, a, torch.where(t == 1, b, inside))


def plane(u: Latents, w: Latents) -> tuple[Latents, Latents, Tensor]:
    """Unit vectors u and v, at right angles, that span the plane of the unit vectors u and w (..., Z), and the angle
    (..., 1) from u to w. Where u and w lie on one line, v is any perpendicular, always the same.
    """
    cosine = (u * w).sum(-1, keepdim=True)
    rest = w - cosine * u
    sine = rest.norm(dim=-1, keepdim=True)
    v = torch.where(sine > 8 * torch.finfo(u.dtype).eps, rest, perpendicular(u))
    return u, v / v.norm(dim=-1, keepdim=True), torch.atan2(sine, cosine)


def perpendicular(u: Latents) -> Latents:
    """(..., Z): at right angles to the unit vectors u, in the direction of the axis that is farthest from u."""
    axis = torch.nn.functional.one_hot(u.abs().argmin(-1), u.shape[-1]).to(u.dtype)
    return axis - (axis * u).sum(-1, keepdim=True) * u


PATHS: Mapping[PathName, Way] = {"lerp": lerp, "slerp": slerp}


def strip(a: Latents, b: Latents, frames: int, path: PathName = "slerp") -> Latents:
    """(frames, Z): from a to b, (Z,) each and both included, in even steps; `frames` is at least 2."""
    t = torch.arange(frames, dtype=a.dtype) / (frames - 1)
    return PATHS[path](a, b, t)


def walk(stops: Latents, frames: int, path: PathName = "slerp") -> Latents:
    """(frames, Z): once round through the stops (N, Z) and back to the first, which is not shown twice.

    Shown over and over it has no seam. Where `frames` is a multiple of N every stop is one of the frames.
    """
    position = torch.arange(frames, dtype=torch.float64) * len(stops) / frames
    leg = position.long().clamp(max=len(stops) - 1)
    t = (position - leg).to(stops.dtype)
    return PATHS[path](stops[leg], stops[(leg + 1) % len(stops)], t)


def shell_radius(latent: LatentConfig) -> float:
    """sqrt(E|z|^2): sqrt(Z) for the standard normal, sqrt(Z / 3) for the uniform in [-1, 1].

    Nearly all latents that a generator was trained on lie close to this sphere (|z| varies by about 0.7 around it for
    the normal, whatever Z is); sums, differences and averages of latents do not.
    """
    return math.sqrt(latent.size * VARIANCE[latent.distribution])


VARIANCE: Mapping[Distribution, float] = {"normal": 1.0, "uniform": 1 / 3}


def on_shell(z: Latents, latent: LatentConfig) -> Latents:
    """(B, Z): each latent stretched to the length of a typical one; a zero latent has no direction and stays.

    For the uniform distribution single numbers may then lie outside [-1, 1], where the generator was never trained:
    its latents fill a cube, and only their length is typical.
    """
    norm = z.norm(dim=-1, keepdim=True)
    return torch.where(norm > 0, z / norm * shell_radius(latent), z)


class Truncation(NamedTuple):
    """How near to the middle latents are kept, in exchange for variety. As it is made, nothing is cut off."""

    psi: float = 1.0  # 0..1, a scale
    tau: float = WIDEST_TAU  # above 0, a threshold; the widest one lets everything pass


NO_TRUNCATION = Truncation()


def truncated(z: Latents, truncation: Truncation, latent: LatentConfig) -> Latents:
    """(B, Z): numbers beyond tau resampled, then everything scaled by psi. NO_TRUNCATION changes no bit."""
    inside = within(z, truncation.tau, latent) if truncation.tau < WIDEST_TAU else z
    return truncate(inside, truncation.psi) if truncation.psi < 1 else inside


def truncate(z: Latents, psi: float, mean: Latents | float = 0.0) -> Latents:
    """mean + psi (z - mean)  (Karras et al. 2019, appendix B): psi = 1 changes nothing, 0 leaves the mean image."""
    return mean + psi * (z - mean)


def within(z: Latents, tau: float, latent: LatentConfig) -> Latents:
    """Numbers beyond tau resampled to lie within [-tau, tau]  (Brock et al. 2019, section 3.1).

    The fresh number is no new draw: how far out in its tail a number lies is itself uniform, and picks its place among
    the numbers within, with the same sign. So the result has the distribution of the paper, and is a function of z.
    `tau` is above 0 and at most 10.
    """
    if not 0 < tau <= WIDEST_TAU:
        raise ValueError(f"tau must be above 0 and at most {WIDEST_TAU:.0f}, got {tau}")
    fresh = INSIDE[latent.distribution](z.abs(), tau) * z.sign()
    return torch.where(z.abs() > tau, fresh, z)


def inside_normal(size: Tensor, tau: float) -> Tensor:
    """|z| beyond tau to a place in [0, tau]: with F(x) = erf(x / sqrt 2), F^-1(F(tau) p), p the place in the tail."""
    tail = torch.erfc(size / math.sqrt(2)) / math.erfc(tau / math.sqrt(2))
    return (math.sqrt(2) * torch.erfinv((1 - tail) * math.erf(tau / math.sqrt(2)))).clamp(0, tau)


def inside_uniform(size: Tensor, tau: float) -> Tensor:
    return ((size - tau) / max(1 - tau, 1e-12)).clamp(0, 1) * tau


INSIDE: Mapping[Distribution, Callable[[Tensor, float], Tensor]] = {"normal": inside_normal, "uniform": inside_uniform}
