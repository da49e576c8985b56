r"""Circuits: dependent sets of columns of which every part is independent, found by chance and by reweighting.

Columns have unit length and are held as the rows of U. A set S of them counts as dependent when the least singular value of U_S
is at most the tolerance; every set that is handed out has been checked, so its size is an upper bound of the spark.

    by chance        a random basis B; every other column is B t, and its circuit has as many columns as t has nonzeros, and one;
                     two columns, t - c t', with the c that cancels most
    by reweighting   x_k^2 / w_k summed, at its least where A x = 0 and x_i = 1; then w_k = |x_k|, which leads to the least
                     l1 norm, and so to few nonzeros (Daubechies, DeVore, Fornasier and Gunturk 2010)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream

DROPPED = 1e-9  # a coefficient beside the largest one that may be rounding
SAME = 1e-9  # how far apart two equal ratios can be
ROUNDS = 25  # of reweighting; each brings two digits or so


def is_dependent(U: np.ndarray, chosen: np.ndarray, tolerance: float) -> bool:
    """Whether the least singular value of some columns is at most the tolerance."""
    if chosen.size > U.shape[1]:
        return True
    return bool(np.linalg.svd(U[chosen], compute_uv=False)[-1] <= tolerance)


def by_chance(U: np.ndarray, rank: int, tolerance: float, tries: int, budget: Budget) -> Iterator[np.ndarray]:
    """Circuits that random bases show."""
    from scipy.linalg import qr, solve_triangular

    rng = stream(0, "circuits by chance")
    for _ in range(tries):
        if budget.spent():
            return
        weights = np.exp(2 * rng.standard_normal(U.shape[0]))
        R, order = qr(U.T * weights, mode="r", pivoting=True, check_finite=False)
        basis, rest = order[:rank], order[rank:]
        shares = solve_triangular(R[:rank, :rank], R[:rank, rank:], check_finite=False)
        shares *= weights[basis][:, None] / weights[rest]
        there = np.abs(shares) > DROPPED
        for j in np.argsort(there.sum(axis=0), kind="stable")[:2]:
            yield from _checked(U, np.append(basis[there[:, j]], rest[j]), tolerance)
        j = int(rng.integers(rest.size))
        left, k = _cancelled(shares, there, j)
        if k != j:
            yield from _checked(U, np.append(basis[left], rest[[j, k]]), tolerance)


def _cancelled(shares: np.ndarray, there: np.ndarray, j: int) -> tuple[np.ndarray, int]:
    """Which of the basis are left when column j is combined with the one that cancels most, and which that is."""
    ratios = np.full(shares.shape, np.nan, dtype=shares.dtype)
    np.divide(shares, shares[:, [j]], out=ratios, where=there & there[:, [j]])
    ordered = np.sort(ratios, axis=0)  # NaN comes last
    run, top, value = np.ones(shares.shape[1]), np.ones(shares.shape[1]), ordered[0].copy()
    for one, other in pairwise(ordered):
        run = np.where(np.abs(other - one) <= SAME * np.abs(other), run + 1, 1)
        value = np.where(run > top, other, value)
        top = np.maximum(top, run)
    count = (there | there[:, [j]]).sum(axis=0) - top
    count[j] = shares.shape[0] + 1
    k = int(count.argmin())
    cancelled = np.abs(ratios[:, k] - value[k]) <= 2 * SAME * np.abs(value[k])
    return (there[:, j] | there[:, k]) & ~cancelled, k


def by_reweighting(U: np.ndarray, tolerance: float, budget: Budget) -> Iterator[np.ndarray]:
    """Circuits through one column after another, in random order, by null vectors of small l1 norm."""
    n, m = U.shape
    for i in stream(0, "circuits by reweighting").permutation(n):
        weights = np.ones(n)
        weights[i] = 0
        x = np.zeros(n)
        for step in range(ROUNDS):
            if budget.spent():
                return
            scaled = U * weights[:, None]
            middle = scaled.T @ U.conj()
            middle[np.arange(m), np.arange(m)] += 10.0 ** -min(step + 4, 14) * max(
                float(np.trace(middle).real) / m, 1e-300
            )
            x = np.abs(weights * (U.conj() @ np.linalg.solve(middle, U[i])))
            weights = np.maximum(x, 1e-12 * x.max(initial=0))
            weights[i] = 0
        order = np.argsort(-x, kind="stable")
        yield from _along(U, np.append(i, order[order != i]), tolerance)


def _along(U: np.ndarray, order: np.ndarray, tolerance: float) -> Iterator[np.ndarray]:
    """The first dependent set along ``order``, and of it only what is needed."""
    order = order[: U.shape[1] + 1]
    R = np.asarray(np.linalg.qr(U[order].T, mode="r"))
    ends = np.flatnonzero(np.abs(np.diagonal(R)) <= tolerance)
    t = int(ends[0]) if ends.size else R.shape[0]
    if 0 < t < order.size:
        shares = np.abs(np.linalg.solve(R[:t, :t], R[:t, t]))
        yield from _checked(U, np.append(order[:t][shares > DROPPED], order[t]), tolerance)


def _checked(U: np.ndarray, chosen: np.ndarray, tolerance: float) -> Iterator[np.ndarray]:
    if is_dependent(U, chosen, tolerance):
        yield np.sort(chosen)
