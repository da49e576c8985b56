"""Columns that resemble their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import finite, quote
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class Autoregressive(Ensemble):
    """Gaussian rows, each an AR(1) process along the columns: columns i and j have correlation c^|i − j|.

    Also known as a design with Toeplitz covariance. Entries have variance 1/m.

    Parameters
    ----------
    correlation : float
        c, strictly between −1 and 1.

    Examples
    --------
    >>> from sparsecs import Autoregressive, stream
    >>> A = Autoregressive(correlation=0.9).draw(10_000, 3, stream(0, "A")).dense()
    >>> [round(float(A[:, 0] @ A[:, j]), 1) for j in range(3)]
    [1.0, 0.9, 0.8]
    """

    correlation: float = 0.5

    def __post_init__(self) -> None:
        if not abs(float(finite(np.asarray(self.correlation, dtype=float), "correlation"))) < 1:
            raise ValueError(f"correlation must lie strictly between -1 and 1; got {quote(self.correlation)}.")

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        matrix = rng.standard_normal((m, n)) * m**-0.5
        fresh = (1 - self.correlation**2) ** 0.5
        for j in range(1, n):
            matrix[:, j] = self.correlation * matrix[:, j - 1] + fresh * matrix[:, j]
        return Dense(matrix)
