"""Slow twins of the path of the LASSO and of basis pursuit: every set of signs is tried."""

from __future__ import annotations

from itertools import product

import numpy as np


def lasso(A: np.ndarray, y: np.ndarray, weight: float) -> np.ndarray:
    """The minimiser of half the squared misfit plus weight times the l1 norm: the sign pattern with the least objective.

    On each pattern the objective is a quadratic; its minimiser counts if it has these signs. The least of all is the answer.
    """
    n = A.shape[1]
    best, least = np.zeros(n), 0.5 * float(y @ y)
    for signs in product((-1, 0, 1), repeat=n):
        s = np.array(signs, dtype=float)
        used = np.flatnonzero(s)
        if 0 < used.size <= A.shape[0]:
            part = A[:, used]
            x = np.zeros(n)
            x[used] = np.linalg.lstsq(part.T @ part, part.T @ y - weight * s[used], rcond=None)[0]
            value = 0.5 * float(np.sum((y - A @ x) ** 2)) + weight * float(np.abs(x).sum())
            if (x * s >= 0).all() and value < least:
                best, least = x, value
    return best


def smallest_l1(A: np.ndarray, y: np.ndarray, lower: float = -np.inf, upper: float = np.inf) -> float:
    """The least l1 norm of all x with A x = y within limits, by HiGHS in the positive and negative parts."""
    from scipy.optimize import linprog

    n = A.shape[1]
    bounds = [(0, upper)] * n + [(0, -lower)] * n
    return float(linprog(np.ones(2 * n), A_eq=np.hstack([A, -A]), b_eq=y, bounds=bounds, method="highs").fun)


def kkt_misfit(A: np.ndarray, y: np.ndarray, x: np.ndarray, weight: float) -> float:
    """How far x is from the conditions of the LASSO, as a part of the largest inner product of A with y."""
    c = A.T @ (y - A @ x)
    used = x != 0
    off = np.abs(c[used] - weight * np.sign(x[used])).max(initial=0)
    return float(max(off, np.abs(c).max() - weight) / np.abs(A.T @ y).max())
