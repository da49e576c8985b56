r"""The Kronecker product of two operators: every entry of the left one times the whole of the right one.

With x as an n_L × n_R matrix X, row by row, and L and R the factors,

    (L kron R) x   = L X R^T                                 m_L n_L n_R + m_L n_R m_R operations, or the other way round
    column (i, j)  = l_i kron r_j,  of norm ||l_i|| ||r_j||
    A A^H          = L L^H  kron  R R^H

in place of m_L m_R n_L n_R. The last layer of a network with C outputs is one, with L the identity of size C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator


@dataclass(frozen=True, eq=False, repr=False)
class Kronecker(Operator):
    """The Kronecker product of two matrices or operators, never formed.

    Rows and columns are ordered as those of ``numpy.kron``: those of the right factor run fastest.

    Parameters
    ----------
    left, right : anything that ``as_operator`` takes
        Of shapes (m_L, n_L) and (m_R, n_R); the product has m_L m_R rows and n_L n_R columns.

    Examples
    --------
    >>> from sparsecs import Kronecker
    >>> Kronecker([[1, 2]], [[1, 0], [0, 1]]).dense()
    array([[1., 0., 2., 0.],
           [0., 1., 0., 2.]])
    """

    left: Operator
    right: Operator

    def __post_init__(self) -> None:
        object.__setattr__(self, "left", as_operator(self.left))
        object.__setattr__(self, "right", as_operator(self.right))

    @property
    def shape(self) -> tuple[int, int]:
        return self.left.shape[0] * self.right.shape[0], self.left.shape[1] * self.right.shape[1]

    @property
    def dtype(self) -> np.dtype:
        return np.result_type(self.left.dtype, self.right.dtype)

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.matmat(x[:, None])[:, 0]

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self.rmatmat(y[:, None])[:, 0]

    def matmat(self, X: np.ndarray) -> np.ndarray:
        (c, a), (d, b) = self.left.shape, self.right.shape
        return self._through(self.left.matmat, self.right.matmat, (a, b, c, d), X)

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        (a, c), (b, d) = self.left.shape, self.right.shape
        return self._through(self.left.rmatmat, self.right.rmatmat, (a, b, c, d), Y)

    def _through(self, left: Any, right: Any, rows: tuple[int, int, int, int], X: np.ndarray) -> np.ndarray:
        """The p columns of X, each a matrix, times one factor from the left and the other from the right.

        ``rows`` are those of what goes into the left and right factor, then of what comes out of them.
        """
        (a, b, c, d), p = rows, X.shape[1]
        kind = np.result_type(self.dtype, X)
        X = X.astype(kind, copy=False)  # so that nothing is rounded to less on the way
        if c * b * (a + d) <= d * a * (b + c):
            half = left(X.reshape(a, b * p)).reshape(c, b, p).swapaxes(0, 1).reshape(b, c * p)
            whole = right(half).reshape(d, c, p).swapaxes(0, 1).reshape(c * d, p)
        else:
            half = right(X.reshape(a, b, p).swapaxes(0, 1).reshape(b, a * p)).reshape(d, a, p)
            whole = left(half.swapaxes(0, 1).reshape(a, d * p)).reshape(c * d, p)
        return whole.astype(kind, copy=False)

    def columns(self, support: Any) -> np.ndarray:
        first, second = np.divmod(indices(support, "support", self.shape[1]), self.right.shape[1])
        left, right = _picked(self.left, first), _picked(self.right, second)
        return (left[:, None] * right).reshape(self.shape[0], first.size)

    def column_norms(self) -> np.ndarray:
        return np.outer(self.left.column_norms(), self.right.column_norms()).ravel()

    def gram(self) -> np.ndarray:
        norms = self.left.column_norms(), self.right.column_norms()
        reach = float(np.finfo(np.result_type(*norms)).max) ** 0.25
        if any(norm.max() > reach or 0 < norm.max() < 1 / reach for norm in norms):
            return super().gram()  # squares of one factor alone may leave the range of the numbers
        return np.kron(self.left.gram(), self.right.gram())

    def _dense(self) -> np.ndarray:
        return np.kron(self.left.dense(), self.right.dense())

    @property
    def nbytes(self) -> int:
        return self.left.nbytes + self.right.nbytes


def _picked(operator: Operator, support: np.ndarray) -> np.ndarray:
    """Columns of a factor, each fetched once however often it is asked for."""
    distinct, places = np.unique(support, return_inverse=True)
    return operator.columns(distinct)[:, places.ravel()]
