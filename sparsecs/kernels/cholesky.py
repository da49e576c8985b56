r"""Cholesky factorisation in blocks, which says when a matrix is singular, and solves with its factor.

    H = L L^T:     L_ss L_ss^T = H_ss,    L_rs = H_rs L_ss^{-T},    H_rr <- H_rr - L_rs L_rs^T       block s, rows r below

Everything but the small diagonal blocks is matrix products, by the same library as the products with A: LAPACK as SciPy brings
it has threads of its own, and two sets of threads in turn on the same cores cost more than the factorisation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

BLOCK = 96
DEPENDENT = (
    1e-11  # squared sine of the angle between a column and the span of others, below which products tell nothing
)


class Factor(NamedTuple):
    """L, (k, k), of which the lower triangle counts, and the inverses of its diagonal blocks."""

    lower: np.ndarray
    inverses: list[np.ndarray]


def factor(H: np.ndarray) -> Factor | None:
    """The Cholesky factor of a symmetric matrix, its diagonal slightly raised if it is singular; None if that is not enough.

    Parameters
    ----------
    H : (k, k) array
        Of which the lower triangle is read.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.cholesky import factor, solved
    >>> solved(factor(np.array([[4.0, 2.0], [2.0, 3.0]])), np.array([8.0, 8.0]))
    array([1., 2.])
    """
    for ridge in (0.0, 1e-7, 1e-3):
        found = _factor(H, ridge)
        if found is not None:
            return found
    return None


def _factor(H: np.ndarray, ridge: float) -> Factor | None:
    L, inverses = np.array(H, order="C"), []
    diagonal = H.diagonal() * (1 + ridge)
    np.fill_diagonal(L, diagonal)
    for start in range(0, L.shape[0], BLOCK):
        end = min(start + BLOCK, L.shape[0])
        inverse = np.zeros((end - start, end - start))
        if not _small(L[start:end, start:end], diagonal[start:end], inverse):
            return None
        inverses.append(inverse)
        if end < L.shape[0]:
            panel = L[end:, start:end] @ inverse.T
            L[end:, start:end] = panel
            for row in range(end, L.shape[0], 4 * BLOCK):  # little more than the lower triangle
                stop = min(row + 4 * BLOCK, L.shape[0])
                L[row:stop, end:stop] -= panel[row - end : stop - end] @ panel[: stop - end].T
    return Factor(L, inverses)


def half_solved(found: Factor, b: np.ndarray, transposed: bool = False) -> np.ndarray:
    """The solution of L d = b, or of Lᵀ d = b; b may have several columns."""
    L, inverses = found
    d = b.copy()
    blocks = range(len(inverses) - 1, -1, -1) if transposed else range(len(inverses))
    for i in blocks:
        start, end = i * BLOCK, min((i + 1) * BLOCK, L.shape[0])
        if transposed:
            d[start:end] = inverses[i].T @ (d[start:end] - L[end:, start:end].T @ d[end:])
        else:
            d[start:end] = inverses[i] @ (d[start:end] - L[start:end, :start] @ d[:start])
    return d


def solved(found: Factor, b: np.ndarray) -> np.ndarray:
    """The solution of L Lᵀ d = b."""
    return half_solved(found, half_solved(found, b), transposed=True)


@njit(cache=True, fastmath={"contract", "reassoc"})
def _small(H, diagonal, inverse):
    """H becomes L, in place, and ``inverse`` its inverse; False if a pivot is lost."""
    size = H.shape[0]
    for j in range(size):
        for i in range(j):
            total = H[j, i]
            for k in range(i):
                total -= H[j, k] * H[i, k]
            H[j, i] = total / H[i, i]
        pivot = H[j, j]
        for k in range(j):
            pivot -= H[j, k] * H[j, k]
        if not pivot > DEPENDENT * diagonal[j]:
            return False
        H[j, j] = np.sqrt(pivot)
    for j in range(size):
        inverse[j, j] = 1 / H[j, j]
        for i in range(j + 1, size):
            total = 0.0
            for k in range(j, i):
                total -= H[i, k] * inverse[k, j]
            inverse[i, j] = total / H[i, i]
    return True
