r"""Null vectors of a complex matrix with much of their l1 norm on k entries: a local search, from many starts.

From x with largest entries on S the next one is  argmax { sum_S Re(conj(phase x_i) z_i) : A z = 0, ||z||_1 <= 1 },
a cone program with one cone of three dimensions a column.
Its value is at least that of x and at most that of the new z, so shares only rise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._null_space_coordinates import Coordinates
from sparsecs.geometry._null_space_relaxations import projections, solved

STARTS = 24
STEPS = 20


def share(x: np.ndarray, k: int) -> float:
    """The sum of the k largest moduli over that of all."""
    sizes = np.sort(np.abs(x))[::-1]
    return float(min(1.0, sizes[:k].sum() / sizes.sum()))


def climbed(space: Coordinates, k: int, budget: Budget) -> np.ndarray:
    """The best null vector found, in units of x; the starts are those of the projections of single columns that look best."""
    Z = projections(space)[1]
    starts = np.hstack([space.null_vectors(), Z @ Z.conj().T])
    starts = starts[:, np.abs(starts).max(axis=0) > 1e-8]
    shares = np.array([share(x, k) for x in starts.T])
    best = starts[:, shares.argmax()]
    if Z.shape[1] == 1:
        return best
    step = _step(Z)
    for start in starts[:, np.argsort(-shares, kind="stable")[:STARTS]].T:
        x = start
        for _ in range(STEPS):
            found = step(x, k, budget)
            if found is None or share(found, k) <= share(x, k) * (1 + 1e-9):
                break
            x = found
        if share(x, k) > share(best, k):
            best = x
        if budget.spent():
            break
    return best


def _step(Z: np.ndarray) -> Callable[[np.ndarray, int, Budget], np.ndarray | None]:
    """One step, with the cone program built once."""
    import cvxpy as cp

    n, d = Z.shape
    c = cp.Variable(d, complex=True)
    real, imaginary = cp.Parameter(n), cp.Parameter(n)
    x = Z @ c
    problem = cp.Problem(cp.Maximize(real @ cp.real(x) + imaginary @ cp.imag(x)), [cp.norm1(x) <= 1])

    def step(x: np.ndarray, k: int, budget: Budget) -> np.ndarray | None:
        chosen = np.zeros(n, dtype=complex)
        top = np.argsort(-np.abs(x), kind="stable")[:k]
        top = top[np.abs(x[top]) > 0]
        chosen[top] = x[top] / np.abs(x[top])
        real.value, imaginary.value = chosen.real, chosen.imag
        found = np.asarray(Z @ c.value) if solved(problem, budget) else np.zeros(n)
        return found if np.abs(found).max() > 0 else None

    return step
