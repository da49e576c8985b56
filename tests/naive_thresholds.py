"""Thresholds as they are defined, slowly: minima over grids, maxima over grids, and roots by halving."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import erf, log_ndtr


def entropy(p: float) -> float:
    """H(p), natural logarithms."""
    return float(-sum(x * math.log(x) for x in (p, 1 - p) if x > 0))


def least(f: Callable[[np.ndarray], np.ndarray], low: float, high: float) -> float:
    """The minimum of a function with one valley, by grids within grids."""
    for _ in range(14):
        grid = np.linspace(low, high, 41)
        best = int(np.argmin(f(grid)))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 40)])
    return float(f(np.array([(low + high) / 2]))[0])


def net_exponent(nu: float, rho: float, delta: float, cross: bool) -> float:
    """Psi_com - Psi_int - Psi_ext of faces with rho delta n vertices in faces with nu n."""
    k, doubled = rho * delta, math.log(2) if cross else 0.0
    com = (nu - k) * doubled + (1 - k) * entropy((nu - k) / (1 - k))
    internal = -least(lambda t: nu * t * t / 2 + (nu - k) * log_ndtr(-t), 0.0, 60.0)
    if cross:
        external = least(lambda y: nu * y * y - (1 - nu) * np.log(erf(y)), 1e-12, 30.0)
    else:
        external = least(lambda y: nu * y * y / 2 - (1 - nu) * log_ndtr(y), -40.0, 40.0)
    return com - internal - external


def face_exponent(rho: float, delta: float, cross: bool, strong: bool) -> float:
    """Psi_face: how many faces there are to lose, on one support or on all."""
    return (rho * delta * math.log(2) if cross else 0.0) + (entropy(rho * delta) if strong else 0.0)


def most_lost(rho: float, delta: float, cross: bool, strong: bool, points: int = 60) -> tuple[float, float]:
    """The maximum over nu >= delta of the exponent of lost faces, and the nu where it is."""
    grid = delta + (1 - delta) * np.linspace(0, 1, points, endpoint=False) ** 2
    values = [net_exponent(float(nu), rho, delta, cross) for nu in grid]
    best = int(np.argmax(values))
    return values[best] + face_exponent(rho, delta, cross, strong), float(grid[best])


def face_threshold(delta: float, cross: bool, strong: bool) -> float:
    """rho at which the exponent of lost faces comes to 0."""
    low = high = 1e-4
    while most_lost(high, delta, cross, strong, points=4)[0] < 0:
        low, high = high, 1.4 * high
    for _ in range(33):
        middle = (low + high) / 2
        lost = most_lost(middle, delta, cross, strong, points=4)[0]
        low, high = (middle, high) if lost < 0 else (low, middle)
    return (low + high) / 2


def extreme_eigenvalues(delta: float, rho: float, groups: bool) -> tuple[float, float]:
    """1 - L and 1 + U of Gaussian matrices by halving, over a grid of sizes of the sets that share their supports.

    A lambda is passed by none if psi(lambda, gamma) + H(rho delta) / delta - gamma H(rho / gamma) < 0 for some gamma; without
    groups the sizes are nu itself, whose constant is no smaller.
    """
    gammas = np.append(rho + (1 - rho) * np.logspace(-9, 0, 3000), 1.0)
    gammas = np.unique(np.clip(gammas, rho * (1 + 1e-9), 1.0))
    wide = gammas if groups else np.append(rho, gammas)
    counts = np.array([entropy(rho * delta) / delta - g * entropy(rho / g) for g in gammas])
    wide_counts = counts if groups else np.array([entropy(g * delta) / delta for g in wide])
    low, high = 1.0 + rho, 1e4
    for _ in range(60):
        mu = math.sqrt(low * high)
        usable = mu > 1 + wide
        psi = 0.5 * ((1 + wide) * math.log(mu) + 1 + wide - wide * np.log(wide) - mu)
        low, high = (low, mu) if ((psi + wide_counts)[usable] < 0).any() else (mu, high)
    top = high
    inner = gammas[gammas < 1] if groups else np.array([rho])
    counts = counts[gammas < 1] if groups else np.array([entropy(rho * delta) / delta])
    own = np.array([entropy(g) for g in inner])
    low, high = -3000.0, math.log(1 - rho)
    for _ in range(70):
        u = (low + high) / 2
        usable = math.exp(u) < 1 - inner
        psi = own + 0.5 * ((1 - inner) * u + 1 - inner + inner * np.log(inner) - math.exp(u))
        low, high = (u, high) if ((psi + counts)[usable] < 0).any() else (low, u)
    return math.exp(low), top
