"""The door: the one place that asks "what is A?"."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.foreign import Foreign
from sparsecs.operators.sparse import Sparse


def as_operator(A: Any) -> Operator:
    """Whatever measures, as an operator of this package.

    Parameters
    ----------
    A : array, SciPy sparse array or matrix, SciPy or PyLops operator, or Operator
        Of shape (m, n). Lists of lists, data frames and CPU tensors come in as arrays. Nothing is copied that need not be.

    Returns
    -------
    Operator
        ``A`` itself if it is one.

    Raises
    ------
    TypeError
        If it is none of these.
    ValueError
        If it is empty, has not two axes, or holds NaN or infinity.

    Examples
    --------
    >>> from sparsecs import as_operator
    >>> as_operator([[1, 2], [3, 4]]).dtype
    dtype('float64')
    """
    if isinstance(A, Operator):
        return A
    if type(A).__module__.startswith("scipy.sparse.") and hasattr(A, "tocsc"):
        return Sparse(A)
    if isinstance(A, np.ndarray):
        return Dense(A)
    if hasattr(A, "matvec") and hasattr(A, "shape"):
        return Foreign(A)
    if hasattr(A, "__array__") or isinstance(A, (list, tuple)):
        return Dense(A)
    raise TypeError(
        f"A is a {type(A).__name__}; an array, a SciPy sparse matrix, a SciPy or PyLops operator, or an Operator of "
        "this package was asked for."
    )
