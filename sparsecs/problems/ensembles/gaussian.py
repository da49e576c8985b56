"""The Gaussian ensemble: the one that the theory of phase transitions is about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class Gaussian(Ensemble):
    """Independent normal entries of mean 0 and variance 1/m, so that columns have norm 1 in expectation (squared).

    Examples
    --------
    >>> from sparsecs import Gaussian, stream
    >>> Gaussian().draw(20, 50, stream(0, "A")).shape
    (20, 50)
    """

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        return Dense(rng.standard_normal((m, n)) * m**-0.5)
