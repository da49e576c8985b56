r"""Orthogonal matching pursuit for many signals on one matrix, from its Gram matrix (Rubinstein, Zibulevsky and Elad 2008).

    c = U^T y - G_S z,    j = argmax |c_j|,    L L^T = G_SS,    z = L^{-T} L^{-1} U_S^T y      U = A with unit columns, G = U^T U

A step costs n |S| operations in place of m n. They are done in single precision, with a bound on what that may change: where
more than one column is within it of the largest, those few are compared in double precision. Squared condition numbers lose
digits, so the fit is corrected by its true residual at the end (Björck 1987), and a signal is left to the plain loop wherever
a column almost depends on those before, or rounding could decide a choice or the end.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sparsecs.kernels.chunks import in_parallel, threads_allowed
from sparsecs.kernels.least_squares import FAST, inner, norm, take
from sparsecs.kernels.matching_pursuit import FITS, FULL
from sparsecs.kernels.selection import slack_of

UNSURE = -1  # left to the plain loop
FEW = 64  # columns that are compared in double precision
SHORT = 1e-6  # the square of what is left of a unit column, below which the Gram matrix is not trusted
SMALL = 1e-5  # a residual of so many times y is looked at itself
LARGEST_GRAM = 4096  # columns: 128 megabytes in double precision, and half of that in single


def worth_gram(n: int, signals: int, steps: int) -> bool:
    """Whether so many signals repay a Gram matrix."""
    return n <= LARGEST_GRAM and 2 * signals * min(steps, 32) >= n


def run_many(
    A: np.ndarray, weights: np.ndarray, Y: np.ndarray, steps: int, floors: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The answers to many y, one a row of ``Y``: coefficients (p, n), residuals (p, m), sizes and why each ended.

    Parameters
    ----------
    A : (m, n) array of float64
    weights : (n,) array
        One over the norms of the columns, zero for columns that shall never be chosen.
    Y : (p, m) array, C order
    steps : int
    floors : (p,) array
        A signal ends when ‖r‖ is at most this.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.gram_pursuit import run_many
    >>> run_many(np.eye(2), np.ones(2), np.array([[0.0, 3.0], [1.0, 0.5]]), 1, np.array([1e-9, 1e-9]))[0]
    array([[0., 3.],
           [1., 0.]])
    """
    U = np.ascontiguousarray((A * weights).T)
    G = U @ U.T
    single = G.astype(np.float32)
    p, n = Y.shape[0], weights.size
    X, residuals, sizes, ends = np.zeros((p, n)), np.empty_like(Y), np.zeros(p, np.intp), np.full(p, UNSURE)
    correlations = Y @ U.T
    workers = min(threads_allowed(), p)
    cuts = [p * i // workers for i in range(workers + 1)]
    in_parallel(
        _pursue_many,
        [
            (G, single, U, correlations[a:b], Y[a:b], weights, steps, floors[a:b])
            + (X[a:b], residuals[a:b], sizes[a:b], ends[a:b])
            for a, b in zip(cuts, cuts[1:], strict=False)
        ],
    )
    return X, residuals, sizes, ends


@njit(cache=True, nogil=True, error_model="numpy")
def _pursue_many(G, single, U, correlations, Y, weights, steps, floors, X, residuals, sizes, ends):
    n = weights.size
    L, support = np.empty((steps, steps)), np.empty(steps, np.intp)
    z, x = np.empty(steps), np.empty(steps)
    now, few = np.empty(n, np.float32), np.empty(FEW, np.intp)
    for s in range(Y.shape[0]):
        size, end = _pursue(G, single, correlations[s], norm(Y[s]), steps, floors[s], L, support, z, x, now, few)
        if end != UNSURE:
            end = _settle(U, Y[s], L, support[:size], x, floors[s], end, residuals[s])
        for a in range(size):
            X[s, support[a]] = x[a] * weights[support[a]]
        sizes[s], ends[s] = size, end


@njit(cache=True, nogil=True, error_model="numpy")
def _pursue(G, single, first, length, steps, floor, L, support, z, x, now, few):
    """The chosen columns and their coefficients x in unit columns; how many, and why it ended."""
    _single(first, now)
    left, weight = length * length, 0.0
    enough = max(floor, SMALL * length)
    for size in range(steps):
        margin = 2.0**-22 * (size + 4) * (length + weight)
        j = _pick(G, first, now, support[:size], x, margin, length + weight, few)
        if j < 0:
            return size, UNSURE
        row, pivot, share = L[size], G[j, j], first[j]
        for a in range(size):
            entry = G[j, support[a]]
            for b in range(a):
                entry -= L[a, b] * row[b]
            row[a] = entry / L[a, a]
            pivot -= row[a] * row[a]
            share -= row[a] * z[a]
        if not pivot > SHORT:
            return size, UNSURE
        row[size] = math.sqrt(pivot)
        z[size] = share / row[size]
        support[size] = j
        _transposed(L, size + 1, z, x)
        left -= z[size] * z[size]
        if left <= enough * enough:
            return size + 1, FITS
        weight = 0.0
        for a in range(size + 1):
            weight += abs(x[a])
        _update(single, first, support[: size + 1], x, now)
    return steps, FULL


@njit(cache=True, nogil=True)
def _pick(G, first, now, support, x, margin, scale, few):
    """The first of the columns with the largest |c|; -1 if rounding could decide which that is."""
    top = _top(now)
    if not top > 4 * margin:
        return -1
    count = 0
    bar = np.float32((top - 2 * margin) * (1 - 1e-6))
    for j in range(now.size):
        if abs(now[j]) >= bar:
            if count == few.size:
                return -1
            few[count] = j
            count += 1
    if count == 1:
        return few[0]
    values = np.empty(count)
    for i in range(count):
        value = first[few[i]]
        for a in range(support.size):
            value -= G[few[i], support[a]] * x[a]
        values[i] = abs(value)
    bar = values.max() * (1 - slack_of(values))
    doubt = 2.0**-44 * scale
    if (values >= bar - doubt).sum() == 1:
        return few[np.argmax(values)]
    for i in range(count):
        if values[i] >= bar - doubt:
            return few[i] if values[i] >= bar + doubt else -1
    return -1


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _top(now):
    lanes = np.zeros(32, np.float32)
    for start in range(0, now.size, 32):
        part = now[start : start + 32]
        for i in range(part.size):
            size = abs(part[i])
            lanes[i] = size if size > lanes[i] else lanes[i]
    return lanes.max()


@njit(cache=True, nogil=True)
def _single(values, out):
    for i in range(values.size):
        out[i] = values[i]


@njit(cache=True, nogil=True)
def _update(single, first, support, x, now):
    """c = Uᵀ y − G_S x in single precision, exactly zero on the support."""
    _single(first, now)
    a = 0
    while a + 4 <= support.size:
        p, q, r, s = np.float32(x[a]), np.float32(x[a + 1]), np.float32(x[a + 2]), np.float32(x[a + 3])
        _take_four(
            single[support[a]],
            single[support[a + 1]],
            single[support[a + 2]],
            single[support[a + 3]],
            p,
            q,
            r,
            s,
            now,
        )
        a += 4
    while a < support.size:
        take(single[support[a]], np.float32(x[a]), now)
        a += 1
    for a in range(support.size):
        now[support[a]] = 0


@njit(cache=True, nogil=True, fastmath=FAST)
def _take_four(a, b, c, d, p, q, r, s, v):
    for i in range(v.size):
        v[i] -= a[i] * p + b[i] * q + c[i] * r + d[i] * s


@njit(cache=True, nogil=True)
def _transposed(L, size, z, x):
    """Solve Lᵀ x = z."""
    for a in range(size):
        x[a] = z[a]
    for a in range(size - 1, -1, -1):
        x[a] /= L[a, a]
        for b in range(a):
            x[b] -= L[a, b] * x[a]


@njit(cache=True, nogil=True, error_model="numpy")
def _settle(U, y, L, support, x, floor, end, residual):
    """Correct x by its true residual, which is written, and say whether it fits; UNSURE if rounding could decide that."""
    size = support.size
    residual[:] = y
    step, solved = np.empty(size), np.empty(size)
    for a in range(size):
        take(U[support[a]], x[a], residual)
    for a in range(size):
        entry = inner(U[support[a]], residual)
        for b in range(a):
            entry -= L[a, b] * solved[b]
        solved[a] = entry / L[a, a]
    _transposed(L, size, solved, step)
    change, whole = 0.0, 0.0
    for a in range(size):
        x[a] += step[a]
        change, whole = change + abs(step[a]), whole + abs(x[a])
        take(U[support[a]], step[a], residual)
    if not change <= 1e-9 * whole:
        return UNSURE
    length = norm(residual)
    if abs(length - floor) <= 1e-6 * floor:
        return UNSURE
    if length <= floor:
        return FITS
    return FULL if end == FULL else UNSURE
