"""Supports spread over all columns alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.problems.supports.base import Support


@dataclass(frozen=True)
class UniformSupport(Support):
    """Every set of k columns is equally likely.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import UniformSupport, stream
    >>> sorted(UniformSupport().order(np.ones((2, 4)), stream(0, "support")).tolist())
    [0, 1, 2, 3]
    """

    def _order(self, A: Operator, rng: np.random.Generator) -> np.ndarray:
        return rng.permutation(A.shape[1])
