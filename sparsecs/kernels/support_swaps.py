r"""A support of k indices on which the largest eigenvalue of a Hermitian matrix is large: grow, then swap while that helps.

    grow:  add the j with the largest top eigenvalue of [[lambda, |v^H H_Sj|], [., H_jj]]        v: top eigenvector on S
    swap:  P = S minus i, H_PP = V diag(w) V^H, z = V^H H_Pj, t = lambda(S):  j is better than i  <=>  f(t) < 0
           f(t) = t - H_jj - sum |z_l|^2 / (t - w_l)

The second is exact, since f is the last pivot of t I - H on P + j. What comes out cannot be improved by any swap of one index.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

GAIN = 1e-12  # of a swap, relative; below it rounding could swap for ever


@njit(cache=True, nogil=True)
def climb(H, k, seeds, support):
    """The largest eigenvalue that is reached from any of the seeds, (q, 2) pairs of indices; its ``support`` is filled in."""
    n = H.shape[0]
    best = -np.inf
    chosen = np.empty(k, np.int64)
    free = np.empty(n, np.bool_)
    for q in range(seeds.shape[0]):
        free[:] = True
        size = 0
        for i in seeds[q]:
            if size < k and free[i]:
                chosen[size] = i
                free[i] = False
                size += 1
        while size < k:
            chosen[size] = next_index(H, chosen[:size], free)
            free[chosen[size]] = False
            size += 1
        value = swap(H, chosen, free)
        if value > best:
            best = value
            support[:] = chosen
    return best


@njit(cache=True, nogil=True)
def decomposed(H, S):
    """Eigenvalues in rising order and eigenvectors of H on S."""
    part = np.empty((S.size, S.size), H.dtype)
    for a in range(S.size):
        for b in range(S.size):
            part[a, b] = H[S[a], S[b]]
    return np.linalg.eigh(part)


@njit(cache=True, nogil=True)
def next_index(H, S, free):
    """The free index that adds most to the largest eigenvalue on S, seen from its eigenvector."""
    w, V = decomposed(H, S)
    value, best, found = w[-1], -np.inf, -1
    for j in range(free.size):
        if free[j]:
            half = (H[j, j].real - value) / 2
            reach = half + math.hypot(half, abs(product(V, S.size - 1, H, S, j)))
            if reach > best:
                best, found = reach, j
    return found


@njit(cache=True, nogil=True)
def product(V, l, H, S, j):
    """The inner product of a column of V with column j of H on S."""
    total = H[j, j] * 0
    for a in range(S.size):
        total += np.conj(V[a, l]) * H[S[a], j]
    return total


@njit(cache=True, nogil=True)
def swap(H, S, free):
    """Exchange indices of S while the largest eigenvalue grows; what it is in the end. S and ``free`` are changed."""
    k = S.size
    value = decomposed(H, S)[0][-1]
    unchanged = 0
    place = 0
    while unchanged < k:
        leaving = S[place]
        rest = np.concatenate((S[:place], S[place + 1 :]))
        size = max(abs(value), H[leaving, leaving].real, 1e-300)
        entering = better_index(H, rest, free, value + GAIN * size) if k > 1 else best_alone(H, free, value)
        unchanged += 1
        if entering >= 0:
            S[place] = entering
            grown = decomposed(H, S)[0][-1]
            if grown > value:
                free[leaving], free[entering] = True, False
                value, unchanged = grown, 0
            else:
                S[place] = leaving
        place = (place + 1) % k
    return value


@njit(cache=True, nogil=True)
def better_index(H, P, free, t):
    """The free index with the lowest pivot, if there is one with which the largest eigenvalue exceeds t; else -1."""
    w, V = decomposed(H, P)
    least, found = 0.0, -1
    tiny = 1e-14 * max(abs(t), abs(w[-1]), 1e-300)
    for j in range(free.size):
        if free[j]:
            pivot = t - H[j, j].real
            for l in range(P.size):
                z = abs(product(V, l, H, P, j))
                pivot -= z * z / max(t - w[l], tiny)
            if pivot < least:
                least, found = pivot, j
    return found


@njit(cache=True, nogil=True)
def best_alone(H, free, value):
    """The free index with the largest diagonal entry, if that exceeds the value; else -1."""
    found = -1
    for j in range(free.size):
        if free[j] and H[j, j].real > value:
            value, found = H[j, j].real, j
    return found
