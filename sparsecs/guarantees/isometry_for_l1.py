r"""Restricted isometry for l1: the two sharp conditions.

    delta_q < sqrt(1 - k / q)  for some order q >= 4 k / 3,  so  delta_2k < 0.7071;      or  delta_k < 1/3,  k >= 2

Both thresholds are the best possible: above them there are matrices on which l1 misses a k-sparse signal. For k = 1, delta_1
only compares lengths and says nothing of angles, so the second condition is left out. The proofs write the small entries of a
null vector as an average of sparse vectors with the same phases, so they hold for complex data as well. The l1 norm does not
see a factor common to all columns, so delta is that of the best multiple of A; columns keep their lengths. The orders tried
are k, 4k/3, 2k and 3k. (Cai and Zhang 2013 for delta_k, 2014 for delta_q.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class IsometryForL1(Guarantee):
    """Every k-sparse signal is found by ℓ1 if few columns, 2k for example, are near enough to orthogonal.

    References
    ----------
    Cai and Zhang, "Sharp RIP bound for sparse signal and low-rank matrix recovery" (2013); Cai and Zhang, "Sparse
    representation of a polytope and recovery of sparse signals and low-rank matrices" (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IsometryForL1
    >>> A = np.linalg.qr(np.column_stack([np.ones(6), np.eye(6)[:, :5]]))[0][:, 1:].T
    >>> IsometryForL1().sparsity(A)
    2
    """

    condition: ClassVar[str] = "δ_q < √(1 − k/q) for some q ≥ 4k/3, or δ_k < 1/3 with k ≥ 2"
    promise: ClassVar[str] = "every k-sparse signal is recovered exactly"
    solvers: ClassVar[tuple[str, ...]] = ("BasisPursuit",)
    reference: ClassVar[str] = "Cai and Zhang (2013, 2014)"
    effort: ClassVar[int] = 2

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        k, found = case.k, []
        bars = {order: math.sqrt(1 - k / order) for order in (math.ceil(4 * k / 3), 2 * k, 3 * k)}
        for order, bar in (({k: 1 / 3} if k > 1 else {}) | bars).items():
            found.append(self._says(facts, case, f"δ_{order}", facts.delta(order, False, bar), bar))
            if found[-1]:
                break
        return max(found, key=_strength)


def _strength(verdict: Verdict) -> tuple[int, float]:
    """How near to proven a premise is."""
    rank = 2 if verdict else 1 if verdict.holds is None else 0
    return rank, verdict.threshold - verdict.value.lower
