r"""A QR factorisation that grows by one column at a time, for least squares on a growing support.

    A_S = Q R,   z = R^{-1} Q^H y,   residual = y - Q Q^H y

Each new column is made orthogonal to the old ones, four of them at a time, so that Q is read once. Where no more than a quarter
of its length is left it is done again ("twice is enough": Kahan; Parlett 1980; that it is needed only there: Rutishauser 1970,
who allows a tenth), which keeps Q orthogonal to rounding even when the columns are almost dependent. Cost: 4 m j operations
for column j, or twice that. Real and complex numbers alike.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

FAST = {"reassoc", "contract", "nsz"}  # sums may be taken in any order, and so in vector instructions


def append_column(Q: np.ndarray, R: np.ndarray, size: int, column: np.ndarray) -> bool:
    """Grow ``Q`` and ``R``, which hold ``size`` columns, by ``column``; False if it depends on them.

    Parameters
    ----------
    Q : (m, capacity) array, Fortran order
        Orthonormal in its first ``size`` columns; the next one is written.
    R : (capacity, capacity) array
        Upper triangular in its first ``size`` rows and columns; the next column is written.
    size : int
        How many columns there are.
    column : (m,) array

    Returns
    -------
    bool
        False, with nothing of use written, if ``column`` is a combination of the others to rounding.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.least_squares import append_column
    >>> Q, R = np.zeros((2, 2), order="F"), np.zeros((2, 2))
    >>> append_column(Q, R, 0, np.array([3.0, 4.0])), append_column(Q, R, 1, np.array([6.0, 8.0]))
    (True, False)
    """
    return append(Q.T, R, size, np.ascontiguousarray(column))


@njit(cache=True, nogil=True, error_model="numpy")
def append(Q, R, size, column):
    """``append_column`` for the columns of Q as rows, (capacity, m) in C order, and a contiguous ``column``."""
    length = norm(column)
    if length == 0 or size >= Q.shape[0]:
        return False
    rest, shares = Q[size], R[:, size]
    for i in range(rest.size):
        rest[i] = column[i] / length
    shares[: size + 1] = 0
    remove(Q, size, rest, shares)
    remainder = norm(rest)
    if remainder < 0.25:
        remove(Q, size, rest, shares)
        remainder = norm(rest)
    if remainder <= 8 * math.sqrt(column.size) * np.finfo(rest.real.dtype).eps:
        return False
    for i in range(rest.size):
        rest[i] /= remainder
    for i in range(size):
        shares[i] *= length
    shares[size] = remainder * length
    return True


@njit(cache=True, nogil=True)
def remove(Q, size, v, shares):
    """Make v orthogonal to the first ``size`` rows of Q, and add what was taken away to ``shares``."""
    j = 0
    while j + 4 <= size:
        a, b, c, d = Q[j], Q[j + 1], Q[j + 2], Q[j + 3]
        p, q, r, s = _four_products(a, b, c, d, v)
        take_four(a, b, c, d, p, q, r, s, v)
        shares[j] += p
        shares[j + 1] += q
        shares[j + 2] += r
        shares[j + 3] += s
        j += 4
    while j < size:
        p = inner(Q[j], v)
        take(Q[j], p, v)
        shares[j] += p
        j += 1


@njit(cache=True, nogil=True, fastmath=FAST)
def inner(a, v):
    """The inner product of two vectors; of complex ones the first is conjugated."""
    total = v[0] * 0
    for i in range(v.size):
        total += np.conj(a[i]) * v[i]
    return total


@njit(cache=True, nogil=True, fastmath=FAST)
def take(a, p, v):
    """v - p a, in place of v."""
    for i in range(v.size):
        v[i] -= a[i] * p


@njit(cache=True, nogil=True, fastmath=FAST)
def norm(v):
    """The Euclidean norm of a vector whose squares are in range."""
    total = v[0].real * 0
    for i in range(v.size):
        total += v[i].real * v[i].real + v[i].imag * v[i].imag
    return math.sqrt(total)


@njit(cache=True, nogil=True, fastmath=FAST)
def _four_products(a, b, c, d, v):
    p = q = r = s = v[0] * 0
    for i in range(v.size):
        p += np.conj(a[i]) * v[i]
        q += np.conj(b[i]) * v[i]
        r += np.conj(c[i]) * v[i]
        s += np.conj(d[i]) * v[i]
    return p, q, r, s


@njit(cache=True, nogil=True, fastmath=FAST)
def take_four(a, b, c, d, p, q, r, s, v):
    """v - p a - q b - r c - s d, in place of v."""
    for i in range(v.size):
        v[i] -= a[i] * p + b[i] * q + c[i] * r + d[i] * s


@njit(cache=True, nogil=True, error_model="numpy")
def back_substitution(R: np.ndarray, size: int, b: np.ndarray) -> np.ndarray:
    """The solution z of ``R[:size, :size] z = b[:size]`` with upper triangular ``R``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.least_squares import back_substitution
    >>> back_substitution(np.array([[2.0, 1.0], [0.0, 4.0]]), 2, np.array([4.0, 8.0]))
    array([1., 2.])
    """
    z = np.zeros(size, dtype=b.dtype)
    for i in range(size - 1, -1, -1):
        rest = b[i]
        for j in range(i + 1, size):
            rest -= R[i, j] * z[j]
        z[i] = rest / R[i, i]
    return z
