"""Mean distances, state evolution and noise sensitivity as they are defined, slowly: by grids, sums and draws."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from naive_thresholds import least

from sparsecs import stream


def norm_density(B: int, points: int = 20_001) -> tuple[np.ndarray, np.ndarray]:
    """A grid of norms of B Gaussian entries, and their chances; for B = 0 one entry with its sign."""
    x = np.linspace(-14.0 if B == 0 else 1e-9, math.sqrt(max(B, 1)) + 14, points)
    power = (B - 1) * np.log(x) if B > 0 else 0.0
    height = power - x**2 / 2
    chances = np.exp(height - height.max())
    chances[[0, -1]] /= 2
    return x, chances / chances.sum()


def mean_distance(e: float, B: int, classes: list[tuple[float, float, float]], signed: bool = True) -> float:
    """The least mean square distance to the subdifferential times tau, an unknown, by grids within grids."""
    x, chances = norm_density(B if signed else 0)

    def far(tau: float) -> float:
        total = 0.0
        for w, p, s in classes:
            over = float(chances @ np.maximum(x - tau * w, 0) ** 2)
            total += s * e * (B + (tau * w) ** 2) + (p - s * e) * over
        return total / B

    return least(lambda taus: np.array([far(float(tau)) for tau in taus]), 0.0, 10 + math.sqrt(B))


def distance_draws(k: int, n: int, B: int, draws: int, weights: np.ndarray | None = None) -> np.ndarray:
    """|P_C g|^2 of the descent cone at k nonzeros in n unknowns, by minimising over tau for each draw; the first k are on."""
    rng, blocks, on = stream(0, "distances", k, n, B), n // B, k // B
    w = np.ones(blocks) if weights is None else weights
    found = []
    for _ in range(draws):
        g = rng.standard_normal((blocks, B))
        norms, along = np.linalg.norm(g[on:], axis=1), g[:on, 0]
        rest = float((g[:on, 1:] ** 2).sum())

        def far(
            tau: np.ndarray, norms: np.ndarray = norms, along: np.ndarray = along, rest: float = rest
        ) -> np.ndarray:
            over = np.maximum(norms - tau[:, None] * w[on:], 0) ** 2
            return rest + ((along - tau[:, None] * w[:on]) ** 2).sum(1) + over.sum(1)

        found.append(least(far, 0.0, 10.0 / float(w.min())))
    return np.array(found)


def map_by_draws(
    denoise: Callable[[np.ndarray], np.ndarray], x: np.ndarray, variance: float, seed: int = 0
) -> tuple[float, float]:
    """The mean square error of a denoiser at x plus noise, and its standard error."""
    noise = stream(seed, "state evolution").standard_normal(x.size)
    squares = (denoise(x + math.sqrt(variance) * noise) - x) ** 2
    return float(squares.mean()), float(squares.std() / math.sqrt(squares.size))


def soft_map(rate: float, variance: float, threshold: float, size: float = 1.0, points: int = 400_001) -> float:
    """The mean square error of soft thresholding for a nonzero of this size at this rate, by a sum over a grid."""
    z = np.linspace(-14, 14, points)
    chances = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    noise = math.sqrt(variance) * z

    def error(x: float) -> float:
        r = x + noise
        return float(chances @ (np.sign(r) * np.maximum(np.abs(r) - threshold * math.sqrt(variance), 0) - x) ** 2)

    return rate * error(size) + (1 - rate) * error(0.0)
