"""Slow, obviously right twins: a face by an interior-point method with all columns, and a posterior cell by cell."""

from __future__ import annotations

import math

import numpy as np


def face_dimension(R: np.ndarray, support: np.ndarray, signs: np.ndarray, g: np.ndarray) -> int:
    """Nonzeros of the nearest point's direction off the support, and k - 1 more."""
    import cvxpy as cp

    n = R.shape[1]
    d = cp.Variable(n)
    off = np.setdiff1d(np.arange(n), support)
    growth = signs @ d[support] + cp.norm1(d[off])
    problem = cp.Problem(cp.Minimize(cp.sum_squares(R @ d - g)), [growth <= 0])
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11)
    return int(np.count_nonzero(np.abs(d.value[off]) > 1e-5)) + support.size - 1


def posterior(
    centre: float, scale: float, spread: float, share: float, tosses: list[tuple[int, bool]]
) -> tuple[float, float]:
    """Mean of mu and of ln sigma on the same grid, by loops."""
    total = first = second = 0.0
    for i in range(501):
        away = -1.5 + 0.01 * i
        for j in range(25):
            log_s = -1.2 + 3.0 * j / 24
            weight = (1 + (away / scale) ** 2 / 3) ** -2 * math.exp(-((log_s / 0.5) ** 2) / 2)
            for samples, success in tosses:
                z = (math.log(samples) - centre - away) / (spread * math.exp(log_s))
                chance = share * 0.5 * math.erfc(-z / math.sqrt(2))
                weight *= chance if success else 1 - chance
            total, first, second = total + weight, first + weight * (centre + away), second + weight * log_s
    return first / total, second / total
