"""Some columns of an operator: A[:, S]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices
from sparsecs.operators.base import Operator


@dataclass(frozen=True, eq=False, repr=False)
class Selected(Operator):
    """The operator that has only the columns S of A.

    Parameters
    ----------
    operator : Operator
        A, of shape (m, n).
    support : array of int, or a mask of n truth values
        S, at least one column; each column at most once.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Dense, Selected
    >>> Selected(Dense(np.eye(3)), [0, 2]) @ np.array([5.0, 7.0])
    array([5., 0., 7.])
    """

    operator: Operator
    support: np.ndarray

    def __post_init__(self) -> None:
        support = indices(self.support, "support", self.operator.shape[1])
        if support.size == 0:
            raise ValueError("support is empty; an operator needs at least one column.")
        if np.unique(support).size < support.size:
            raise ValueError("support names a column twice; each column may be selected once.")
        object.__setattr__(self, "support", support)

    @property
    def shape(self) -> tuple[int, int]:
        return self.operator.shape[0], self.support.size

    @property
    def dtype(self) -> np.dtype:
        return self.operator.dtype

    def _spread(self, x: np.ndarray) -> np.ndarray:
        full = np.zeros((self.operator.shape[1], *x.shape[1:]), dtype=x.dtype)
        full[self.support] = x
        return full

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.operator.matvec(self._spread(x))

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self.operator.rmatvec(y)[self.support]

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self.operator.matmat(self._spread(X))

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return self.operator.rmatmat(Y)[self.support]

    def columns(self, support: Any) -> np.ndarray:
        return self.operator.columns(self.support[indices(support, "support", self.shape[1])])

    def column_norms(self) -> np.ndarray:
        return self.operator.column_norms()[self.support]
