"""An operator whose columns are scaled: A D with diagonal D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import held, indices, vector
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.door import as_operator


@dataclass(frozen=True, eq=False, repr=False)
class Scaled(Operator):
    """A D: column j of A times factor j.

    Parameters
    ----------
    operator : Operator
        A, of shape (m, n).
    factors : (n,) array
        The diagonal of D: real and finite.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Dense, Scaled
    >>> Scaled(Dense(np.eye(2)), np.array([2.0, 5.0])).dense()
    array([[2., 0.],
           [0., 5.]])
    """

    operator: Operator
    factors: np.ndarray

    def __post_init__(self) -> None:
        n = self.operator.shape[1]
        factors = vector(self.factors, "factors", n, f"the operator has {n} columns")
        if np.iscomplexobj(factors):
            raise TypeError("factors must be real; got complex numbers. Scale by their moduli.")
        real = np.zeros(0, dtype=self.operator.dtype).real.dtype
        object.__setattr__(self, "factors", held(factors, real, "factors"))

    @property
    def shape(self) -> tuple[int, int]:
        return self.operator.shape

    @property
    def dtype(self) -> np.dtype:
        return self.operator.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.operator.matvec(self.factors * x)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return self.factors * self.operator.rmatvec(y)

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return self.operator.matmat(self.factors[:, None] * X)

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return self.factors[:, None] * self.operator.rmatmat(Y)

    def columns(self, support: Any) -> np.ndarray:
        chosen = indices(support, "support", self.shape[1])
        return self.operator.columns(chosen) * self.factors[chosen]

    def column_norms(self) -> np.ndarray:
        return np.abs(self.factors) * self.operator.column_norms()

    def _dense(self) -> np.ndarray:
        return self.operator._dense() * self.factors


def normalized(A: Any) -> Operator:
    """The operator with every column scaled to unit norm; zero columns stay zero.

    Divide an answer in these coordinates by ``as_operator(A).column_norms()`` to have it in those of A.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import normalized
    >>> normalized(np.array([[3.0, 0.0], [4.0, 0.0]])).dense()
    array([[0.6, 0. ],
           [0.8, 0. ]])
    """
    operator = as_operator(A)
    norms = operator.column_norms()
    lengths = np.where(norms > 0, norms, 1)
    if isinstance(operator, Dense):
        return Dense(operator.matrix / lengths)
    with np.errstate(over="ignore"):
        factors = np.minimum(1 / lengths, np.finfo(lengths.dtype).max)
    return Scaled(operator, factors)
