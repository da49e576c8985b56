r"""How often the irrepresentable condition holds for Gaussian columns, exactly.

    P = E[ erf(sqrt(X / 2k))^(n-k) ],      X ~ chi^2 with m - k + 1 degrees of freedom

Given A_S, the n - k values a_j^T A_S (A_S^T A_S)^{-1} s are independent N(0, q) with q = s^T (A_S^T A_S)^{-1} s, and k / q has
that law, since A_S^T A_S is a Wishart matrix. The integral over log X has a log-concave integrand that is analytic, so the
trapezoidal rule converges faster than any power. The formula also joins whole k smoothly.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

NODES = 420
STIRLING = (-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)  # of log Gamma, the last term first
STEPS = 1e-6 * 1.05 ** np.arange(400)  # from 1e-6 to 300: the left tail of one degree of freedom is 90 long
DROP = 44.0  # the integrand is cut off where it is e^-44 of its peak, below 1e-19


def irrepresentable_chance(m: float, n: float, k: float) -> float:
    """P for an m × n matrix and k columns, to about 1e-12 of its value; k, between 0 and n, need not be whole.

    Parameters
    ----------
    m, n : float
    k : float

    Examples
    --------
    >>> from sparsecs.kernels.irrepresentable_chance import irrepresentable_chance
    >>> round(irrepresentable_chance(100, 512, 8), 6)
    0.666345
    """
    if k > m:
        return 0.0
    if k in (0, n):
        return 1.0
    freedom, others = m - k + 1, n - k

    def density(d: np.ndarray) -> np.ndarray:
        return -0.5 * freedom * _excess(d)

    def together(d: np.ndarray) -> np.ndarray:
        return density(d) + others * _log_erf(np.sqrt(0.5 * freedom / k) * np.exp(0.5 * d))

    return float(min(1.0, np.exp(_log_integral(together) - _log_total(0.5 * freedom))))


def _log_total(half: float) -> float:
    """log of the integral of the density, e^half Gamma(half) half^-half; by the series of Stirling where half is large."""
    if half < 10:
        return half + math.lgamma(half) - half * math.log(half)
    correction = 0.0
    for factor in STIRLING:
        correction = correction / half**2 + factor
    return 0.5 * math.log(2 * math.pi / half) + correction / half


def _excess(d: np.ndarray) -> np.ndarray:
    """e^d - 1 - d, without cancellation near zero."""
    near = np.abs(d) < 0.1
    small = np.where(near, d, 0.0)
    series = np.zeros_like(small)
    for power in range(12, 1, -1):
        series = (1 + series) * small / power
    return np.where(near, series * small, np.expm1(d) - d)


def _log_erf(x: np.ndarray) -> np.ndarray:
    from scipy.special import erf, erfc

    return np.where(x < 0.5, np.log(erf(np.minimum(x, 0.5))), np.log1p(-erfc(np.maximum(x, 0.5))))


def _log_integral(f: Callable[[np.ndarray], np.ndarray]) -> float:
    """The logarithm of the integral of e^f over the line, for a concave f whose peak is not below zero."""
    peak = _peak(f)
    top = float(f(np.array([peak]))[0])
    left, right = (_end(f, peak, top - DROP, side) for side in (-1.0, 1.0))
    nodes = np.linspace(left, right, NODES)
    return top + float(np.log(np.exp(f(nodes) - top).sum() * (nodes[1] - nodes[0])))


def _peak(f: Callable[[np.ndarray], np.ndarray]) -> float:
    low, high = 0.0, 40.0  # X up to e^40 degrees of freedom
    for _ in range(12):
        grid = np.linspace(low, high, 33)
        best = int(np.argmax(f(grid)))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 32)])
    return 0.5 * (low + high)


def _end(f: Callable[[np.ndarray], np.ndarray], peak: float, floor: float, side: float) -> float:
    """Where f has fallen to a floor on one side of its peak, to a twentieth."""
    return peak + side * float(STEPS[np.argmax(f(peak + side * STEPS) <= floor)])
