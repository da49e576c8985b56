r"""Systems with a lower triangular matrix L and with its adjoint, for several right-hand sides at once.

    forward:   L z = b,      z_i = (b_i - sum_{j<i} L_ij z_j) / L_ii
    backward:  L^H z = b,    the same from the last row up

Rows of L are read in order in both. With a Cholesky factor one after the other solves L L^H z = b.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def forward(L: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The solution z of ``L z = b``.

    Parameters
    ----------
    L : (s, s) array
        Only its lower triangle is read; no zero on the diagonal.
    b : (s, p) array
        Of the dtype of ``L``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.triangular import forward
    >>> forward(np.array([[2.0, 0.0], [1.0, 4.0]]), np.array([[4.0], [10.0]]))
    array([[2.],
           [2.]])
    """
    z = b.copy()
    for i in range(L.shape[0]):
        for q in range(z.shape[1]):
            total = z[i, q]
            for j in range(i):
                total -= L[i, j] * z[j, q]
            z[i, q] = total / L[i, i]
    return z


@njit(cache=True, nogil=True, error_model="numpy")
def backward(L: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The solution z of ``L^H z = b``.

    Parameters
    ----------
    L : (s, s) array
        Only its lower triangle is read; no zero on the diagonal.
    b : (s, p) array
        Of the dtype of ``L``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.triangular import backward
    >>> backward(np.array([[2.0, 0.0], [1.0, 4.0]]), np.array([[6.0], [8.0]]))
    array([[2.],
           [2.]])
    """
    z = b.copy()
    for i in range(L.shape[0] - 1, -1, -1):
        for q in range(z.shape[1]):
            value = z[i, q] / np.conj(L[i, i])
            z[i, q] = value
            for j in range(i):
                z[j, q] -= np.conj(L[i, j]) * value
    return z
