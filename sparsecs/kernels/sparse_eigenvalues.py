r"""Is a Hermitian matrix positive definite on every support of k indices? A search that proves it or finds one where it is not.

    K_SS > 0 for |S| = k, S = {i, j} + J   <=>   K_ij > 0  and  C_JJ > 0,   C = K - K_:,ij K_ij^{-1} K_ij,:      Schur complement

Written C = D^(1/2) (I - N) D^(1/2) with D its diagonal, C_JJ > 0 fails only if the largest eigenvalue of N_JJ reaches 1. All
entries of N_JJ are then not below 1/(r - 1) in modulus, r = |J|: the heaviest of them is at least that, so only heavy pairs are
tried, the heaviest first, and a pair that was tried is forbidden afterwards. So each support is looked at once, under its
heaviest pair. Of a pair of weight w the others have entries of at most w; with b_l the part of the diagonal that the pair
takes away,

    1 <= lambda_max(N_JJ) + sum_J b_l <= (|J| - 1) w + sum_J b_l,

which leaves few candidates l, and often none. The elimination is that of Cholesky, stable with no growth: what it says holds for
a matrix that differs from K by rounding of its diagonal. The state is an explicit stack, so that a search goes in short pieces.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, types
from numba.extending import overload

DONE, PAUSED, FOUND = 0, 1, 2
TINY = np.finfo(np.float64).tiny
SLACK = (
    1e-13  # of tests that only skip work: above the rounding of a few operations, below any step that a search takes
)

SIZE, COUNT, AT = 0, 1, 2  # of a node: its candidates, its heavy pairs, the next of them to be tried


def bytes_of_stack(n: int, k: int, itemsize: int) -> int:
    """Bytes that a search takes, each thread."""
    return max(1, k // 2) * n * n * (itemsize + 1 + 8)


def new_stack(n: int, k: int, dtype: np.dtype) -> tuple[np.ndarray, ...]:
    """Room for the search of supports of k among n: what ``advance`` takes, in its order.

    Returns
    -------
    tuple of arrays
        Of each level: C, the forbidden pairs, the columns of its candidates, the squared weights of its heavy pairs, these pairs,
        and its state (the last row holds the level at which the search stands). Then the indices chosen, and room for a step.
    """
    levels, most = max(1, k // 2), max(1, n * (n - 1) // 2)
    return (
        np.empty((levels, n, n), dtype),
        np.empty((levels, n, n), np.bool_),
        np.empty((levels, n), np.int64),
        np.empty((levels, most)),
        np.empty((levels, most, 2), np.int32),
        np.full((levels + 1, 3), -1),
        np.zeros(max(k, 3), np.int64),
        np.empty((2, n), dtype),
        np.empty((3, n)),
        np.empty(n, np.int64),
    )


def squared(v):
    """The squared modulus of a number."""
    return abs(v) ** 2


@overload(squared)
def _squared(v):
    if isinstance(v, types.Complex):
        return lambda v: v.real * v.real + v.imag * v.imag
    return lambda v: v * v


def begin(K: np.ndarray, k: int, stack: tuple[np.ndarray, ...]) -> int:
    """Put K at the root; how many indices of ``chosen``, 1 or 2, already make a support on which it is not positive, else 0."""
    C, banned, columns, _, _, state, chosen = stack[:7]
    C[0], banned[0], columns[0] = K, False, np.arange(K.shape[0])
    diagonal = K.diagonal().real
    if not diagonal.min() > 0:
        chosen[0] = diagonal.argmin()
        return 1
    state[0], state[-1, 0] = (K.shape[0], 0, 0), 0
    if k == 1:
        return 0
    return 2 if heavy_pairs(0, k, *stack[:7]) else 0


@njit(cache=True, nogil=True)
def heavy_pairs(level, r, C, banned, columns, weights, pairs, state, chosen):
    """List the pairs of a node that are heavy enough if r indices are to come; whether one is not positive by itself."""
    bar = ((1 - SLACK) / max(r - 1, 1)) ** 2
    size, count = state[level, SIZE], 0
    for i in range(size):
        limit = bar * C[level, i, i].real
        for j in range(i + 1, size):
            square = squared(C[level, i, j])
            if square >= limit * C[level, j, j].real and not banned[level, i, j]:
                weight = square / (C[level, i, i].real * C[level, j, j].real)
                if weight >= 1:
                    chosen[2 * level] = columns[level, i]
                    chosen[2 * level + 1] = columns[level, j]
                    return True
                weights[level, count] = weight
                pairs[level, count, 0], pairs[level, count, 1] = i, j
                count += 1
    state[level, AT] = 0
    state[level, COUNT] = count if r > 2 else 0
    if r > 3:
        heaviest_first(level, weights, pairs, count)
    return False


@njit(cache=True, nogil=True)
def heaviest_first(level, weights, pairs, count):
    """Sort the pairs of a node by falling weights, in place (Shell's method with the gaps of Knuth)."""
    gap = 1
    while gap < count:
        gap = 3 * gap + 1
    while gap > 1:
        gap //= 3
        for a in range(gap, count):
            weight, i, j = weights[level, a], pairs[level, a, 0], pairs[level, a, 1]
            b = a
            while b >= gap and weights[level, b - gap] < weight:
                weights[level, b] = weights[level, b - gap]
                pairs[level, b, 0], pairs[level, b, 1] = pairs[level, b - gap, 0], pairs[level, b - gap, 1]
                b -= gap
            weights[level, b] = weight
            pairs[level, b, 0], pairs[level, b, 1] = i, j


@njit(cache=True, nogil=True)
def advance(k, stride, work, C, banned, columns, weights, pairs, state, chosen, rows, reals, kept):
    """Search on, for about that many operations.

    Returns
    -------
    tuple
        What happened, and if a support was found, how many indices of ``chosen`` make it.
    """
    level = state[-1, 0]
    while level >= 0:
        if work <= 0:
            state[-1, 0] = level
            return PAUSED, 0
        e, step = state[level, AT], stride if level == 0 else 1
        if e >= state[level, COUNT]:
            level -= 1
            continue
        i, j = pairs[level, e, 0], pairs[level, e, 1]
        for passed in range(max(0, e - step + 1), e + 1):  # those before e were tried elsewhere
            first, second = pairs[level, passed, 0], pairs[level, passed, 1]
            banned[level, first, second] = banned[level, second, first] = True
        state[level, AT] = e + step
        chosen[2 * level], chosen[2 * level + 1] = columns[level, i], columns[level, j]
        r = k - 2 * level - 2
        size, bad = eliminate(state[level, SIZE], i, j, C[level], banned[level], rows, reals, kept)
        work -= 4 * state[level, SIZE]
        if bad >= 0:
            chosen[2 * level + 2] = columns[level, bad]
            return FOUND, 2 * level + 3
        if r < 2:
            continue
        size = only_useful(size, r, 1 - SLACK - (r - 1) * math.sqrt(weights[level, e]), rows, reals, kept)
        if size < r:
            continue
        work -= 2 * size * size
        if r == 2:
            a, b = not_positive_pair(size, C[level], rows, reals, kept)
            if a >= 0:
                chosen[2 * level + 2], chosen[2 * level + 3] = columns[level, a], columns[level, b]
                return FOUND, 2 * level + 4
            continue
        reduce(level, size, C, banned, columns, rows, reals, kept)
        state[level + 1, SIZE] = size
        if heavy_pairs(level + 1, r, C, banned, columns, weights, pairs, state, chosen):
            return FOUND, 2 * level + 4
        level += 1
    state[-1, 0] = -1
    return DONE, 0


@njit(cache=True, nogil=True)
def eliminate(size, i, j, C, banned, rows, reals, kept):
    """Take a pair into the support.

    Returns
    -------
    tuple
        How many candidates are left, and one that is found not to go with the pair at once, else -1. Of those left, ``kept``
        holds the positions, ``rows`` two rows of the factor, ``reals`` what is left of the diagonal and the part that is taken.
    """
    first = 1 / math.sqrt(C[i, i].real)
    cross = C[j, i] * first
    rest = C[j, j].real - squared(cross)
    second = 1 / math.sqrt(max(rest, TINY))  # the weight may have been below 1 by rounding only
    count = 0
    for c in range(size):
        if banned[i, c] or banned[j, c] or c in (i, j):
            continue
        z = C[i, c] * first
        y = (C[j, c] - cross * z) * second
        whole = C[c, c].real
        part = squared(z) + squared(y)
        if part >= whole:
            return count, c
        rows[0, count], rows[1, count] = z, y
        reals[0, count], reals[1, count] = whole - part, part / whole
        kept[count] = c
        count += 1
    return count, -1


@njit(cache=True, nogil=True)
def only_useful(size, r, need, rows, reals, kept):
    """Drop candidates with which no r of them reach the sum ``need`` of parts taken; how many are left."""
    if size < r or need <= 0:
        return size
    top = reals[2]  # the largest parts, in rising order
    for place in range(r - 1):
        top[place] = 0.0
    for c in range(size):
        value = reals[1, c]
        if value > top[0]:
            place = 0
            while place + 1 < r - 1 and top[place + 1] < value:
                top[place] = top[place + 1]
                place += 1
            top[place] = value
    total = 0.0
    for place in range(r - 1):
        total += top[place]
    useful = 0
    for c in range(size):
        if reals[1, c] + total >= need:
            rows[0, useful], rows[1, useful] = rows[0, c], rows[1, c]
            reals[0, useful], reals[1, useful] = reals[0, c], reals[1, c]
            kept[useful] = kept[c]
            useful += 1
    return useful


@njit(cache=True, nogil=True)
def not_positive_pair(size, C, rows, reals, kept):
    """Positions of two candidates that complete a support on which the matrix is not positive; -1 if there are none."""
    for a in range(size):
        p, z, y, left = kept[a], np.conj(rows[0, a]), np.conj(rows[1, a]), reals[0, a]
        for b in range(a + 1, size):
            if squared(C[p, kept[b]] - z * rows[0, b] - y * rows[1, b]) >= left * reals[0, b]:
                return p, kept[b]
    return -1, -1


@njit(cache=True, nogil=True)
def reduce(level, size, C, banned, columns, rows, reals, kept):
    """The Schur complement on the candidates, as the node of the next level."""
    for a in range(size):
        p, z, y = kept[a], np.conj(rows[0, a]), np.conj(rows[1, a])
        columns[level + 1, a] = columns[level, p]
        C[level + 1, a, a] = reals[0, a]
        banned[level + 1, a, a] = False
        for b in range(a + 1, size):
            value = C[level, p, kept[b]] - z * rows[0, b] - y * rows[1, b]
            C[level + 1, a, b] = value
            C[level + 1, b, a] = np.conj(value)
            banned[level + 1, a, b] = banned[level + 1, b, a] = banned[level, p, kept[b]]
