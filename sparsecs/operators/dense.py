"""A matrix that is there, as an operator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sparsecs.core.checks import finite, indices, numeric
from sparsecs.operators.base import Operator, vector_norms


@dataclass(frozen=True, eq=False, repr=False)
class Dense(Operator):
    """A NumPy array as an operator.

    Parameters
    ----------
    matrix : (m, n) array
        Not copied; whole numbers and truth values become float64.

    Raises
    ------
    ValueError
        If it is not two-dimensional, is empty, or holds NaN or infinity.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Dense
    >>> Dense(np.eye(3)[:2]).columns([0, 2])
    array([[1., 0.],
           [0., 0.]])
    """

    matrix: np.ndarray

    def __post_init__(self) -> None:
        matrix = numeric(self.matrix, "The matrix")
        if matrix.ndim != 2:
            raise ValueError(
                f"The matrix has shape {matrix.shape} but two axes were asked for: measurements and unknowns."
            )
        if matrix.size == 0:
            raise ValueError(f"The matrix has shape {matrix.shape}; it needs at least one row and one column.")
        object.__setattr__(self, "matrix", matrix)
        if not np.isfinite(self._norms).all():  # one pass that is needed anyway; the slow search only if it is sick
            finite(matrix, "The matrix")

    @property
    def shape(self) -> tuple[int, int]:
        return self.matrix.shape

    @property
    def dtype(self) -> np.dtype:
        return self.matrix.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.matrix @ x

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return _adjoint_times(self.matrix, y)

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self.matrix @ X

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return _adjoint_times(self.matrix, Y)

    def columns(self, support: Any) -> np.ndarray:
        return self.matrix[:, indices(support, "support", self.shape[1])]

    @property
    def at_hand(self) -> np.ndarray:
        return self.matrix

    @property
    def nbytes(self) -> int:
        return self.matrix.nbytes

    @cached_property
    def _norms(self) -> np.ndarray:
        return vector_norms(self.matrix)

    def column_norms(self) -> np.ndarray:
        return self._norms.copy()

    def gram(self) -> np.ndarray:
        return self.matrix @ self.matrix.conj().T

    def _dense(self) -> np.ndarray:
        return self.matrix.copy()


def _adjoint_times(matrix: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (matrix.T @ y.conj()).conj() if np.iscomplexobj(matrix) else matrix.T @ y
