r"""The point of a polytope that is nearest to the origin, compiled (Wolfe 1976).

The polytope is A x over x with x_S = sum_i lambda_i s * v_i, lambda >= 0, sum lambda = 1, and ||x off S||_1 <= c ||x_S||_1,
where the rows v_i >= 0 of V span a cone. Its corners are p = A_S (s * v_i) +- c |v_i|_1 a_j with j off S. For any y, min_p
<p, y> / ||y|| bounds the distance from below, so the bound returned holds whatever rounding did to y.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TIGHT = 1e-13  # relative gap at which the two bounds are as close as they get
NOTHING = 1e-15  # of the longest corner: the origin belongs to the polytope
FAINT = 1e-7  # of the reach of a column: shorter generators are measured against this


@njit(cache=True, nogil=True)
def product(a, b):
    """The inner product of two vectors; several sums at a time, so that the compiler may use vectors."""
    s0, s1, s2, s3, whole = 0.0, 0.0, 0.0, 0.0, a.size - a.size % 4
    for i in range(0, whole, 4):
        s0 += a[i] * b[i]
        s1 += a[i + 1] * b[i + 1]
        s2 += a[i + 2] * b[i + 2]
        s3 += a[i + 3] * b[i + 3]
    for i in range(whole, a.size):
        s0 += a[i] * b[i]
    return (s0 + s1) + (s2 + s3)


@njit(cache=True, nogil=True)
def corner(AT, off, base, reach, y):
    """Generator, column (-1: none) and sign of the corner lowest along y, and its height."""
    widest, column, turn, height, which = 0.0, -1, 1.0, np.inf, 0
    for j in off:
        slope = product(AT[j], y)
        if abs(slope) >= widest:
            widest, column, turn = abs(slope), j, -1.0 if slope > 0 else 1.0
    for i in range(base.shape[0]):
        level = product(base[i], y) - reach[i] * widest
        if level < height:
            height, which = level, i
    return which, column if reach[which] > 0.0 else -1, turn, height


@njit(cache=True, nogil=True)
def bordered(inverse, q, border, corner_entry):
    """The inverse of a symmetric matrix of order q with one more row and column, in place; False if it is singular."""
    side, rest = np.zeros(q), corner_entry
    for a in range(q):
        for b in range(q):
            side[a] += inverse[a, b] * border[b]
        rest -= border[a] * side[a]
    if not rest > 1e-14 * corner_entry:
        return False
    for a in range(q):
        for b in range(q):
            inverse[a, b] += side[a] * side[b] / rest
        inverse[a, q] = inverse[q, a] = -side[a] / rest
    inverse[q, q] = 1.0 / rest
    return True


@njit(cache=True, nogil=True)
def without(inverse, q, gone):
    """The inverse of order q without one row and column, in place; the last one takes its place."""
    last = q - 1
    for a in range(q):
        inverse[gone, a], inverse[last, a] = inverse[last, a], inverse[gone, a]
    for a in range(q):
        inverse[a, gone], inverse[a, last] = inverse[a, last], inverse[a, gone]
    for a in range(last):
        for b in range(last):
            inverse[a, b] -= inverse[a, last] * inverse[last, b] / inverse[last, last]


@njit(cache=True, nogil=True)
def settle(inverse, corners, labels, weights, q):
    """Weights of the nearest point of the corners, those that it does not need being dropped; how many are left."""
    aim = np.empty(q)
    while True:
        total = 0.0
        for a in range(q):
            aim[a] = 0.0
            for b in range(q):
                aim[a] += inverse[a, b]
            total += aim[a]
        step, gone = 1.0, -1
        for a in range(q):
            aim[a] /= total
            if aim[a] <= 0.0:
                t = weights[a] / (weights[a] - aim[a]) if weights[a] > aim[a] else 0.0
                if gone < 0 or t < step:
                    step, gone = t, a
        for a in range(q):
            weights[a] = max(0.0, weights[a] + step * (aim[a] - weights[a]))
        if gone < 0 or q == 1:
            return q
        without(inverse, q, gone)
        q -= 1
        weights[gone], labels[gone, 0], labels[gone, 1], labels[gone, 2] = (
            weights[q],
            labels[q, 0],
            labels[q, 1],
            labels[q, 2],
        )
        for c in range(corners.shape[1]):
            corners[gone, c] = corners[q, c]


@njit(cache=True, nogil=True)
def placed(AT, S, signs, V, c):
    """The columns off S; A_S (s * v_i) for each generator; how far the corners lie from it."""
    n, m = AT.shape
    off, base, reach, count = np.empty(n - S.size, np.int64), np.zeros((V.shape[0], m)), np.zeros(V.shape[0]), 0
    for j in range(n):
        inside = False
        for a in range(S.size):
            inside |= S[a] == j
        if not inside:
            off[count] = j
            count += 1
    for i in range(V.shape[0]):
        for a in range(S.size):
            reach[i] += c * V[i, a] if count else 0.0
            for r in range(m):
                base[i, r] += signs[a] * V[i, a] * AT[S[a], r]
    return off, base, reach


@njit(cache=True, nogil=True)
def written(x, S, signs, V, reach, labels, weights, q):
    """Write the x of the weights of q corners."""
    for j in range(x.size):
        x[j] = 0.0
    for a in range(q):
        i = labels[a, 0]
        for b in range(S.size):
            x[S[b]] += weights[a] * signs[b] * V[i, b]
        if labels[a, 1] >= 0:
            x[labels[a, 1]] += weights[a] * labels[a, 2] * reach[i]


@njit(cache=True, nogil=True)
def nearest_point(AT, S, signs, V, c, enough):
    """Bounds of the distance, and x: stops when the lower one exceeds ``enough``, or when they agree."""
    n, m = AT.shape
    off, base, reach = placed(AT, S, signs, V, c)
    corners, labels, inverse = np.zeros((m + 2, m)), np.zeros((m + 2, 3), np.int64), np.zeros((m + 2, m + 2))
    weights, border, y, x = np.zeros(m + 2), np.zeros(m + 2), base[0].copy(), np.zeros(n)
    lower, upper, q, scale = 0.0, np.inf, 0, np.inf
    for i in range(V.shape[0]):
        scale = min(scale, max(np.sqrt(product(base[i], base[i])), 1e-150))
    for j in off:
        scale = max(scale, FAINT * reach[0] * np.sqrt(product(AT[j], AT[j])))
    for _ in range(50 * (m + n)):
        i, j, turn, height = corner(AT, off, base, reach, y)
        norm = np.sqrt(product(y, y))
        if norm > 0.0:
            lower = max(lower, height / norm)
        if q > 0:
            if norm >= upper:
                break
            upper = norm
            written(x, S, signs, V, reach, labels, weights, q)
            if lower > enough or upper - lower <= TIGHT * upper or upper <= NOTHING * scale or q > m:
                break
        labels[q, 0], labels[q, 1], labels[q, 2] = i, j, np.int64(turn)
        for r in range(m):
            corners[q, r] = base[i, r] + (turn * reach[i] * AT[j, r] if j >= 0 else 0.0)
        for a in range(q + 1):
            border[a] = product(corners[a], corners[q]) / scale**2 + 1.0
        if not bordered(inverse, q, border, border[q]):
            break
        weights[q] = 1.0 if q == 0 else 0.0
        q = settle(inverse, corners, labels, weights, q + 1)
        for r in range(m):
            y[r] = 0.0
            for a in range(q):
                y[r] += weights[a] * corners[a, r]
    return min(lower, upper), upper, x


@njit(cache=True, nogil=True)
def survey(AT, supports, signs, c, squared, best, point, lower):
    """For each signed support, a lower bound of ||A x|| / ||x_S||_1, written to ``lower``; no closer than to exceed ``best``.

    ``best`` holds the smallest ||A x|| / ||x_S||_2 (||x_S||_1 unless ``squared``) found so far, ``point`` its x.
    """
    V = np.eye(supports.shape[1])
    for r in range(supports.shape[0]):
        lower[r], upper, x = nearest_point(AT, supports[r], signs[r], V, c, best[0])
        size = 0.0
        for a in range(supports.shape[1]):
            size += x[supports[r, a]] ** 2
        ratio = upper / np.sqrt(size) if squared and size > 0.0 else upper
        if ratio < best[0]:
            best[0] = ratio
            for j in range(x.size):
                point[j] = x[j]
