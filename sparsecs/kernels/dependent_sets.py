r"""The search for dependent sets of columns, all sets of one size after another, by what is left of their Gram matrix.

Of a set of w columns the first w - 2 are chosen in turn. What is left of the later ones, once the chosen ones are taken out,
is known by its inner products, the Schur complements

    g_jk <- g_jk - conj(g_ij) g_ik / g_ii        when column i is chosen,

and two of them that are parallel complete a dependent set. Parallel vectors agree in |<h, r>|^2 / ||r||^2 for a random h, one
number a column; so a leaf costs a few operations a column instead of m. Rounding moves what is left of the inner products by
some units over the least pivot, so numbers are trusted where the squared length that is left, times that pivot, exceeds TRUST.
What agrees, and what is not trusted, is checked on the columns themselves by orthogonalisation done twice.

The null space may be the smaller one. Its vectors are N c with an orthonormal N, (n, d), and one with the fewest nonzeros
vanishes on d - 1 independent rows of N: the same search, d - 2 chosen rows of N, and then the largest class of parallel ones.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

AGREE = 1e-5  # how far numbers of parallel vectors can be apart
TRUST = 1e-8  # some units of rounding over AGREE, with a hundred for safety
LOST, GONE = 1e-7, 1e-13  # squared length of a row of the null space that may be zero, and that is beyond doubt
FINISHED, AGAIN, FOUND = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy")
def _straighten(Q, t):
    """Make row t of Q orthogonal to the rows before, twice, and say how long it is then."""
    m = Q.shape[1]
    for _ in range(2):
        for q in range(t):
            share = Q[q, 0] * 0
            for x in range(m):
                share += np.conj(Q[q, x]) * Q[t, x]
            for x in range(m):
                Q[t, x] -= share * Q[q, x]
    squares = 0.0
    for x in range(m):
        squares += Q[t, x].real ** 2 + Q[t, x].imag ** 2
    return math.sqrt(squares)


@njit(cache=True, nogil=True, error_model="numpy")
def dependent(U, chosen, size, tolerance, Q):
    """Whether one of the unit columns ``U[chosen[:size]]``, held as rows, lies within ``tolerance`` of those before."""
    m = U.shape[1]
    for t in range(size):
        for x in range(m):
            Q[t, x] = U[chosen[t], x]
        length = _straighten(Q, t)
        if length <= tolerance:
            return True
        for x in range(m):
            Q[t, x] /= length
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _take_out(g, s, i, begin, g_next, s_next):
    """The Schur complement of entry i, and the numbers that go with it, for all from ``begin`` on."""
    pivot = g[i, i].real
    for j in range(begin, g.shape[0]):
        toward = g[i, j] if j >= i else np.conj(g[j, i])
        share = toward / pivot
        s_next[j] = s[j] - s[i] * share
        back = np.conj(share)
        if begin > i:
            for k in range(j, g.shape[0]):
                g_next[j, k] = g[j, k] - back * g[i, k]
        else:
            for k in range(j, g.shape[0]):
                g_next[j, k] = g[j, k] - back * (g[i, k] if k >= i else np.conj(g[k, i]))


@njit(cache=True, nogil=True, error_model="numpy")
def _numbers(g, s, i, begin, least, values):
    """|<h, r_j>|^2 / ||r_j||^2 once i is taken out, -1 where r_j is too short to be trusted; how many are comes back."""
    pivot, short = g[i, i].real, 0
    for j in range(begin, g.shape[0]):
        toward = g[i, j] if j >= i else np.conj(g[j, i])
        share = toward / pivot
        left = g[j, j].real - (toward.real * share.real + toward.imag * share.imag)
        h = s[j] - s[i] * share
        values[j] = (h.real * h.real + h.imag * h.imag) / left if left * least > TRUST else -1.0
        short += values[j] < 0
    return short


@njit(cache=True, nogil=True, error_model="numpy")
def _pair(U, chosen, at, begin, unsure, tolerance, values, Q):
    """Complete ``chosen[:at]`` to a dependent set by two columns from ``begin`` on; the work done, or -1 if there are such."""
    n = U.shape[0]
    work = (n - begin) * (n - begin) // 4
    for j in range(begin, n):
        near = 0
        if not unsure:  # one pass without a branch, which is done in vector instructions
            for k in range(j + 1, n):
                near += abs(values[j] - values[k]) <= AGREE * (1 + values[j] + values[k])
            if near == 0:
                continue
        for k in range(j + 1, n):
            if values[j] < 0 or values[k] < 0 or abs(values[j] - values[k]) <= AGREE * (1 + values[j] + values[k]):
                chosen[at], chosen[at + 1] = j, k
                work += 4 * at * U.shape[1]
                if dependent(U, chosen, at + 2, tolerance, Q):
                    return -1
    return work


@njit(cache=True, nogil=True, error_model="numpy")
def search_sets(U, size, first, tolerance, gram, h, state, chosen, grams, numbers, quota):
    """Look for ``size`` dependent columns of which ``first`` is the first, where no fewer are dependent.

    Parameters
    ----------
    U : (n, m) array
        Unit columns as rows.
    size, first : int
        ``size`` is at least 3.
    tolerance : float
        The distance to the span of others at which a column counts as dependent.
    gram : (n, n) array
        Inner products <u_i, u_j>, of which j >= i is read.
    h : (n,) array
        Those with a random vector.
    state, chosen : (1,), (size,) array of int
        Where the search stands; begin with 0 and ``chosen[0] = first``.
    grams, numbers : (size - 2, n, n), (size - 2, n) array
        Room to work in.
    quota : int
        How many operations to do before coming back.

    Returns
    -------
    int
        FINISHED, AGAIN (call again to go on), or FOUND, with the set in ``chosen``.
    """
    n, last = U.shape[0], size - 3
    values, Q = np.empty(n), np.empty((size, U.shape[1]), dtype=U.dtype)
    at = state[0]
    while True:
        i = chosen[at]
        if i > n - size + at or (at == 0 and i != first):
            at -= 1
            if at < 0:
                return FINISHED
            chosen[at] += 1
            continue
        g, s = (gram, h) if at == 0 else (grams[at], numbers[at])
        least = g[i, i].real
        for level in range(1, at):
            least = min(least, grams[level][chosen[level], chosen[level]].real)
        if at < last:
            if least < GONE:  # no pivot to divide by; nothing that it leaves is trusted
                g[i, i] = max(g[i, i].real, GONE)
            _take_out(g, s, i, i + 1, grams[at + 1], numbers[at + 1])
            quota -= (n - i) * (n - i) // 4
            at += 1
            chosen[at] = i + 1
            continue
        unsure = _numbers(g, s, i, i + 1, least, values) > 0
        work = _pair(U, chosen, at + 1, i + 1, unsure, tolerance, values, Q)
        if work < 0:
            return FOUND
        quota -= work
        chosen[at] += 1
        if quota < 0:
            state[0] = at
            return AGAIN


@njit(cache=True, nogil=True, error_model="numpy")
def _largest_class(g, s, i, least, values):
    """How many rows can vanish with i and a later one at most, and that one; rows that may vanish count as if they did."""
    n = g.shape[0]
    vanished = _numbers(g, s, i, 0, least, values)
    top, best = 0, -1
    for j in range(i + 1, n):
        if values[j] >= 0:
            count = 0
            for k in range(n):
                count += abs(values[j] - values[k]) <= AGREE * (1 + values[j] + values[k])
            if count > top:
                top, best = count, j
    return vanished + top, best


@njit(cache=True, nogil=True, error_model="numpy")
def search_zeros(dimension, first, gram, h, state, chosen, grams, numbers, best, quota):
    """Look for null vectors that may vanish on more than ``best`` rows, among those that vanish on ``first`` and later ones.

    Parameters
    ----------
    dimension : int
        d, at least 3, of the null space; d - 2 rows are chosen.
    first : int
        The first of them.
    gram : (n, n) array
        Inner products of the rows of a basis N of the null space, each at unit length; j >= i is read.
    h : (n,) array
        Those with a random vector.
    state, chosen : (3,), (d - 1,) array of int
        Where the search stands; begin with zeros and ``chosen[0] = first``. ``state[1]`` becomes 1 where rounding decides,
        ``state[2]`` is 1 after FOUND.
    grams, numbers : (d - 2, n, n), (d - 2, n) array
        Room to work in.
    best : int
        The most zeros known.
    quota : int
        How many operations to do before coming back.

    Returns
    -------
    int
        FINISHED, AGAIN (call again to go on), or FOUND: the one that vanishes on the rows ``chosen`` may be better; see how many
        zeros it has, and go on.
    """
    n, depth = gram.shape[0], dimension - 2
    values = np.empty(n)
    at = state[0]
    while True:
        i = chosen[at]
        if i > n - depth - 1 + at or (at == 0 and i != first):
            at -= 1
            if at < 0:
                return FINISHED
            chosen[at] += 1
            continue
        g, s = (gram, h) if at == 0 else (grams[at], numbers[at])
        least = g[i, i].real
        if least <= LOST:  # it vanishes anyway
            if least > GONE:
                state[1] = 1
            chosen[at] += 1
            continue
        if at < depth - 1:
            _take_out(g, s, i, 0, grams[at + 1], numbers[at + 1])
            quota -= n * n // 2
            at += 1
            chosen[at] = i + 1
            continue
        for level in range(1, at):
            least = min(least, grams[level][chosen[level], chosen[level]].real)
        count, other = _largest_class(g, s, i, least, values)
        quota -= n * n // 4
        if count > best and other >= 0 and state[2] == 0:
            state[0], state[2], chosen[depth] = at, 1, other
            return FOUND
        state[2] = 0
        chosen[at] += 1
        if quota < 0:
            state[0] = at
            return AGAIN
