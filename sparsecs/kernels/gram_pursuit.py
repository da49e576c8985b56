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

from sparsecs.kernels._scalars import in_precision_of
from sparsecs.kernels.chunks import in_parallel, threads_allowed
from sparsecs.kernels.least_squares import inner, norm, take, take_four
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
    cuts = [slice(p * i // workers, p * (i + 1) // workers) for i in range(workers)]
    shared, own = (G, single, U, weights, steps), (correlations, Y, floors, X, residuals, sizes, ends)
    in_parallel(_pursue_many, [(*shared, *(array[cut] for array in own)) for cut in cuts])
    return X, residuals, sizes, ends


@njit(cache=True, nogil=True, error_model="numpy")
def _pursue_many(G, single, U, weights, steps, correlations, Y, floors, X, residuals, sizes, ends):
    n = weights.size
    L, support = np.empty((steps, steps)), np.empty(steps, np.intp)
    z, x = np.empty(steps), np.empty(steps)
    now, exact, lanes, few = np.empty(n, np.float32), np.empty(n), np.empty(32), np.empty(FEW, np.intp)
    for s in range(Y.shape[0]):
        size, end = _pursue(
            G, single, correlations[s], norm(Y[s]), steps, floors[s], L, support, z, x, now, exact, lanes, few
        )
        if end != UNSURE:
            end = _settle(U, Y[s], L, support[:size], x, floors[s], end, residuals[s])
        for a in range(size):
            X[s, support[a]] = x[a] * weights[support[a]]
        sizes[s], ends[s] = size, end


@njit(cache=True, nogil=True, error_model="numpy")
def _pursue(G, single, first, length, steps, floor, L, support, z, x, now, exact, lanes, few):
    """The chosen columns and their coefficients x in unit columns; how many, and why it ended."""
    _single(first, now)
    left, weight = length * length, 0.0
    enough = max(floor, SMALL * length)
    for size in range(steps):
        j = _pick(G, first, now, exact, lanes, support[:size], x, length + weight, few)
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
def _pick(G, first, now, exact, lanes, support, x, scale, few):
    """The first of the columns with the largest |c|; -1 if rounding could decide which that is."""
    j = _first_of(G, first, now, lanes, support, x, 2.0**-22 * (support.size + 4) * scale, scale, few)
    if j < 0:
        _update(G, first, support, x, exact)
        j = _first_of(G, first, exact, lanes, support, x, 2.0**-46 * (support.size + 4) * scale, scale, few)
    return j


@njit(cache=True, nogil=True)
def _first_of(G, first, now, lanes, support, x, margin, scale, few):
    """``_pick`` for correlations that are known to within ``margin``."""
    _peaks(now, lanes)
    top = lanes.max()
    if not top > 4 * margin:
        return -1
    count, bar = 0, (top - 2 * margin) * (1 - 1e-6)
    for lane in range(lanes.size):
        if lanes[lane] >= bar:
            for j in range(lane, now.size, lanes.size):
                if abs(now[j]) >= bar:
                    if count == few.size:
                        return -1
                    few[count] = j
                    count += 1
    if count == 1:
        return few[0]
    return _first_of_few(G, first, support, x, scale, few[:count])


@njit(cache=True, nogil=True)
def _first_of_few(G, first, support, x, scale, few):
    """The first of a few columns with the largest |c| in double precision; -1 if rounding could decide."""
    values, top = np.empty(few.size), 0.0
    for i in range(few.size):
        value = first[few[i]]
        for a in range(support.size):
            value -= G[few[i], support[a]] * x[a]
        values[i] = abs(value)
        top = max(top, values[i])
    bar, doubt = top * (1 - slack_of(values)), 2.0**-44 * scale
    earliest, possible = 0, 0
    for i in range(few.size):
        if values[i] >= bar - doubt:
            possible += 1
            if possible == 1 or few[i] < few[earliest]:
                earliest = i
    return few[earliest] if possible == 1 or values[earliest] >= bar + doubt else -1


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _peaks(now, lanes):
    """The largest modulus at the positions that leave the same rest when divided by the number of lanes."""
    lanes[:] = 0
    for start in range(0, now.size, lanes.size):
        part = now[start : start + lanes.size]
        for i in range(part.size):
            size = abs(part[i])
            lanes[i] = size if size > lanes[i] else lanes[i]


@njit(cache=True, nogil=True)
def _single(values, out):
    for i in range(values.size):
        out[i] = values[i]


@njit(cache=True, nogil=True)
def _update(G, first, support, x, now):
    """c = Uᵀ y − G_S x in the precision of G and ``now``, exactly zero on the support."""
    _single(first, now)
    a = 0
    while a + 4 <= support.size:
        i, j, k, h = support[a], support[a + 1], support[a + 2], support[a + 3]
        p, q = in_precision_of(now, x[a]), in_precision_of(now, x[a + 1])
        r, s = in_precision_of(now, x[a + 2]), in_precision_of(now, x[a + 3])
        take_four(G[i], G[j], G[k], G[h], p, q, r, s, now)
        a += 4
    while a < support.size:
        take(G[support[a]], in_precision_of(now, x[a]), now)
        a += 1
    for a in range(support.size):
        now[support[a]] = 0


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
