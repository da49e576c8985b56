"""A SciPy sparse matrix as an operator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sparsecs.core.checks import finite, indices, numeric
from sparsecs.operators.base import Operator


@dataclass(frozen=True, eq=False, repr=False)
class Sparse(Operator):
    """A SciPy sparse array or matrix, held by columns.

    Parameters
    ----------
    matrix : (m, n) SciPy sparse array or matrix
        Of any format; copied if it is not in compressed-column form without duplicates.

    Raises
    ------
    ValueError
        If it is empty, or holds NaN or infinity.

    Examples
    --------
    >>> import numpy as np, scipy.sparse
    >>> from sparsecs import Sparse
    >>> Sparse(scipy.sparse.eye_array(2, 3)) @ np.array([1.0, 2.0, 3.0])
    array([1., 2.])
    """

    matrix: Any

    def __post_init__(self) -> None:
        from scipy.sparse import csc_array

        if self.matrix.ndim != 2 or 0 in self.matrix.shape:
            raise ValueError(f"The sparse matrix has shape {self.matrix.shape}; it needs two axes, none of them empty.")
        data = numeric(self.matrix.dtype.type(0), "The sparse matrix")
        matrix = csc_array(self.matrix, dtype=data.dtype)
        if not matrix.has_canonical_format:
            matrix = matrix.copy()
            matrix.sum_duplicates()
        finite(matrix.data, "The stored entries of the sparse matrix")
        object.__setattr__(self, "matrix", matrix)

    @property
    def shape(self) -> tuple[int, int]:
        return self.matrix.shape

    @property
    def dtype(self) -> np.dtype:
        return self.matrix.dtype

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in (self.matrix.data, self.matrix.indices, self.matrix.indptr))

    @cached_property
    def _adjoint(self) -> Any:
        return self.matrix.conj().T

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.matrix @ x

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self._adjoint @ y

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self.matrix @ X

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return self._adjoint @ Y

    def columns(self, support: Any) -> np.ndarray:
        return self.matrix[:, indices(support, "support", self.shape[1])].toarray()

    def column_norms(self) -> np.ndarray:
        column = np.repeat(np.arange(self.shape[1]), np.diff(self.matrix.indptr))
        modulus = np.abs(self.matrix.data)
        peak = np.zeros(self.shape[1], dtype=modulus.dtype)
        np.maximum.at(peak, column, modulus)
        ratio = modulus / np.where(peak > 0, peak, 1)[column]
        squares = np.bincount(column, weights=ratio * ratio, minlength=self.shape[1])
        return peak * np.sqrt(squares).astype(modulus.dtype)

    def gram(self) -> np.ndarray:
        return (self.matrix @ self._adjoint).toarray()

    def _dense(self) -> np.ndarray:
        return self.matrix.toarray()
