r"""A QR factorisation that grows by one column at a time, for least squares on a growing support.

    A_S = Q R,   z = R^{-1} Q^T y,   residual = y - Q Q^T y

Each new column is made orthogonal to the old ones twice ("twice is enough": Kahan; Parlett 1980), which keeps Q orthogonal
to rounding even when the columns are almost dependent. Cost: 8 m j operations for column j.
"""

from __future__ import annotations

import numpy as np
from numba import njit


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
    length = np.linalg.norm(column)
    if length == 0:
        return False
    basis, rest = Q[:, :size], column / length
    first = basis.T @ rest
    rest = rest - basis @ first
    second = basis.T @ rest
    rest -= basis @ second
    remainder = np.linalg.norm(rest)
    if remainder <= 8 * np.sqrt(Q.shape[0]) * np.finfo(Q.dtype).eps:
        return False
    Q[:, size] = rest / remainder
    R[:size, size] = (first + second) * length
    R[size, size] = remainder * length
    return True


@njit(cache=True)
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
