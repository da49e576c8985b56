"""Gaussian columns of very different size: what a raw Jacobian looks like from afar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class LognormalColumns(Ensemble):
    """Gaussian columns, each times a lognormal factor of its own.

    The factor is exp(spread · g − spread²) with g standard normal, so that the squared norm of a column is 1 on average. Most
    columns are shorter than that, a few much longer.

    Parameters
    ----------
    spread : float
        Standard deviation of the logarithm of the norms; at 0 the ensemble is ``Gaussian``.

    Examples
    --------
    >>> from sparsecs import LognormalColumns, stream
    >>> norms = LognormalColumns(spread=2.0).draw(50, 200, stream(0, "A")).column_norms()
    >>> bool(norms.max() > 100 * norms.min())
    True
    """

    spread: float = 1.0

    def __post_init__(self) -> None:
        positive(self.spread, "spread", zero=True)

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        matrix = rng.standard_normal((m, n)) * m**-0.5
        return Dense(matrix * np.exp(self.spread * rng.standard_normal(n) - self.spread**2))
