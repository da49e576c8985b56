r"""How far the norm of a Gaussian vector of B entries lies above t, in the mean: E (chi_B - t)_+^j, and P(chi_B > t).

With f the density of chi_B, f(t + u) is a log-concave function of u that falls at least as fast as exp(-u^2/2) from its top. So
Gauss's rule on a window around the top gives the moments relative to the tail P(chi_B > t), which is an incomplete gamma
function. All terms are positive: far tails keep their digits, which the closed forms lose by cancelling.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

NODES, WEIGHTS = np.polynomial.legendre.leggauss(96)
WIDE = 12.0  # to both sides of the top: exp(-72) is left out
DEEP = 60.0  # exponents down the tail


class Tails(NamedTuple):
    """P(χ > t), the means of the first, second and fourth power of (χ − t)₊, and B − E(χ − t)₊² − t E(χ − t)₊."""

    chance: float
    first: float
    second: float
    fourth: float
    inside: float


def tails(t: float, B: int) -> Tails:
    """The moments at t ≥ 0; the last as E[χ²; χ < t] + t E[χ; χ > t], which does not cancel.

    Parameters
    ----------
    t : float
    B : int
    """
    from scipy.special import gammainc, gammaincc

    top = max(t, math.sqrt(B - 1))
    slope = top - (B - 1) / top if top > 0 else 0.0
    reach = min(WIDE, 2 * DEEP / (slope + math.sqrt(slope**2 + 2 * DEEP)))
    low, high = max(t, top - WIDE), top + reach
    d = (low - top) + (high - low) / 2 * (1 + NODES)
    height = -slope * d - d**2 / 2
    if B > 1:
        height += (B - 1) * (np.log1p(d / top) - d / top)
    density = WEIGHTS * np.exp(height)
    u = d + (top - t)
    chance = float(gammaincc(B / 2, t * t / 2))
    first, second, fourth = (chance * float(density @ u**j) / float(density.sum()) for j in (1, 2, 4))
    inside = B * float(gammainc(B / 2 + 1, t * t / 2)) + t * (first + t * chance)
    return Tails(chance, first, second, fourth, inside)


def halved(moments: Tails) -> Tails:
    """The same of (g − t)₊ for one Gaussian g with its sign."""
    chance, first, second, fourth, _ = moments
    return Tails(chance / 2, first / 2, second / 2, fourth / 2, 1 - chance / 2)
