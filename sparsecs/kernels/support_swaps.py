r"""A support of k indices on which the largest eigenvalue of a Hermitian matrix is large: grow, then swap while that helps.

    grow:  add the j with the largest top eigenvalue of [[lambda, |v^H H_Sj|], [., H_jj]]        v: top eigenvector on S
    swap:  P = S minus i, H_PP = V diag(w) V^H, z = V^H H_Pj, t = lambda(S):  j is better than i  <=>  f(t) < 0
           f(t) = t - H_jj - sum |z_l|^2 / (t - w_l)

The second is exact, since f is the last pivot of t I - H on P + j. What comes out cannot be improved by any swap of one index.
Eigenvalues of the small parts are those of Jacobi's rotations.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

GAIN = 1e-12  # of a swap, relative; below it rounding could swap for ever
ROUNDING = 1e-15
SWEEPS = 30


def climb(H: np.ndarray, k: int, seeds: np.ndarray) -> tuple[np.ndarray, float]:
    """The best support that is reached from any row of seeds, (q, p) indices, and the largest eigenvalue there.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.support_swaps import climb
    >>> support, value = climb(np.ones((4, 4)) + np.diag([0.0, 5.0, 0.0, 5.0]), 2, np.array([[0, 2]]))
    >>> np.sort(support), round(value, 12)
    (array([1, 3]), 7.0)
    """
    M, V = np.empty((k, k), H.dtype), np.empty((k, k), H.dtype)
    best, found = -np.inf, np.arange(k)
    for seed in seeds:
        free = np.ones(H.shape[0], np.bool_)
        S = np.zeros(k, np.int64)
        given = [index for place, index in enumerate(seed) if index not in seed[:place]]
        for size in range(k):
            S[size] = given[size] if size < len(given) else next_index(H, S, size, free, M, V)
            free[S[size]] = False
        value = swap(H, S, free, M, V)
        if value > best:
            best, found = value, S
    return found, best


def swap(H: np.ndarray, S: np.ndarray, free: np.ndarray, M: np.ndarray, V: np.ndarray) -> float:
    """Exchange indices of S while the largest eigenvalue grows; what it is in the end. S and ``free`` are changed."""
    k = S.size
    value = largest(H, S, M, V)
    place = unchanged = 0
    while unchanged < k:
        unchanged += 1
        leaving = S[place]
        entering = better_index(H, S, k, place, free, value, M, V)
        if entering >= 0:
            S[place] = entering
            grown = largest(H, S, M, V)
            if grown > value:
                free[leaving], free[entering] = True, False
                value, unchanged = grown, 0
            else:
                S[place] = leaving
        place = (place + 1) % k
    return value


def largest(H: np.ndarray, S: np.ndarray, M: np.ndarray, V: np.ndarray) -> float:
    """The largest eigenvalue on S."""
    top = decompose(H, S, S.size, S.size, M, V)
    return float(M[top, top].real)


@njit(cache=True, nogil=True)
def decompose(H, S, size, skipped, M, V):
    """H on S without one place becomes M, nearly diagonal, with eigenvectors in V; where its largest eigenvalue stands."""
    count, peak = size - (1 if skipped < size else 0), 0.0
    for a in range(count):
        for b in range(count):
            M[a, b] = H[S[a + (a >= skipped)], S[b + (b >= skipped)]]
            V[a, b] = 1 if a == b else 0
            peak = max(peak, abs(M[a, b]))
    for _ in range(SWEEPS):
        turned = False
        for p in range(count):
            for q in range(p + 1, count):
                if abs(M[p, q]) > ROUNDING * peak:
                    rotate(M, V, count, p, q)
                    turned = True
        if not turned:
            break
    top = 0
    for a in range(count):
        if M[a, a].real > M[top, top].real:
            top = a
    return top


@njit(cache=True, nogil=True)
def rotate(M, V, count, p, q):
    """Make M[p, q] zero by a rotation of the plane p, q."""
    size = abs(M[p, q])
    phase = M[p, q] / size
    slope = (M[q, q].real - M[p, p].real) / (2 * size)
    t = (1.0 if slope >= 0 else -1.0) / (abs(slope) + math.hypot(slope, 1.0))
    c = 1 / math.hypot(t, 1.0)
    s = t * c
    back = np.conj(phase)
    for a in range(count):
        x, y = M[a, p], M[a, q] * back
        M[a, p], M[a, q] = c * x - s * y, s * x + c * y
        x, y = V[a, p], V[a, q] * back
        V[a, p], V[a, q] = c * x - s * y, s * x + c * y
    for a in range(count):
        x, y = M[p, a], M[q, a] * phase
        M[p, a], M[q, a] = c * x - s * y, s * x + c * y
    M[p, q] = M[q, p] = 0


@njit(cache=True, nogil=True)
def cross(H, S, size, skipped, V, column, j):
    """The modulus of the inner product of a column of V with column j of H on S without one place."""
    total = H[j, j] * 0
    for a in range(size - (1 if skipped < size else 0)):
        total += np.conj(V[a, column]) * H[S[a + (a >= skipped)], j]
    return abs(total)


@njit(cache=True, nogil=True)
def next_index(H, S, size, free, M, V):
    """The free index that adds most to the largest eigenvalue on S, seen from its eigenvector."""
    top, best, found = -1, -np.inf, -1
    if size > 0:
        top = decompose(H, S, size, size, M, V)
    for j in range(free.size):
        if free[j]:
            reach = H[j, j].real
            if size > 0:
                half = (reach - M[top, top].real) / 2
                reach = half + math.hypot(half, cross(H, S, size, size, V, top, j))
            if reach > best:
                best, found = reach, j
    return found


@njit(cache=True, nogil=True)
def better_index(H, S, k, place, free, value, M, V):
    """The free index with the lowest pivot, if there is one with which the largest eigenvalue grows; else -1."""
    size = max(abs(value), abs(H[S[place], S[place]]))
    t, tiny = value + GAIN * size, ROUNDING * size
    if k > 1:
        decompose(H, S, k, place, M, V)
    least, found = 0.0, -1
    for j in range(free.size):
        if free[j]:
            pivot = t - H[j, j].real
            for a in range(k - 1):
                z = cross(H, S, k, place, V, a, j)
                if z > 0:
                    pivot -= z * (z / max(t - M[a, a].real, tiny))
            if pivot < least:
                least, found = pivot, j
    return found
