"""The null space constant and the restricted eigenvalue by trying everything, one linear or quadratic program a choice."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog


def share_of(A: np.ndarray, support: tuple[int, ...], signs: tuple[float, ...]) -> float:
    """The largest sum of s_i x_i over the support, among null vectors with l1 norm at most 1."""
    m, n = A.shape
    u = np.zeros(n)
    u[list(support)] = signs
    found = linprog(
        -np.concatenate([u, -u]),
        A_eq=np.hstack([A, -A]),
        b_eq=np.zeros(m),
        A_ub=np.ones((1, 2 * n)),
        b_ub=[1.0],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert found.status == 0, found.message
    return float(-found.fun)


def null_space_constant(A: np.ndarray, k: int) -> float:
    """The largest share over all supports and signs."""
    k = min(k, A.shape[1])
    return max(
        share_of(A, support, (1.0, *signs))
        for support in combinations(range(A.shape[1]), k)
        for signs in product([1.0, -1.0], repeat=k - 1)
    )


def recovers(A: np.ndarray, x: np.ndarray) -> bool:
    """Whether x is the only vector of least l1 norm with its measurements: no null vector h leads down or along.

    h leads down if sum_S sgn(x_i) h_i + ||h off S||_1 <= 0, so the least of that is asked for over h with unit l1 norm.
    Its sign pattern on S is free: there h is split as elsewhere, with the costs of its positive and negative parts.
    """
    m, n = A.shape
    slope = np.sign(x)
    cost = np.concatenate([np.where(x != 0, slope, 1.0), np.where(x != 0, -slope, 1.0)])
    best = np.inf
    for j in range(
        n
    ):  # unit l1 norm is no convex condition; that some entry is 1 or -1 with all at most 1 in modulus is
        for s in (1.0, -1.0):
            fixed = [(0.0, 1.0)] * (2 * n)
            fixed[j], fixed[n + j] = ((1.0, 1.0), (0.0, 0.0)) if s > 0 else ((0.0, 0.0), (1.0, 1.0))
            found = linprog(cost, A_eq=np.hstack([A, -A]), b_eq=np.zeros(m), bounds=fixed, method="highs")
            if found.status == 0:
                best = min(best, float(found.fun))
    return best > 1e-9
