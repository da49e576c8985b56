r"""The column-wise Khatri-Rao product of two operators with as many columns: column j is l_j kron r_j.

With the result y as an m_L × m_R matrix Y, row by row, and L and R the factors,

    Y              = L diag(x) R^T
    (A^H y)_j      = l_j^H Y conj(r_j)
    ||a_j||        = ||l_j|| ||r_j||,  and  A^H A = (L^H L) o (R^H R)  entry by entry

from (m_L + m_R) n numbers in place of m_L m_R n. One factor, the one with fewer rows unless the other is an array already, is
held as an array; the other may be matrix-free. The row-wise product of the same name is ``FaceSplitting``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sparsecs.core.checks import indices
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator


@dataclass(frozen=True, eq=False, repr=False)
class KhatriRao(Operator):
    """The column-wise Khatri-Rao product of two matrices or operators, never formed.

    Parameters
    ----------
    left, right : anything that ``as_operator`` takes
        Of shapes (m_L, n) and (m_R, n); the product has m_L m_R rows, those of the right factor running fastest.

    Raises
    ------
    ValueError
        If they have not as many columns.

    Examples
    --------
    >>> from sparsecs import KhatriRao
    >>> KhatriRao([[1, 2], [3, 4]], [[5, 6]]).dense()
    array([[ 5., 12.],
           [15., 24.]])
    """

    left: Operator
    right: Operator

    def __post_init__(self) -> None:
        left, right = as_operator(self.left), as_operator(self.right)
        if left.shape[1] != right.shape[1]:
            raise ValueError(
                f"The factors have shapes {left.shape} and {right.shape}; a Khatri-Rao product pairs their columns, so both "
                "need as many. Kronecker takes every pair of columns."
            )
        object.__setattr__(self, "left", left)
        object.__setattr__(self, "right", right)

    @property
    def shape(self) -> tuple[int, int]:
        return self.left.shape[0] * self.right.shape[0], self.left.shape[1]

    @property
    def dtype(self) -> np.dtype:
        return np.result_type(self.left.dtype, self.right.dtype)

    @cached_property
    def _formed(self) -> tuple[np.ndarray, bool]:
        """One factor as an array, and whether it is the left one."""
        at_hand = self.left.at_hand is not None, self.right.at_hand is not None
        is_left = at_hand[0] if at_hand[0] != at_hand[1] else self.left.shape[0] < self.right.shape[0]
        factor = self.left if is_left else self.right
        return factor.dense() if factor.at_hand is None else factor.at_hand, is_left

    def matvec(self, x: np.ndarray) -> np.ndarray:
        formed, is_left = self._formed
        other = self.right if is_left else self.left
        kind = np.result_type(self.dtype, x)
        product = other.matmat((formed * x.astype(kind, copy=False)).T)
        return np.ascontiguousarray(product.T if is_left else product).reshape(self.shape[0]).astype(kind, copy=False)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        formed, is_left = self._formed
        kind = np.result_type(self.dtype, y)
        Y = y.astype(kind, copy=False).reshape(self.left.shape[0], self.right.shape[0])
        half = self.right.rmatmat(Y.T) if is_left else self.left.rmatmat(Y)
        return np.einsum("jb,bj->j", half, formed.conj()).astype(kind, copy=False)

    def columns(self, support: Any) -> np.ndarray:
        chosen = indices(support, "support", self.shape[1])
        return (self.left.columns(chosen)[:, None] * self.right.columns(chosen)).reshape(self.shape[0], chosen.size)

    def column_norms(self) -> np.ndarray:
        return self.left.column_norms() * self.right.column_norms()

    @property
    def nbytes(self) -> int:
        formed, is_left = self._formed if "_formed" in vars(self) else (None, False)
        kept = formed is not None and (self.left if is_left else self.right).at_hand is None
        return self.left.nbytes + self.right.nbytes + (formed.nbytes if kept and formed is not None else 0)
