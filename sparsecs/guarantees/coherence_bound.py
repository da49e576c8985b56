r"""The coherence bound: k < (1 + 1/mu) / 2 is enough for OMP and for basis pursuit.

It holds for every support and all signs, so it is a worst case; with a zero column it promises nothing. On random matrices
the solvers succeed at many times the sparsity that it promises; on network Jacobians, where some columns are always alike, it
rarely promises more than k = 1.

The l1 norm does not treat columns of different norms alike. If the longest is R times as long as the shortest, the bound is
divided by R: for h with A h = 0 and u_j = ||a_j|| h_j one has |u_j| (1 + mu) <= mu ||u||_1, and ||h||_1 lies between
||u||_1 / max ||a_j|| and ||u||_1 / min ||a_j||, so that k < (1 + 1/mu) / (2 R) keeps the null space property. Normalise the
columns to have the full bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from sparsecs.geometry.coherence import coherence
from sparsecs.guarantees.base import Guarantee
from sparsecs.operators.door import as_operator


@dataclass(frozen=True)
class CoherenceBound(Guarantee):
    """Every signal with k < (1 + 1/μ)/2 nonzeros is found; columns of different norms lower this for ℓ1.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import CoherenceBound
    >>> hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    >>> CoherenceBound().sparsity(np.hstack([np.eye(4), hadamard / 2]))
    1
    """

    promise: ClassVar[str] = "every k-sparse signal is recovered exactly, whatever its support and signs"
    solvers: ClassVar[tuple[str, ...]] = ("OMP", "BasisPursuit")
    reference: ClassVar[str] = "Donoho and Elad (2003) for l1; Tropp (2004) for OMP"

    def sparsity(self, A: Any) -> int:
        operator = as_operator(A)
        norms = operator.column_norms()
        if (norms == 0).any():
            return 0  # no method finds a coefficient on a zero column
        mu = coherence(operator) if norms.size > 1 else 0.0
        uneven = float(norms.max() / norms.min())
        if mu * (2 * norms.size * uneven - 1) < 1:
            return norms.size
        return math.ceil((1 + 1 / mu) / (2 * uneven) - 1e-9) - 1
