"""Slow twins of the prediction's parts: the leverage law by a minimiser, blocks by a graph, misses by enumeration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtr


def projector(A: np.ndarray) -> np.ndarray:
    """A⁺A."""
    return np.linalg.pinv(A) @ A


def leverage_success(h: np.ndarray, rank: float, support: np.ndarray) -> float:
    """The leverage law for one support, its dimension minimised over t to machine precision."""
    w = np.sqrt((1 - h) / h)
    on = np.zeros(h.size, dtype=bool)
    on[support] = True
    inside, outside = w[on], w[~on]

    def moments(t: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        u = t * outside
        tail, density = ndtr(-u), np.exp(-u * u / 2) / np.sqrt(2 * np.pi)
        first = 2 * (density - u * tail)
        second = 2 * ((1 + u * u) * tail - u * density)
        fourth = 2 * (tail * (u**4 + 6 * u * u + 3) - density * (u**3 + 5 * u))
        return first, second, fourth

    def dimension(log_t: float) -> float:
        t = np.exp(log_t)
        return float((1 + (t * inside) ** 2).sum() + moments(t)[1].sum())

    grid = np.linspace(-12, 12, 400)
    middle = grid[np.argmin([dimension(log_t) for log_t in grid])]
    found = minimize_scalar(dimension, bounds=(middle - 0.1, middle + 0.1), method="bounded", options={"xatol": 1e-10})
    t, psi = float(np.exp(found.x)), float(found.fun)
    first, second, fourth = moments(t)
    variance = (2 + 4 * (t * inside) ** 2).sum() + (fourth - second**2).sum() - 2 * psi
    above = 4 * (inside**2).sum() + 4 * (outside**2 * (second - first**2)).sum()
    below = 2 * (inside**2).sum() + 2 * (outside**2 * 2 * ndtr(-t * outside)).sum()
    return float(ndtr((rank - psi + 0.5 * above / below) / np.sqrt(variance)))


def blocks(A: np.ndarray) -> np.ndarray:
    """Connected components of the entries of A⁺A."""
    return connected_components(np.abs(projector(A)) > 1e-8, directed=False)[1]


def missing(lost: np.ndarray, k: int) -> float:
    """How many of all supports of size k hold no lost column."""
    supports = list(combinations(range(lost.size), k))
    return sum(not lost[list(support)].any() for support in supports) / len(supports)
