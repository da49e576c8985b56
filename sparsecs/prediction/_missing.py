"""How likely a random support misses all columns on which nothing is ever found."""

from __future__ import annotations

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.problems.supports.base import Support
from sparsecs.problems.supports.uniform_support import UniformSupport

DRAWS = 400  # of supports, where there is no formula: a standard error of at most 0.025


def missing(operator: Operator, support: Support, lost: np.ndarray, limit: int, rng: np.random.Generator) -> np.ndarray:
    """The probability that a support of size 0, 1, ..., limit holds no lost column: exact for uniform ones, else an estimate.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import UniformSupport, as_operator, stream
    >>> from sparsecs.prediction._missing import missing
    >>> missing(as_operator(np.ones((2, 4))), UniformSupport(), np.array([True, False, False, False]), 2, stream(0, "x"))
    array([1.  , 0.75, 0.5 ])
    """
    if not lost.any():
        return np.ones(limit + 1)
    if isinstance(support, UniformSupport):
        taken = np.arange(limit)
        left = lost.size - taken
        return np.concatenate([[1.0], np.cumprod((left - lost.sum()) / left)])
    first = np.empty(DRAWS)
    for draw in range(DRAWS):
        hit = lost[support.order(operator, rng)]
        first[draw] = np.argmax(hit) if hit.any() else np.inf
    return (first[:, None] >= np.arange(limit + 1)).mean(axis=0)
