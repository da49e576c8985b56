"""Leverages: how much of each unit vector lies in the row space."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.geometry._row_space import row_space
from sparsecs.operators.door import as_operator


def leverages(A: Any) -> np.ndarray:
    """The leverage h_j = (A⁺A)_jj of every column, an (n,) array between 0 and 1.

    Basis pursuit on exact data depends on A through its null space alone, and h_j says how far the null space keeps away
    from coordinate j: h_j = 1 for a column that is independent of all others, whose coefficient is always found, and h_j = 0
    for a zero column, whose coefficient never is. They add up to the rank. Multiplying A from the left by an invertible matrix
    does not change them; scaling a column does.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).

    Raises
    ------
    MemoryError
        If neither the matrix nor its m × m Gram matrix fits within a gibibyte.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import leverages
    >>> leverages(np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]])).round(9)
    array([0.5, 0.5, 1. , 0. ])
    """
    return row_space(as_operator(A)).leverages()
