r"""The path of the LASSO as its weight falls, on columns whose inner products are known.

    min 1/2 ||A x - y||^2 + lambda ||x||_1:      |c_j| <= lambda,    c_S = lambda s,      c = A^T (y - A x),   s = sign(x_S)
    as lambda falls by g:       x_S += g d,      c -= g G_S d,       G_SS d = s

(Osborne, Presnell and Turlach 2000; Efron, Hastie, Johnstone and Tibshirani 2004.) x is linear in lambda until a column
joins S, where |c_j| meets lambda, or leaves it, where x_j meets zero. The Cholesky factor of G_SS grows and shrinks with S: a
step costs 2 |S|^2 + w |S| operations for w columns, and none with A.
"""

from __future__ import annotations

import numpy as np
from numba import njit

LOOSE = {"reassoc", "contract"}  # sums in any order; NaN and infinity keep their meaning
NEARLY = 1 - 1e-9
DEPENDENT = 1e-12  # of a squared norm: what is left of a column that depends on those in S


@njit(cache=True, fastmath=LOOSE)
def grow(L, size, row, square):
    """Append to the Cholesky factor L of ``size`` rows the column with these inner products; False if it depends on them."""
    left = square
    for i in range(size):
        total = row[i]
        for j in range(i):
            total -= L[i, j] * L[size, j]
        L[size, i] = total / L[i, i]
        left -= L[size, i] * L[size, i]
    if not left > DEPENDENT * square:
        return False
    L[size, size] = np.sqrt(left)
    return True


@njit(cache=True)
def shrink(L, size, gone):
    """Remove row ``gone`` from the Cholesky factor L of ``size`` rows, by plane rotations."""
    for i in range(gone, size - 1):
        for j in range(i + 2):
            L[i, j] = L[i + 1, j]
        a, b = L[i, i], L[i, i + 1]
        length = np.hypot(a, b)
        cos, sin = a / length, b / length
        L[i, i] = length
        for k in range(i + 1, size - 1):  # the rows below still stand one place lower
            a, b = L[k + 1, i], L[k + 1, i + 1]
            L[k + 1, i], L[k + 1, i + 1] = cos * a + sin * b, cos * b - sin * a


@njit(cache=True, fastmath=LOOSE)
def solve_factored(L, size, b, z):
    """Write the z with L L^T z = b."""
    for i in range(size):
        total = b[i]
        for j in range(i):
            total -= L[i, j] * z[j]
        z[i] = total / L[i, i]
    for i in range(size - 1, -1, -1):
        z[i] /= L[i, i]
        for j in range(i):
            z[j] -= L[i, j] * z[i]


@njit(cache=True, fastmath=LOOSE)
def _slopes(G, active, size, d, a):
    for j in range(a.size):
        a[j] = 0.0
    for i in range(size):
        step, row = d[i], G[active[i]]
        for j in range(a.size):
            a[j] += step * row[j]


@njit(cache=True)
def _next_join(c, a, level, shut):
    """How far lambda can fall before another column meets it, which one, and its sign."""
    best, who, sign = level * NEARLY, -1, 0.0  # on the last piece all lines c_j meet at zero, to rounding
    for j in range(c.size):
        if not shut[j]:
            up, down = 1.0 - a[j], 1.0 + a[j]
            if up > 1e-12 and level - c[j] < best * up:
                best, who, sign = (level - c[j]) / up, j, 1.0
            if down > 1e-12 and level + c[j] < best * down:
                best, who, sign = (level + c[j]) / down, j, -1.0
    return (max(best, 0.0), who, sign) if who >= 0 else (level, who, sign)


@njit(cache=True)
def _next_leave(x, d, size):
    """How far lambda can fall before a coefficient meets zero, and which one."""
    best, who = np.inf, -1
    for i in range(size):
        if x[i] * d[i] < 0 and -x[i] / d[i] < best:
            best, who = -x[i] / d[i], i
    return best, who


@njit(cache=True)
def follow_path(G, c, level, stop, most, L, active, signs, x, d, size):
    """Follow the path from ``level`` down to ``stop``; the new level and the new number of columns in use.

    Parameters
    ----------
    G, c : (w, w) array, or larger, and (w,) array
        A^T A, and A^T (y - A x) where the path stands.
    level, stop : float
        lambda there, and where to go.
    most : int
        It ends where more columns than these would be in use, or after four times as many breakpoints and 20.
    L : (capacity, capacity) array
        The Cholesky factor, with room for at least ``most`` rows.
    active, signs, x, d : (capacity,) arrays
        The columns in use, their signs, their coefficients, and how these move as lambda falls. All is updated in place.
    size : int
        How many columns are in use.
    """
    a, row, shut = np.empty(c.size), np.empty(L.shape[0]), np.zeros(c.size, np.bool_)
    for i in range(size):
        shut[active[i]] = True
    who = np.argmax(np.abs(c)) if size == 0 else -1
    sign = np.sign(c[who])
    for _ in range(4 * most + 20):
        if who >= 0:
            if size >= most:
                break
            for i in range(size):
                row[i] = G[who, active[i]]
            shut[who] = True
            if grow(L, size, row, G[who, who]):
                active[size], signs[size], x[size] = who, sign, 0.0
                size += 1
        solve_factored(L, size, signs, d)
        _slopes(G, active, size, d, a)
        fall, who, sign = _next_join(c, a, level, shut)
        back, gone = _next_leave(x, d, size)
        if back < min(fall, level * NEARLY):
            fall, who = back, -1
        else:
            gone = -1
        if level - fall <= stop:
            fall, who, gone = level - stop, -1, -1
        for i in range(size):
            x[i] += fall * d[i]
        for j in range(c.size):
            c[j] -= fall * a[j]
        level -= fall
        if who < 0 and gone < 0:
            break
        if who < 0:
            shut[active[gone]] = False
            shrink(L, size, gone)
            size -= 1
            for i in range(gone, size):
                active[i], signs[i], x[i] = active[i + 1], signs[i + 1], x[i + 1]
    return level, size
