"""The Rademacher ensemble: random signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class Rademacher(Ensemble):
    """Independent entries ±1/√m with fair signs; every column has norm exactly 1 up to rounding.

    Examples
    --------
    >>> from sparsecs import Rademacher, stream
    >>> float(abs(Rademacher().draw(4, 3, stream(0, "A")).dense()).max())
    0.5
    """

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        signs = rng.integers(0, 2, (m, n), dtype=np.int8)
        return Dense((2.0 * signs - 1.0) * m**-0.5)
