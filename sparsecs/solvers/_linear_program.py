"""Basis pursuit by HiGHS, which every other road can fall back on: slow, and right on anything that is well conditioned."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.solvers._vertex import vertex

OPTIONS: Any = {"presolve": False}  # it finds nothing to remove in dense matrices, and takes as long as the solution
ZERO = 1e-9  # of the largest coefficient


def linear_program(A: np.ndarray, y: np.ndarray, caps: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The x of least l1 norm with A x = y and its nu, by linear programming in its positive and negative parts.

    Parameters
    ----------
    A, y : (m, n) array, (m,) array
    caps : (2, n) array
        How far each x_i may rise above, and fall below, zero.

    Returns
    -------
    tuple of (n,) and (m,) arrays, or None
        None if HiGHS gives up, or takes y for out of reach.
    """
    from scipy.optimize import linprog

    unit, scale = float(np.abs(A).max()) or 1.0, float(np.abs(y).max(initial=0)) or 1.0
    matrix, most = A / unit, caps * (unit / scale)
    bounds: Any = (0, None)
    if np.isfinite(most).any():
        bounds = np.column_stack([np.zeros(most.size), most.ravel()])
    found = linprog(
        np.ones(2 * A.shape[1]),
        A_eq=np.hstack([matrix, -matrix]),
        b_eq=y / scale,
        bounds=bounds,
        method="highs",
        options=OPTIONS,
    )
    if found.x is None:
        return None
    rise, fall = found.x.reshape(2, -1) * (scale / unit)
    return _polished(A, y, rise - fall, np.asarray(found.eqlin.marginals) / unit, caps)


def closest(A: np.ndarray, y: np.ndarray, caps: np.ndarray) -> np.ndarray:
    """The x within its caps whose A x is nearest to y."""
    from scipy.optimize import lsq_linear

    free = caps.max(axis=0) > 0
    x = np.zeros(A.shape[1], dtype=A.dtype)
    norms = np.linalg.norm(A[:, free], axis=0)
    norms[norms == 0] = 1.0
    bounds = -caps[1, free] * norms, caps[0, free] * norms
    if np.isinf(caps).all():
        return np.asarray(np.linalg.lstsq(A / norms, y, rcond=None)[0] / norms)
    if free.any():
        found = lsq_linear(A[:, free] / norms, y, bounds=bounds, method="bvls", max_iter=10 * x.size)
        x[free] = found.x / norms
    return np.clip(x, -caps[1], caps[0])


def _polished(
    A: np.ndarray, y: np.ndarray, x: np.ndarray, nu: np.ndarray, caps: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """x refitted on its support, and nu moved to meet its signs there, each kept only if it is the better one."""
    room = caps - np.maximum([x, -x], 0)
    size = float(np.abs(x).max(initial=0))
    support = np.flatnonzero((np.abs(x) > ZERO * size) & (np.where(x > 0, room[0], room[1]) > ZERO * size))
    pair = vertex(A, y, x, nu, support, room, True)
    if pair is None:
        return x, nu
    closer = np.linalg.norm(A @ pair[0] - y) <= max(np.linalg.norm(A @ x - y), 1e-13 * np.linalg.norm(y))
    if not (closer and (np.sign(pair[0][support]) == np.sign(x[support])).all()):
        pair = x, pair[1]
    tops = [float(np.abs(v @ A).max(initial=0)) for v in (nu, pair[1])]
    if np.isfinite(caps).all() or (tops[1] > 0 and (tops[0] == 0 or y @ pair[1] / tops[1] > y @ nu / tops[0])):
        return pair
    return pair[0], nu
