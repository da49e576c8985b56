r"""The coherence bound: k < (1 + 1/mu) / 2 is enough for OMP and, on columns of one length, for basis pursuit.

    mu < 1 / (k + k R - 1),      R = 1 for OMP;  max ||a_j|| / min ||a_j|| for basis pursuit

It holds for every support and all signs, so it is a worst case; with a zero column it promises nothing. On random matrices
the solvers succeed at many times the sparsity that it promises; on network Jacobians, where some columns are always alike, it
rarely promises more than k = 1.

OMP works on columns of unit length. The l1 norm does not treat columns of different lengths alike: for h with A h = 0 and
u_j = ||a_j|| h_j one has (1 + mu) |u_j| <= mu ||u||_1, so the k largest sum to q ||u_rest||_1 at most, with
q = k mu / (1 - (k - 1) mu). Going from u to h costs a factor of R, and R q < 1 is the null space property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class CoherenceBound(Guarantee):
    """Every signal with k < (1 + 1/μ)/2 nonzeros is found; columns of different lengths lower this for ℓ1.

    References
    ----------
    Donoho and Elad (2003) and Gribonval and Nielsen (2003) for ℓ1; Tropp (2004) for OMP.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import CoherenceBound
    >>> hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    >>> A = np.hstack([np.eye(4), hadamard / 2])
    >>> CoherenceBound().sparsity(A)
    1
    >>> CoherenceBound().premise(A, 1)
    CoherenceBound holds for k = 1: μ = 0.5, below 1. So every 1-sparse signal is recovered exactly, by OMP() and BasisPursuit().
    """

    condition: ClassVar[str] = "μ < 1/(2k − 1)"
    promise: ClassVar[str] = "every k-sparse signal is recovered exactly"
    solvers: ClassVar[tuple[str, ...]] = ("OMP", "BasisPursuit")
    reference: ClassVar[str] = "Donoho and Elad (2003), Tropp (2004)"

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        uneven = 1.0 if case.solver == "OMP" or facts.dead.size else facts.unevenness
        bar = 1 / (case.k * (1 + uneven) - 1)
        return self._says(facts, case, f"μ{facts.caveat}", facts.babel(1), bar)
