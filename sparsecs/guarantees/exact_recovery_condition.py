r"""The exact recovery condition: one support, whatever the signs.

    max_{j not in S} ||A_S^+ a_j||_1 < 1,      the columns of A_S independent

OMP: as long as S holds all chosen columns, the residual r is A_S z, and for j not in S |<a_j, r>| = |<A_S^+ a_j, A_S^H r>| <=
||A_S^+ a_j||_1 max_{i in S} |<a_i, r>|, so the next column is of S as well. It works on columns at unit length, and so does
the condition then. Basis pursuit: for any signs s, nu = (A_S^+)^H s is a dual certificate, |<a_j, nu>| <= ||A_S^+ a_j||_1 <
1; the columns are those of A as they are. (Tropp 2004.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.geometry.exact_recovery_coefficient import exact_recovery_coefficient
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class ExactRecoveryCondition(Guarantee):
    """Every signal on one support is found, if no other column costs as much in ℓ1 as the support pays for it.

    References
    ----------
    Tropp, "Greed is good: algorithmic results for sparse approximation" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import ExactRecoveryCondition
    >>> A = np.array([[1.0, 0.0, 0.6, 0.3], [0.0, 1.0, 0.8, 0.4]])
    >>> bool(ExactRecoveryCondition().premise(A, support=[0, 1]))
    False
    >>> A = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 0.4], [0.0, 0.0, 0.866]])
    >>> bool(ExactRecoveryCondition().premise(A, support=[0, 1]))
    True
    """

    condition: ClassVar[str] = "max ‖A_S⁺ a_j‖₁ < 1 over the columns j outside one support S"
    promise: ClassVar[str] = "every signal on this support is recovered exactly, whatever its signs"
    solvers: ClassVar[tuple[str, ...]] = ("OMP", "BasisPursuit")
    reference: ClassVar[str] = "Tropp (2004)"
    uniform: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = ("support",)

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        value = exact_recovery_coefficient(facts.operator, case.support, normalize=case.solver == "OMP")
        return self._says(facts, case, "max ‖A_S⁺ a_j‖₁", value, 1.0)
