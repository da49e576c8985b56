"""What the methods that refit on a support share: columns at unit length, and least squares on some of them.

They rank columns by correlations and coefficients, so they work in coordinates in which every column has norm 1; columns of
any norm compete on equal terms, and zero columns never win.
"""

from __future__ import annotations

import numpy as np

from sparsecs.kernels.least_squares import back_substitution
from sparsecs.kernels.thresholding import keep_largest
from sparsecs.operators.base import Operator


class Columns:
    """The columns of A at unit length.

    Parameters
    ----------
    A : Operator
    """

    def __init__(self, A: Operator) -> None:
        norms = A.column_norms()
        self._A = A
        self._live = norms >= np.finfo(norms.dtype).tiny  # a shorter column has no reciprocal
        self._weights = np.divide(1, norms, out=np.zeros_like(norms), where=self._live)

    def correlations(self, residual: np.ndarray) -> np.ndarray:
        """The inner products with a residual, (n,); zero for zero columns."""
        return self._A.rmatvec(residual) * self._weights

    def best(self, values: np.ndarray, k: int) -> np.ndarray:
        """The live positions, at most k, where ``values`` are largest in modulus, in order."""
        return np.flatnonzero(keep_largest(np.where(self._live, values, 0), k))

    def fit(self, y: np.ndarray, support: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Least squares on a support: coefficients of the unit columns, (n,), and the residual."""
        coefficients = np.zeros(self._weights.size, dtype=y.dtype)
        part = self._A.columns(support) * self._weights[support]
        coefficients[support] = _least_squares(part, y)
        return coefficients, y - part @ coefficients[support]

    def image(self, coefficients: np.ndarray) -> np.ndarray:
        """What coefficients of the unit columns measure, (m,)."""
        return self._A.matvec(coefficients * self._weights)

    def answer(self, coefficients: np.ndarray) -> np.ndarray:
        """Coefficients of the unit columns as coefficients of A."""
        return coefficients * self._weights


def _least_squares(part: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The coefficients that fit y best, of all such the shortest; by QR unless columns depend on each other."""
    m, k = part.shape
    if 0 < k <= m:
        Q, R = np.linalg.qr(part)
        pivots = np.abs(np.diag(R))
        if pivots.min() > 1e3 * m * np.finfo(part.dtype).eps * pivots.max():
            return back_substitution(R, k, Q.T @ y)
    return np.linalg.lstsq(part, y, rcond=None)[0]
