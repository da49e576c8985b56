r"""The coherence bound: k < (1 + 1/mu) / 2 is enough for OMP and for basis pursuit.

It holds for every support and all signs, so it is a worst case. On random matrices the solvers succeed at many times the
sparsity that it promises; on network Jacobians, where some columns are always alike, it rarely promises more than k = 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from sparsecs.geometry.coherence import coherence
from sparsecs.guarantees.base import Guarantee


@dataclass(frozen=True)
class CoherenceBound(Guarantee):
    """Every signal with k < (1 + 1/μ)/2 nonzeros is found.

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
        mu = coherence(A)
        if mu == 0:
            return len(A[0]) if isinstance(A, list) else int(A.shape[1])
        return math.ceil((1 + 1 / mu) / 2 - 1e-9) - 1
