"""Confidence intervals of shares. Imports no torch."""

import math

Z_95 = 1.959964  # the two-sided 95 % quantile of the standard normal


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % interval, within 0..1, of a share of `successes` in `n` >= 1 independent trials  (Wilson 1927).

    Unlike the normal approximation it is right for shares near 0 and 1  (Brown, Cai & DasGupta 2001, section 4.1.1).
    """
    share, z2_n = successes / n, Z_95**2 / n
    centre = (share + z2_n / 2) / (1 + z2_n)
    half = Z_95 * math.sqrt(share * (1 - share) / n + z2_n / (4 * n)) / (1 + z2_n)
    # the formula gives exactly 0 and 1 at the ends, but for rounding
    return (centre - half if successes else 0.0), (centre + half if successes < n else 1.0)
