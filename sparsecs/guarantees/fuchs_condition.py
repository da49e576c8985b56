r"""The dual certificate: one support with its signs, and basis pursuit, exactly.

    there is a nu with  A_S^H nu = s,  |a_j^H nu| < 1 for j not in S,  and A_S is injective
        <=>  every x with support S and signs s is the only solution of  min ||z||_1  subject to  A z = A x

For z = x + h with A h = 0: ||z||_1 >= Re <A^H nu, z> = Re <nu, A x> = ||x||_1, with equality only if h lives on S, where A_S
h = 0 means h = 0. That there is such a nu if x is the only solution follows from duality. The least possible max |a_j^H nu|
is a linear program; often the shortest nu, s -> (A_S^+)^H s, is enough (the irrepresentable condition without noise).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.dual_certificate import dual_certificate
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class FuchsCondition(Guarantee):
    """Signals with one support and one sign pattern are found by ℓ1 if and only if a dual vector certifies it.

    References
    ----------
    Fuchs, "On sparse representations in arbitrary redundant bases" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import FuchsCondition
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> bool(FuchsCondition().premise(A, support=[0, 1], signs=[1, -1]))
    True
    >>> bool(FuchsCondition().premise(A, signal=[2.0, 5.0, 0.0]))
    False
    """

    condition: ClassVar[str] = "a dual vector ν with A_Sᴴ ν = s and |a_jᴴ ν| < 1 outside one support S with signs s"
    promise: ClassVar[str] = "every signal with this support and these signs is recovered exactly"
    solvers: ClassVar[tuple[str, ...]] = ("BasisPursuit",)
    reference: ClassVar[str] = "Fuchs (2004)"
    uniform: ClassVar[bool] = False
    sharp: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("support", "signs")

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        found = dual_certificate(facts.operator, case.support, case.signs, seconds=facts.seconds)
        low, high = (1.0, float("inf")) if found.direction is not None else (min(found.lower, found.value), found.value)
        note = "Some columns of the support depend on each other." if low == 1 and found.value < 1 else ""
        value = Bounds(max(low, found.lower), max(high, found.value), found.point, found.method, found.stopped)
        return self._says(facts, case, "min over ν of max |a_jᴴ ν|", value, 1.0, note=note)
