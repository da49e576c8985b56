r"""The Babel bound: mu_1(k - 1) + mu_1(k) < 1, which never promises less than coherence does.

    mu_1(k - 1) + R mu_1(k) < 1,      R = 1 for OMP;  max ||a_j|| / min ||a_j|| for basis pursuit

mu_1(s) is the largest sum of s inner products of one unit column with others, so mu_1(s) <= s mu. For OMP: the premise bounds
the exact recovery coefficient of every support by mu_1(k) / (1 - mu_1(k - 1)) < 1. For l1: for h with A h = 0 and
u_j = ||a_j|| h_j, |u_i| <= sum_{j != i} |<a_i, a_j>| |u_j| / (||a_i|| ||a_j||). Summed over a support S of size k,

    ||u_S||_1 <= mu_1(k - 1) ||u_S||_1 + mu_1(k) ||u_rest||_1,

and going from u back to h costs a factor of R: the null space property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class BabelBound(Guarantee):
    """Every signal with μ₁(k − 1) + μ₁(k) < 1 is found; columns of different lengths lower this for ℓ1.

    References
    ----------
    Tropp, "Greed is good: algorithmic results for sparse approximation" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import BabelBound, CoherenceBound
    >>> A = np.eye(6)
    >>> A[0, 1] = A[2, 3] = A[4, 5] = 0.5
    >>> CoherenceBound().sparsity(A, "OMP"), BabelBound().sparsity(A, "OMP")
    (1, 6)
    """

    condition: ClassVar[str] = "μ₁(k − 1) + μ₁(k) < 1"
    promise: ClassVar[str] = "every k-sparse signal is recovered exactly"
    solvers: ClassVar[tuple[str, ...]] = ("OMP", "BasisPursuit")
    reference: ClassVar[str] = "Tropp (2004)"

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        k, plain = case.k, case.solver == "OMP" or facts.even or facts.dead.size
        inside, outside, R = facts.babel(k - 1), facts.babel(k), 1.0 if plain else facts.unevenness
        value = Bounds(inside.lower + R * outside.lower, inside.upper + R * outside.upper)
        figure = f"μ₁({k - 1}) + {'' if plain else f'{R:.4g} '}μ₁({k}){facts.caveat}"
        return self._says(facts, case, figure, value, 1.0)
