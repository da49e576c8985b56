"""The null space constant and the restricted eigenvalue by trying everything, one linear or quadratic program a choice."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog, lsq_linear


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


def by_circuits(A: np.ndarray) -> np.ndarray:
    """The constants of all orders of a matrix whose every m columns are independent: the shares of all null vectors of m + 1."""
    m, n = A.shape
    best = np.zeros(n)
    for support in combinations(range(n), m + 1):
        x = np.zeros(n)
        x[list(support)] = np.abs(np.linalg.svd(A[:, support])[2][-1])
        best = np.maximum(best, np.cumsum(np.sort(x)[::-1]) / x.sum())
    return best


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


def distance(points: np.ndarray) -> float:
    """How far the convex hull of the columns lies from the origin: the least norm of weights times points, weights of sum 1."""
    if not points.any(axis=0).all():
        return 0.0
    heavy = 1e5 * np.abs(points).max()
    system = np.vstack([points, np.full(points.shape[1], heavy)])
    wanted = np.append(np.zeros(points.shape[0]), heavy)
    weights = lsq_linear(system, wanted, bounds=(0, np.inf), method="bvls", tol=1e-15, max_iter=1000).x
    return float(np.linalg.norm(points @ (weights / weights.sum())))


def corners(A: np.ndarray, S: list[int], generators: np.ndarray, c: float) -> np.ndarray:
    """A x for x equal to a generator on S (the columns), and on one place off S to plus or minus c times its l1 norm."""
    off = [j for j in range(A.shape[1]) if j not in S]
    points = []
    for v in generators.T:
        base, reach = A[:, S] @ v, c * np.abs(v).sum()
        points += [base + s * reach * A[:, j] for j in off for s in (1.0, -1.0)] or [base]
    return np.array(points).T


def compatibility_constant(A: np.ndarray, k: int, c: float) -> float:
    """The least sqrt(k) ||A x|| over all supports and signs, with l1 norm 1 on the support: one quadratic program each."""
    return k**0.5 * min(
        distance(corners(A, list(S), np.diag(signs), c))
        for S in combinations(range(A.shape[1]), k)
        for signs in product([1.0, -1.0], repeat=k)
    )


def restricted_eigenvalue(A: np.ndarray, k: int, c: float, grid: int = 61) -> float:
    """The least ||A x|| over directions of x_S on a grid, for k of 1 or 2: never below the truth, and near it."""
    angles = np.linspace(0, np.pi, grid) if k == 2 else [0.0]
    return min(
        distance(corners(A, list(S), np.array([[np.cos(t)], [np.sin(t)]])[:k], c))
        for S in combinations(range(A.shape[1]), k)
        for t in angles
    )
