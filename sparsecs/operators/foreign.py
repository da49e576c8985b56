"""Somebody else's operator: SciPy's LinearOperator, PyLops, or anything that has a shape, matvec and rmatvec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import numeric
from sparsecs.operators.base import Operator


@dataclass(frozen=True, eq=False, repr=False)
class Foreign(Operator):
    """An operator of another library, known only by its two products.

    Column norms and columns cost one product for each column, and are found by pushing unit vectors through.

    Parameters
    ----------
    operator : object
        With ``shape``, ``matvec`` and ``rmatvec``; ``dtype`` is used if it has one. It is only ever given vectors.

    Raises
    ------
    TypeError
        If one of the three is missing.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.sparse.linalg import LinearOperator
    >>> from sparsecs import Foreign
    >>> adjoint = lambda y: -np.diff(y, prepend=0, append=0)
    >>> Foreign(LinearOperator((2, 3), matvec=np.diff, rmatvec=adjoint, dtype=float)).dense()
    array([[-1.,  1.,  0.],
           [ 0., -1.,  1.]])
    """

    operator: Any

    def __post_init__(self) -> None:
        missing = [name for name in ("shape", "matvec", "rmatvec") if not hasattr(self.operator, name)]
        if missing:
            raise TypeError(
                f"{type(self.operator).__name__} cannot be used as an operator: it lacks {', '.join(missing)}."
            )
        shape = tuple(self.operator.shape)
        if len(shape) != 2 or 0 in shape:
            raise ValueError(f"The operator has shape {shape}; it needs two axes, none of them empty.")

    @property
    def shape(self) -> tuple[int, int]:
        m, n = self.operator.shape
        return int(m), int(n)

    @property
    def dtype(self) -> np.dtype:
        declared = getattr(self.operator, "dtype", None)
        return numeric(np.zeros(0, dtype=declared), "The operator").dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self._numbers(self.operator.matvec(x), 0)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        try:
            product = self.operator.rmatvec(y)
        except NotImplementedError:
            raise TypeError(
                f"This {type(self.operator).__name__} has no adjoint product; give it rmatvec, which maps y to A^H y."
            ) from None
        return self._numbers(product, 1)

    def _numbers(self, product: Any, axis: int) -> np.ndarray:
        return numeric(product, "The operator's product").reshape(self.shape[axis])
