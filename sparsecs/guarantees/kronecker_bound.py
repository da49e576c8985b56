r"""The Kronecker product: max(delta_k(L), delta_k(R)) <= delta_k(L kron R) <= (1 + delta_k(L)) (1 + delta_k(R)) - 1.

Any k columns of the product lie among (k of L) kron (k of R), and the eigenvalues of that Gram matrix are products of one of
each factor. One column of a factor with k of the other shows the lower bound: a Kronecker product is never better
than its factors. So also mu = max(mu(L), mu(R)) and spark = min(spark(L), spark(R)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.geometry.bounds import Bounds
from sparsecs.guarantees._few_columns import FewColumns
from sparsecs.guarantees._measured import Measured
from sparsecs.operators.kronecker import Kronecker


@dataclass(frozen=True)
class KroneckerBound(FewColumns):
    """Any k unit columns of a Kronecker product are near to orthogonal if those of both factors are.

    It asks for an operator of the class ``Kronecker``.

    References
    ----------
    Jokar and Mehrmann, "Sparse solutions to underdetermined Kronecker product systems" (2009); Duarte and Baraniuk, "Kronecker
    compressive sensing" (2012).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Kronecker, KroneckerBound
    >>> half = np.array([[1.0, 0.0, 0.28], [0.0, 1.0, 0.96]])
    >>> bool(KroneckerBound().premise(Kronecker(np.eye(2), half), 2))
    True
    """

    condition: ClassVar[str] = "A = L ⊗ R and δ_k of it, bounded by those of L and R, is below 1"
    reference: ClassVar[str] = "Jokar and Mehrmann (2009), Duarte and Baraniuk (2012)"
    figure: ClassVar[str] = "δ_k by the factors"
    effort: ClassVar[int] = 1

    def bound(self, facts: Measured, k: int) -> Bounds:
        """max(1 − (1 − L_L)(1 − L_R), (1 + U_L)(1 + U_R) − 1); infinite for an operator that is no such product."""
        if not isinstance(facts.given, Kronecker):
            return Bounds(float("inf"), float("inf"), method="A is no Kronecker operator")
        return facts.of_factors(k).delta
