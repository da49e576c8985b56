r"""The simplex method for min ||x||_1 subject to A x = y, on a tableau, with steps that pass through zero.

    x_B = b - T z,   T = B^{-1} A_N,       r_j = <s, T_j> = a_j^T nu,  s = sign(x_B):        optimal where |r_j| <= 1 for all j

Every set of m independent columns gives a vertex, since x may have any signs. A column with |r_j| > 1 comes in; along it the
objective is piecewise linear and convex, and the step goes on through the zeros of x_B until it stops falling (Barrodale and
Roberts 1973). Each pivot costs m (n - m) operations, so it pays from a vertex close to the optimum.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def _line_search(T, x, s, j, turn, slope):
    """How far z_j goes in the direction ``turn``, and which entry of x ends at zero; s is flipped where x passes it."""
    reach = np.full(x.size, np.inf)
    for i in range(x.size):
        u = turn * T[i, j]
        if s[i] * u > 1e-11:
            reach[i] = abs(x[i]) / abs(u)
    while True:
        first = np.argmin(reach)
        step = reach[first]
        if step == np.inf:
            return step, -1
        slope += 2 * abs(T[first, j])
        if slope >= 0:
            return step, first
        reach[first] = np.inf
        s[first] = -s[first]


@njit(cache=True, fastmath={"reassoc", "contract"})
def _pivot(T, p, j, s, r):
    """Exchange row p and column j, and write r = s T."""
    lead = 1.0 / T[p, j]
    for k in range(r.size):
        T[p, k] *= lead
        r[k] = s[p] * T[p, k]
    T[p, j] = lead
    r[j] = s[p] * lead
    for i in range(s.size):
        if i != p:
            factor, sign = T[i, j], s[i]
            T[i, j] = 0.0
            for k in range(r.size):
                T[i, k] -= factor * T[p, k]
                r[k] += sign * T[i, k]


@njit(cache=True)
def descend(T, x, basic, other, most):
    """Pivot until the vertex is optimal; whether it is, after ``most`` pivots at the latest.

    Parameters
    ----------
    T : (m, q) array
        The tableau, changed in place.
    x, basic : (m,) arrays
        The coefficients of the vertex and their columns.
    other : (q,) array of int
        The other columns.
    most : int
    """
    s, r = np.where(x >= 0, 1.0, -1.0), np.zeros(T.shape[1])
    for i in range(x.size):
        for k in range(r.size):
            r[k] += s[i] * T[i, k]
    for _ in range(most):
        j = np.argmax(np.abs(r))
        if abs(r[j]) <= 1 + 1e-9:
            return True
        turn = np.sign(r[j])
        step, p = _line_search(T, x, s, j, turn, 1 - abs(r[j]))
        if p < 0:
            return False
        for i in range(x.size):
            x[i] -= step * turn * T[i, j]
        x[p], s[p] = step * turn, turn
        basic[p], other[j] = other[j], basic[p]
        _pivot(T, p, j, s, r)
    return False
