r"""The spark: below half of it a k-sparse signal is the only one, so that looking for the sparsest finds it.

    2 k < spark(A)      <=>      no two k-sparse signals measure the same

The difference of two k-sparse signals has 2 k nonzeros at most, and fewer than spark(A) columns are independent; conversely
the nonzeros of a null vector with spark(A) of them can be shared between two signals. It speaks of the signals, not of a way
to find them: an exhaustive search does, and no method that is told nothing but k can do more. (Donoho and Elad 2003.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import numeric
from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class SparkBound(Guarantee):
    """Every k-sparse signal is the only one with so few nonzeros if and only if 2k columns are always independent.

    References
    ----------
    Donoho and Elad, "Optimally sparse representation in general (nonorthogonal) dictionaries via l1 minimization" (2003).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SparkBound
    >>> hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    >>> SparkBound().sparsity(np.hstack([np.eye(4), hadamard / 2]))
    1
    """

    condition: ClassVar[str] = "2k < spark(A)"
    promise: ClassVar[str] = (
        "every k-sparse signal is the only one with at most k nonzeros that explains y (exhaustive search)"
    )
    reference: ClassVar[str] = "Donoho and Elad (2003)"
    sharp: ClassVar[bool] = True
    effort: ClassVar[int] = 1

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        found, n = facts.spark(2 * case.k), facts.shape[1]
        low, high = min(found.lower, n + 1), min(found.upper, n + 1)
        if low > n:  # all columns are independent, and every signal is the only one
            high = low = max(high, 2 * case.k + 1)
        ratio = Bounds(2 * case.k / high, 2 * case.k / low, found.witness, found.method, found.stopped)
        return self._says(facts, case, f"{2 * case.k} / spark", ratio, 1.0)

    def kept(self, problem: Any, answer: Any, tolerance: float = 1e-6) -> bool:
        """Whether the answer is the signal, or has more nonzeros, or does not explain y."""
        found = numeric(getattr(answer, "x", answer), "answer")
        k = np.count_nonzero(numeric(problem.truth, "truth"))
        residual = np.linalg.norm(problem.y - problem.operator @ found)
        others = np.count_nonzero(found) > k or residual > tolerance * np.linalg.norm(problem.y)
        return bool(others or super().kept(problem, answer, tolerance**0.5))
