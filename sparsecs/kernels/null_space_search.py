"""The inner loops of the search for the null space constant: signed sets of columns, and what they can grow to, compiled.

A signed set S has the value v(S) = max sum_S s_i x_i over the null vectors of unit l1 norm. ``W`` holds for each column i a
vector e_i - (a combination of rows): what it takes off the value of S is at most max |w_S + s W_f|. ``P[a, i, j]`` bounds the
value of the pair of i and j with equal (a = 0) or opposite (a = 1) signs; a set of k has at most sum of its pairs / (k - 1).
``best`` holds the k largest share found so far, ``point`` its null vector, in units of z.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels.null_space_simplex import add, largest, optimise, residual, same

SLACK = 1e-11  # sets that could gain less are left out
PIVOTS = 1_000_000  # of one linear program, which takes a few hundred


@njit(cache=True, nogil=True)
def note(T, basis, sign, omega, k, rows, best, point):
    """Keep the vertex if its k largest entries, whose ``rows`` are written, hold more than what was found; their share."""
    share = largest(T, basis, omega, k, rows)
    if share > best[0]:
        best[0] = share
        for j in range(point.size):
            point[j] = 0.0
        for i in range(basis.size):
            point[basis[i]] = sign[i] * max(T[i, T.shape[1] - 1], 0.0)
    return share


@njit(cache=True, nogil=True)
def climb(T, basis, sign, other, omega, k, best, point):
    """From an optimal vertex to better ones: the best for the signs of the k largest entries, until nothing gets better."""
    R, share = basis.size, -1.0
    rows, columns, signs = np.empty(R, np.int64), np.empty(R, np.int64), np.empty(R)
    while True:
        now = note(T, basis, sign, omega, k, rows, best, point)
        if now <= share * (1.0 + 1e-12):
            return
        share = now
        for c in range(T.shape[1]):
            T[R, c] = 0.0
        for a in range(min(k, R)):
            columns[a], signs[a] = basis[rows[a]], sign[rows[a]]
        for a in range(min(k, R)):
            add(T, basis, sign, other, omega, columns[a], signs[a])
        optimise(T, basis, sign, other, omega, -1.0, PIVOTS)


@njit(cache=True, nogil=True)
def pair_bounds(W, P, start, end):
    """Write max |W_i + s W_j| for each pair j < i where that is below what stands there, for i from ``start`` to ``end``."""
    n = W.shape[0]
    for i in range(start, end):
        for j in range(i):
            alike, unlike = 0.0, 0.0
            for c in range(n):
                alike = max(alike, abs(W[i, c] + W[j, c]))
                unlike = max(unlike, abs(W[i, c] - W[j, c]))
            P[0, i, j] = P[0, j, i] = min(P[0, i, j], alike)
            P[1, i, j] = P[1, j, i] = min(P[1, i, j], unlike)


@njit(cache=True, nogil=True)
def solve_pairs(T, basis, sign, other, omega, i, partners, P, solved, k, best, point):
    """The exact values of the pairs of column i, whose own optimum is given, with others."""
    T1, basis1, sign1, other1 = T.copy(), basis.copy(), sign.copy(), other.copy()
    rows = np.empty(basis.size, np.int64)
    for j in partners:
        for a in range(2):
            if not solved[a, i, j]:
                same(T, basis, sign, other, T1, basis1, sign1, other1)
                add(T1, basis1, sign1, other1, omega, j, 1.0 - 2.0 * a)
                value = min(optimise(T1, basis1, sign1, other1, omega, -1.0, PIVOTS)[0], P[a, i, j])
                note(T1, basis1, sign1, omega, k, rows, best, point)
                P[a, i, j] = P[a, j, i] = value
                solved[a, i, j] = solved[a, j, i] = True


@njit(cache=True, nogil=True)
def pair_sums(S, signs, P):
    """The sum of the bounds of the pairs within S, and those with each signed column outside, (2, n)."""
    inside, scores = 0.0, np.zeros((2, P.shape[1]))
    for c in range(S.size):
        turn = 0 if signs[c] > 0 else 1
        for d in range(c):
            inside += P[turn ^ (0 if signs[d] > 0 else 1), S[c], S[d]]
        for a in range(2):
            for f in range(P.shape[1]):
                scores[a, f] += P[turn ^ a, S[c], f]
    for c in range(S.size):
        scores[0, S[c]] = scores[1, S[c]] = -np.inf
    return inside, scores


@njit(cache=True, nogil=True)
def cannot_grow(inside, scores, P, f, a, size, k, top_pair, bar):
    """Whether the pairs alone show that no set of k that holds S and f exceeds ``bar``, or that S and f are no part of one."""
    inside += scores[a, f]
    if inside <= size * (bar * (size + 1) / k):
        return True
    more = k - size - 1
    if more == 0:
        return False
    partner = -np.inf
    for b in range(2):
        for g in range(scores.shape[1]):
            if g != f:
                partner = max(partner, scores[b, g] + P[a ^ b, f, g])
    return inside + more * partner + more * (more - 1) / 2 * top_pair <= (k - 1) * bar


@njit(cache=True, nogil=True)
def exceeds(w, row, s, bar):
    """Whether max |w + s row| is above ``bar``."""
    i = 0
    while i < w.size and abs(w[i] + s * row[i]) <= bar:
        i += 1
    return i < w.size


@njit(cache=True, nogil=True)
def grow(T, basis, sign, other, omega, S, signs, k, W, P, top_pair, skip, start, most, best, point, grown, values):
    """The signed columns from place ``start`` on that S, whose optimum is given, can be joined by, and the new values.

    Place 2 f + a stands for column f with sign (-1)^a. Returns the place to go on from, and how many were found.
    """
    size, w = S.size, np.empty(omega.size)
    residual(T, basis, sign, other, omega, w)
    inside, scores = pair_sums(S, signs, P)
    T1, basis1, sign1, other1 = T.copy(), basis.copy(), sign.copy(), other.copy()
    rows, found, programs, place = np.empty(basis.size, np.int64), 0, 0, start
    while place < 2 * omega.size and programs < most:
        f, a, s = place // 2, place % 2, 1.0 - 2.0 * (place % 2)
        place += 1
        if skip[f, a] or scores[a, f] == -np.inf:
            continue
        bar = best[0] + SLACK
        if cannot_grow(inside, scores, P, f, a, size, k, top_pair, bar) or not exceeds(
            w, W[f], s, bar * (size + 1) / k
        ):
            continue
        programs += 1
        same(T, basis, sign, other, T1, basis1, sign1, other1)
        add(T1, basis1, sign1, other1, omega, f, s)
        value = optimise(T1, basis1, sign1, other1, omega, bar * (size + 1) / k, PIVOTS)[0]
        note(T1, basis1, sign1, omega, k, rows, best, point)
        if value > (best[0] + SLACK) * (size + 1) / k:
            grown[found], values[found] = place - 1, value
            found += 1
    return place, found
