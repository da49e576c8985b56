"""The row space of an operator: an orthonormal basis where it can be held, products with the projector where it cannot.

    P = A^+ A,     h_j = P_jj,     sum_j h_j = rank A

A matrix within a gibibyte is factored by a singular value decomposition, which sees ranks down to rounding. A larger operator
is known by the m × m Gram matrix G = A A^H = U diag(lambda) U^H, with P = A^H G^+ A; eigenvalues are squares, so singular
values below about 1e-8 of the largest count as zero there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import DENSE_LIMIT, Operator

TILE = 1024  # columns at a time


@dataclass(frozen=True, eq=False)
class RowSpace:
    """The projector P onto the row space of A, held as a root.

    Parameters
    ----------
    operator : Operator
        A, of shape (m, n).
    root : (r, m) array
        W with W A having orthonormal rows.
    rows : (r, n) array, optional
        W A itself, where it is held.
    """

    operator: Operator
    root: np.ndarray
    rows: np.ndarray | None

    @property
    def rank(self) -> int:
        """r."""
        return len(self.root) if self.rows is None else len(self.rows)

    def leverages(self) -> np.ndarray:
        """The diagonal of P, an (n,) array between 0 and 1."""
        n = self.operator.shape[1]
        out = np.empty(n)
        for start in range(0, n, TILE):
            part = slice(start, min(start + TILE, n))
            block = (
                self.rows[:, part]
                if self.rows is not None
                else self.root @ self.operator.columns(np.arange(part.start, part.stop))
            )
            out[part] = (np.abs(block) ** 2).sum(axis=0)
        return np.clip(out, 0.0, 1.0)

    def project(self, x: np.ndarray) -> np.ndarray:
        """P x for an (n,) or (n, p) array."""
        if self.rows is not None:
            return self.rows.conj().T @ (self.rows @ x)
        product = self.operator.matvec if x.ndim == 1 else self.operator.matmat
        back = self.operator.rmatvec if x.ndim == 1 else self.operator.rmatmat
        return back(self.root.conj().T @ (self.root @ product(x)))


def row_space(operator: Operator, limit: int = DENSE_LIMIT) -> RowSpace:
    """The row space of an operator.

    Raises
    ------
    MemoryError
        If the matrix takes more than ``limit`` bytes, and so does its m × m Gram matrix.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> from sparsecs.geometry._row_space import row_space
    >>> row_space(as_operator(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]]))).leverages().round(9)
    array([0.5, 0.5, 1. ])
    """
    m, n = operator.shape
    if operator.nbytes_dense <= limit:
        matrix = operator.dense()
        peak = np.abs(matrix).max(initial=0.0)
        if peak == 0:
            return RowSpace(operator, np.zeros((0, m)), np.zeros((0, n)))
        left, values, right = _decomposed(matrix / peak)
        rank = int(np.count_nonzero(values > max(m, n) * np.finfo(matrix.dtype).eps * values[0]))
        return RowSpace(operator, left[:, :rank].conj().T, np.ascontiguousarray(right[:rank]))
    size = m * m * operator.dtype.itemsize
    if size > limit:
        raise MemoryError(
            f"The row space of a {m} x {n} operator needs the {m} x {m} Gram matrix, {size / 1e9:.1f} GB, above the limit "
            f"of {limit / 1e9:.1f} GB. Use fewer rows, such as a part of the samples."
        )
    values, vectors = np.linalg.eigh(operator.gram())
    keep = values > m * np.finfo(operator.dtype).eps * values[-1]
    return RowSpace(operator, (vectors[:, keep] / np.sqrt(values[keep])).conj().T, None)


def _decomposed(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The thin singular value decomposition, by a slower method where the faster one does not converge."""
    try:
        return np.linalg.svd(matrix, full_matrices=False)
    except np.linalg.LinAlgError:
        from scipy.linalg import svd

        return svd(matrix, full_matrices=False, lapack_driver="gesvd")
