"""One question about restricted isometry constants, and all that is known of its answer."""

from __future__ import annotations

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._isometry_cheap import Rows, sum_of_squares
from sparsecs.geometry._isometry_gram import Columns
from sparsecs.geometry._isometry_sides import Side

NEGLIGIBLE = 1e-12  # of a constant without a unit


class Question:
    """The columns, the order, and what is known of the least and the largest eigenvalue.

    Parameters
    ----------
    columns : Columns
    k : int
    budget : Budget
    memory : int
        Bytes.
    scaled : bool
        Whether A will be scaled in the end, so that only ratios of eigenvalues count.

    Attributes
    ----------
    negligible : float
        A difference of eigenvalues that does not count.
    """

    def __init__(self, columns: Columns, k: int, budget: Budget, memory: int, scaled: bool) -> None:
        unit = 1.0 if scaled else columns.unit
        self.negligible = NEGLIGIBLE / unit / unit
        self.columns, self.k, self.budget, self.memory = columns, k, budget, memory
        self.least, self.largest = Side(-1), Side(1)
        self._rows: Rows | None = None
        order = np.argsort(columns.norms, kind="stable")
        dependent = k > columns.operator.shape[0]
        self.offer(order[:k], "more columns than rows" if dependent else "the shortest columns")
        self.offer(order[columns.n - k :], "the longest columns")
        self.least.cap(0.0, "no eigenvalue is negative")
        self.largest.cap(sum_of_squares(columns, k), "norms of the columns")

    def offer(self, support: np.ndarray, by: str) -> None:
        low, high = self.columns.extremes(np.sort(support))
        self.least.offer(support, -low, by)
        self.largest.offer(support, high, by)

    def cap(self, pair: tuple[float, float], by: str) -> None:
        self.least.cap(-pair[0], by)
        self.largest.cap(pair[1], by)

    def rows(self) -> Rows:
        if self._rows is None:
            self._rows = Rows(self.columns, self.k, self.budget, self.memory)
            self.stop(self.budget.stopped)
        return self._rows

    def gram(self, copies: int, what: str) -> np.ndarray | None:
        """The Gram matrix, if that many copies of it fit into memory; else it is noted that they do not."""
        n, need = self.columns.n, copies * self.columns.n**2 * self.columns.dtype.itemsize
        if need <= self.memory:
            return self.columns.gram()
        self.stop(f"{what} for {n} columns takes {need:.3g} bytes, above memory={self.memory:.3g}")
        return None

    def stop(self, reason: str) -> None:
        for side in (self.least, self.largest):
            side.stopped = side.stopped or reason
