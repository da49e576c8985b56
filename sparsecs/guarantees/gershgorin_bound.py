r"""Gershgorin's circles: delta_k <= mu_1(k - 1) <= (k - 1) mu for unit columns.

The Gram matrix of k unit columns has ones on its diagonal, and the moduli of the rest of a row sum to mu_1(k - 1) at most, so
every eigenvalue lies within that distance of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._few_columns import FewColumns
from sparsecs.guarantees._measured import Measured


@dataclass(frozen=True)
class GershgorinBound(FewColumns):
    """Any k unit columns are near to orthogonal if none is much alike to k − 1 others.

    References
    ----------
    Gershgorin (1931); Tropp (2004) for the Babel function.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import GershgorinBound
    >>> hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    >>> GershgorinBound().premise(np.hstack([np.eye(4), hadamard / 2]), 2)
    GershgorinBound holds for k = 2: μ₁(k − 1) = 0.5, below 1. So any 2 unit columns are independent, and δ_2 is no larger.
    """

    condition: ClassVar[str] = "μ₁(k − 1) < 1"
    reference: ClassVar[str] = "Gershgorin (1931), Tropp (2004)"
    figure: ClassVar[str] = "μ₁(k − 1)"

    def bound(self, facts: Measured, k: int) -> Bounds:
        """μ₁(k − 1)."""
        return facts.babel(k - 1)
