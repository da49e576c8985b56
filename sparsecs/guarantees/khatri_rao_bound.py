r"""The column-wise Khatri-Rao product: delta_k(L o R) <= delta_k(L) delta_k(R) for unit columns.

A^H A - I = (L^H L - I) o (R^H R - I), entry by entry, since all three Gram matrices have ones on their diagonals. On k
columns the entrywise product is a principal part of the Kronecker product, whose norm is the product of the norms. So
products of columns are nearer to orthogonal than those of either factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._few_columns import FewColumns
from sparsecs.guarantees._measured import Measured
from sparsecs.operators.khatri_rao import KhatriRao


@dataclass(frozen=True)
class KhatriRaoBound(FewColumns):
    """Any k unit columns of a Khatri–Rao product are as near to orthogonal as the product of what its factors are.

    It asks for an operator of the class ``KhatriRao``.

    References
    ----------
    Khanna and Murthy, "On the restricted isometry of the columnwise Khatri-Rao product" (2018).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import KhatriRao, KhatriRaoBound
    >>> half = np.array([[1.0, 0.0, 0.8], [0.0, 1.0, 0.6]])
    >>> KhatriRaoBound().premise(KhatriRao(half, half), 2).value.upper <= 0.64 + 1e-9
    True
    """

    condition: ClassVar[str] = "A = L ⊙ R and δ_k(L) δ_k(R) < 1"
    reference: ClassVar[str] = "Khanna and Murthy (2018)"
    figure: ClassVar[str] = "δ_k(L) δ_k(R)"
    effort: ClassVar[int] = 1

    def bound(self, facts: Measured, k: int) -> Bounds:
        """δ_k(L) δ_k(R); infinite for an operator that is no such product."""
        if not isinstance(facts.given, KhatriRao):
            return Bounds(float("inf"), float("inf"), method="A is no KhatriRao operator")
        return facts.of_factors(k).delta
