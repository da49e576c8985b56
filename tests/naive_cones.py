"""Slow, obviously right twins: projections on images of descent cones by a conic program, or by a search over one number."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar


def nearest(
    R: np.ndarray,
    x: np.ndarray,
    g: np.ndarray,
    weights: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> np.ndarray:
    """R d nearest to g such that the penalty does not grow from x along d, by an interior-point method."""
    import cvxpy as cp

    n = x.size
    d = cp.Variable(n)
    if groups is None:
        w = np.ones(n) if weights is None else weights
        growth: Any = (w * np.sign(x))[x != 0] @ d[np.flatnonzero(x)] if x.any() else 0
        for j in np.flatnonzero(x == 0):
            growth = growth + w[j] * cp.abs(d[j])
    else:
        w = np.ones(groups.max() + 1) if weights is None else weights
        growth = 0
        for label in np.unique(groups):
            inside = np.flatnonzero(groups == label)
            length = np.linalg.norm(x[inside])
            part = x[inside] / length @ d[inside] if length else cp.norm(d[inside])
            growth = growth + w[label] * part
    limits = [d[j] >= 0 for j in np.flatnonzero(x == bounds[0])] + [d[j] <= 0 for j in np.flatnonzero(x == bounds[1])]
    problem = cp.Problem(cp.Minimize(cp.sum_squares(R @ d - g)), [growth <= 0, *limits])
    tight = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), 1e-09)
    problem.solve(solver=cp.CLARABEL, **tight)
    return R @ d.value


def squared_distance(x: np.ndarray, g: np.ndarray, weights: np.ndarray, groups: np.ndarray | None = None) -> float:
    """dist²(g, all multiples of the subdifferential at x), by a search for the multiple."""

    def at(t: float) -> float:
        if groups is None:
            inside = np.clip(g, -t * weights, t * weights)
            return float(((g - np.where(x != 0, t * weights * np.sign(x), inside)) ** 2).sum())
        total = 0.0
        for label in np.unique(groups):
            part, bar = groups == label, t * weights[label]
            if x[part].any():
                total += ((g[part] - bar * x[part] / np.linalg.norm(x[part])) ** 2).sum()
            else:
                total += max(np.linalg.norm(g[part]) - bar, 0) ** 2
        return float(total)

    return min(at(0.0), float(minimize_scalar(at, bounds=(0, 50), method="bounded", options={"xatol": 1e-13}).fun))
