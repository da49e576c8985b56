"""The adjoint Aᴴ of an operator, with nothing computed until it is applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator


@dataclass(frozen=True, eq=False)
class Adjoint(Operator):
    """Aᴴ as an operator; ``A.H`` makes it.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> as_operator(np.array([[1.0, 2.0]])).H.dense()
    array([[1.],
           [2.]])
    """

    operator: Operator

    @property
    def shape(self) -> tuple[int, int]:
        m, n = self.operator.shape
        return n, m

    @property
    def dtype(self) -> np.dtype:
        return self.operator.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.operator.rmatvec(x)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self.operator.matvec(y)

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self.operator.rmatmat(X)

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return self.operator.matmat(Y)

    def _dense(self) -> np.ndarray:
        return self.operator._dense().conj().T

    @property
    def H(self) -> Operator:  # type: ignore[override]
        return self.operator
