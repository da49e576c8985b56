"""Supports inside a given set of columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import distinct, indices
from sparsecs.operators.base import Operator
from sparsecs.problems.supports.base import Support


@dataclass(frozen=True)
class ColumnSupport(Support):
    """Every set of k of the given columns is equally likely, and no other column is used.

    Parameters
    ----------
    columns : tuple of int
        Positions, each once.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import ColumnSupport, stream
    >>> sorted(ColumnSupport((1, 3)).order(np.ones((2, 4)), stream(0, "support")).tolist())
    [1, 3]
    """

    columns: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        columns = tuple(int(column) for column in indices(self.columns, "columns", 2**62))
        if not columns:
            raise ValueError("columns is empty; a support needs at least one column to lie in.")
        distinct(np.array(columns), "columns")
        object.__setattr__(self, "columns", columns)

    def _order(self, A: Operator, rng: np.random.Generator) -> np.ndarray:
        return rng.permutation(indices(self.columns, "columns", A.shape[1]))
