"""The row space of an operator: an orthonormal basis where it can be held, products with the projector where it cannot.

    P = A^+ A,     h_j = P_jj,     sum_j h_j = rank A

The fast road is the Cholesky factor of the m × m Gram matrix of the rows at unit length, G = L L^H with P = A^H G^-1 A. It is
taken if G is well conditioned; leverages then have an error of 1e-8 at most. Otherwise a matrix within a gibibyte is factored by
a singular value decomposition, which sees ranks down to rounding, after a QR factorisation if it is wide. A larger operator is
known by the eigenvalues of G, which are squares: singular values below about 1e-8 of the largest count as zero there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import DENSE_LIMIT, Operator

TILE = 1024  # columns at a time
SAFE = 1e-8  # reciprocal condition number of the Gram matrix: its inverse is then right to 1e-8
WIDE = 1.5  # n/m, from which on a QR factorisation first is faster


@dataclass(frozen=True, eq=False)
class RowSpace:
    """The projector P onto the row space of A, held as a root.

    Parameters
    ----------
    operator : Operator
        A, of shape (m, n).
    factor : (r, n) or (r, m) array
        An orthonormal basis of the row space, or W with W A being one.
    held : bool
        Whether it is the basis itself.
    """

    operator: Operator
    factor: np.ndarray
    held: bool = True

    @property
    def rank(self) -> int:
        """r."""
        return len(self.factor)

    def leverages(self) -> np.ndarray:
        """The diagonal of P, an (n,) array between 0 and 1."""
        n = self.operator.shape[1]
        out = np.empty(n)
        for start in range(0, n, TILE):
            part = slice(start, min(start + TILE, n))
            out[part] = (np.abs(self._basis(part)) ** 2).sum(axis=0)
        return np.clip(out, 0.0, 1.0)

    def _basis(self, part: slice) -> np.ndarray:
        """Some columns of the orthonormal basis."""
        if self.held:
            return self.factor[:, part]
        return self.factor @ self.operator.columns(np.arange(part.start, part.stop))

    def project(self, x: np.ndarray) -> np.ndarray:
        """P x for an (n,) or (n, p) array."""
        if self.held:
            return self.factor.conj().T @ (self.factor @ x)
        product = self.operator.matvec if x.ndim == 1 else self.operator.matmat
        back = self.operator.rmatvec if x.ndim == 1 else self.operator.rmatmat
        return back(self.factor.conj().T @ (self.factor @ product(x)))


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
    size, held = m * m * operator.dtype.itemsize, operator.nbytes_dense <= limit
    if not held and size > limit:
        raise MemoryError(
            f"The row space of a {m} x {n} operator needs the {m} x {m} Gram matrix, {size / 1e9:.1f} GB, above the limit "
            f"of {limit / 1e9:.1f} GB. Use fewer rows, such as a part of the samples."
        )
    matrix = operator.dense() if held else None
    if matrix is not None and (peak := float(np.abs(matrix).max(initial=0.0))) > 0:
        matrix = matrix / peak
    if m < n and operator.dtype.itemsize >= np.dtype(np.float64).itemsize:
        root = _by_cholesky(operator.gram() if matrix is None else matrix @ matrix.conj().T)
        if root is not None:
            return RowSpace(operator, root, held=False) if matrix is None else RowSpace(operator, root @ matrix)
    if matrix is not None:
        return _by_singular_values(operator, matrix)
    values, vectors = np.linalg.eigh(operator.gram())
    keep = values > m * np.finfo(operator.dtype).eps * values[-1]
    return RowSpace(operator, (vectors[:, keep] / np.sqrt(values[keep])).conj().T, held=False)


def _by_cholesky(gram: np.ndarray) -> np.ndarray | None:
    """W with W G W^H the identity, or None if G is not safely of full rank."""
    from scipy.linalg import lapack, solve_triangular

    squares = gram.diagonal().real
    if not (squares > np.finfo(np.float64).tiny).all():
        return None
    unit = 1 / np.sqrt(squares)
    scaled = gram * unit[:, None] * unit
    norm = float(np.abs(scaled).sum(axis=0).max())
    try:
        factor = np.linalg.cholesky(scaled)
    except np.linalg.LinAlgError:
        return None
    (condition,) = lapack.get_lapack_funcs(("pocon",), (factor,))
    if condition(factor, norm, uplo="L")[0] < SAFE:
        return None
    return solve_triangular(factor, np.diag(unit).astype(factor.dtype), lower=True)


def _by_singular_values(operator: Operator, matrix: np.ndarray) -> RowSpace:
    from scipy.linalg import qr

    m, n = matrix.shape
    if not matrix.any():
        return RowSpace(operator, np.zeros((0, n)))
    wide = n >= WIDE * m
    basis, small = qr(matrix.conj().T, mode="economic") if wide else (None, matrix.conj().T)
    right, values, _ = _decomposed(small)
    rank = int(np.count_nonzero(values > max(m, n) * np.finfo(matrix.dtype).eps * values[0]))
    rows = (right[:, :rank] if basis is None else basis @ right[:, :rank]).conj().T
    return RowSpace(operator, np.ascontiguousarray(rows))


def _decomposed(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The thin singular value decomposition, by a slower method where the faster one does not converge."""
    try:
        return np.linalg.svd(matrix, full_matrices=False)
    except np.linalg.LinAlgError:
        from scipy.linalg import svd

        return svd(matrix, full_matrices=False, lapack_driver="gesvd")
