r"""A simplex method that walks among the elementary null vectors of a matrix, compiled.

The vertices of {z : B z = 0, sum_j omega_j |z_j| <= 1} are, up to sign, null vectors that are nonzero on r + 1 columns, one
more than the rank. With z = z_+ - z_- a vertex is a basis of r + 1 signed columns (s b_j; s-free weight omega_j) and right-hand
side (0; 1). Only the columns outside the basis are stored, in the form of sign +; that of sign - is 2 omega_j beta less it:

    T = [ columns | beta ]        basic coefficients, an (r + 1, n - r) array
        [ reduced | -lambda ]     one more row: the reduced costs of sum_j u_j omega_j z_j, and less its value

At the optimum the residual w = u - (a combination of rows, in units of x = omega z) has max_j |w_j| = lambda; before it, that
maximum still bounds the value from above, whatever the pivots were.
"""

from __future__ import annotations

import numpy as np
from numba import njit

OPTIMAL = 1e-12  # reduced costs are compared with values between 0 and 1
PIVOT = 1e-9  # of columns of unit length


@njit(cache=True, nogil=True)
def pivot(T, basis, sign, other, omega, col, q, s, p):
    """The column of slot ``q`` with sign ``s``, which ``col`` holds, takes the place of row ``p``; in place."""
    rows, last = T.shape[0], T.shape[1] - 1
    inverse = 1.0 / col[p]
    for c in range(last + 1):
        T[p, c] *= inverse
    for i in range(rows):
        if i != p and col[i] != 0.0:
            factor = col[i]
            for c in range(last + 1):
                T[i, c] -= factor * T[p, c]
    gone, its_sign = basis[p], sign[p]
    for i in range(rows):
        entry = inverse if i == p else -col[i] * inverse
        T[i, q] = entry if its_sign > 0 else 2.0 * omega[gone] * T[i, last] - entry
    basis[p], sign[p], other[q] = other[q], s, gone


@njit(cache=True, nogil=True)
def entering(T, other, omega, first):
    """The slot and sign of the best reduced cost (of the lowest column if ``first``), and the largest reduced cost."""
    R, last = T.shape[0] - 1, T.shape[1] - 1
    twice = 2.0 * T[R, last]  # less twice the value
    top, q, s, lowest = 0.0, -1, 1, omega.size
    for c in range(last):
        reduced = T[R, c] / omega[other[c]]
        opposite = twice - reduced
        best = max(reduced, opposite)
        if best > OPTIMAL:
            if first:
                if other[c] < lowest:
                    lowest, q, s = other[c], c, 1 if reduced > OPTIMAL else -1
            elif best > top:
                q, s = c, 1 if reduced >= opposite else -1
            top = max(top, best)
    return q, s, top


@njit(cache=True, nogil=True)
def leaving(T, basis, col, first):
    """The row that reaches zero first, of equal ones that of the largest pivot (of the lowest column if ``first``)."""
    last, p, ratio = T.shape[1] - 1, -1, np.inf
    for i in range(basis.size):
        if col[i] > PIVOT:
            t = max(T[i, last], 0.0) / col[i]
            if p < 0 or t < ratio * (1.0 - 1e-12):
                p, ratio = i, t
            elif t <= ratio * (1.0 + 1e-12) and (basis[i] < basis[p] if first else col[i] > col[p]):
                p, ratio = i, min(t, ratio)
    return p, ratio


@njit(cache=True, nogil=True)
def optimise(T, basis, sign, other, omega, stop, most):
    """Pivot until the optimum, until the value cannot exceed ``stop``, or ``most`` times; an upper bound of the value.

    Also whether it may be called again to get further.
    """
    rows, last = T.shape[0], T.shape[1] - 1
    col, stuck, top = np.empty(rows), 0, 0.0
    for _ in range(most):
        q, s, top = entering(
            T, other, omega, stuck > 2 * rows
        )  # the lowest columns, where the vertex does not move (Bland 1977)
        value = -T[rows - 1, last]
        if q < 0 or value + top <= stop:
            return value + top, False
        twice = 2.0 * omega[other[q]]
        for i in range(rows):
            col[i] = T[i, q] if s > 0 else twice * T[i, last] - T[i, q]
        p, ratio = leaving(T, basis, col, stuck > 2 * rows)
        if p < 0:
            return value + top, False
        stuck = stuck + 1 if ratio * col[rows - 1] <= 1e-15 else 0
        pivot(T, basis, sign, other, omega, col, q, s, p)
    return -T[rows - 1, last] + entering(T, other, omega, False)[2], True


@njit(cache=True, nogil=True)
def add(T, basis, sign, other, omega, j, s):
    """Add ``s`` x_j to the objective; the last row of ``T`` follows."""
    R = basis.size
    for c in range(other.size):
        if other[c] == j:
            T[R, c] += s * omega[j]
            return
    for i in range(R):
        if basis[i] == j:
            weight = sign[i] * s * omega[j]
            for c in range(T.shape[1]):
                T[R, c] -= weight * T[i, c]
            return


@njit(cache=True, nogil=True)
def residual(T, basis, sign, other, omega, w):
    """Write w = u - (a combination of the rows), in units of x; its largest modulus bounds the value."""
    R, value = basis.size, -T[basis.size, T.shape[1] - 1]
    for c in range(other.size):
        w[other[c]] = T[R, c] / omega[other[c]] + value
    for i in range(R):
        w[basis[i]] = sign[i] * value


@njit(cache=True, nogil=True)
def largest(T, basis, omega, k, rows):
    """Write the rows of the k largest moduli of the vertex, in units of x; their sum over that of all."""
    last, total, top = T.shape[1] - 1, 0.0, 0.0
    sizes = np.empty(basis.size)
    for i in range(basis.size):
        sizes[i] = max(T[i, last], 0.0) * omega[basis[i]]
        total += sizes[i]
    for c in range(min(k, basis.size)):
        row = 0
        for i in range(1, basis.size):
            if sizes[i] > sizes[row]:
                row = i
        rows[c] = row
        top += sizes[row]
        sizes[row] = -1.0
    return top / total


@njit(cache=True, nogil=True)
def same(T, basis, sign, other, T_to, basis_to, sign_to, other_to):
    """Copy one vertex over another."""
    for i in range(T.shape[0]):
        for c in range(T.shape[1]):
            T_to[i, c] = T[i, c]
    for i in range(basis.size):
        basis_to[i], sign_to[i] = basis[i], sign[i]
    for c in range(other.size):
        other_to[c] = other[c]
