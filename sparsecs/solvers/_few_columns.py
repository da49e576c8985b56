"""Basis pursuit on a few columns, which grow in number until the dual point is feasible on all.

    on W:  the path of the LASSO to lambda = 0   ->   x and nu = A_S G_SS^{-1} s,   or a residual r that W cannot explain
    W gains the columns where |a_i^T nu| > 1,    or those where |a_i^T r| is largest

Each round reads A once; where the answer is sparse, four to six rounds are enough, and the path costs no product with A.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.kernels.homotopy import path_to_zero
from sparsecs.solvers._vertex import trimmed

ROUNDS = 12
EXPLAINED = 1e-10  # of y
FEASIBLE = 1 + 1e-11

Pair = tuple[np.ndarray, np.ndarray]


def few_columns(question: Any, y: np.ndarray) -> Pair | None:
    """x on the live columns and nu, or None where the answer does not look sparse.

    Parameters
    ----------
    question : Question
    y : (m,) array
    """
    m, n = y.size, question.live.size
    most = m // 2
    scores = np.abs(question.correlations(y))
    chosen = _largest(scores, max(m // 4, 16))
    part = question.columns(chosen)
    gram, right = part.T @ part, y @ part
    for _ in range(ROUNDS):
        limit = min(most, chosen.size // 2)
        active, x, signs, d, done = path_to_zero(gram, right, limit, 3 * limit + 20)
        if not done and limit == most:
            return None
        used = part[:, active]
        residual = y - used @ x
        unexplained = not done or np.linalg.norm(residual) > EXPLAINED * np.linalg.norm(y)
        nu = residual if unexplained else used @ d
        scores = np.abs(question.correlations(nu))
        if not unexplained and scores.max() <= FEASIBLE:
            return _answer(n, chosen[active], used, y, nu, signs)
        scores[chosen] = 0
        new = _largest(scores, chosen.size) if unexplained else np.flatnonzero(scores > 1)
        chosen, fresh = np.concatenate([chosen, new]), question.columns(new)
        if new.size == 0 or chosen.size > 2 * m:
            return None
        cross = part.T @ fresh
        gram = np.block([[gram, cross], [cross.T, fresh.T @ fresh]])
        part, right = np.hstack([part, fresh]), np.concatenate([right, y @ fresh])
    return None


def _largest(scores: np.ndarray, count: int) -> np.ndarray:
    """The positions of the largest scores above zero, in order."""
    if count < scores.size:
        first = np.argpartition(-scores, count)[:count]
        return np.sort(first[scores[first] > 0])
    return np.flatnonzero(scores)


def _answer(n: int, support: np.ndarray, used: np.ndarray, y: np.ndarray, nu: np.ndarray, signs: np.ndarray) -> Pair:
    """x fitted to rounding and nu moved to meet its signs to rounding."""
    from scipy.linalg.lapack import dpotrf, dpotrs

    L = dpotrf((used.T @ used).T, lower=1)[0]
    z = np.zeros(support.size)
    for _ in range(3):
        z += dpotrs(L, (y - used @ z) @ used, lower=1)[0]
    nu = nu + used @ dpotrs(L, signs - nu @ used, lower=1)[0]
    x = np.zeros(n)
    x[support] = trimmed(used, y, z)
    return x, nu
