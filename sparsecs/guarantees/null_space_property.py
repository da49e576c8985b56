r"""The null space property: what l1 can do, exactly.

    alpha_k = max { the k largest of |x| summed : A x = 0, ||x||_1 = 1 } < 1/2      <=>      l1 finds every k-sparse signal

If h = x' - x with A h = 0, then ||x'||_1 >= ||x||_1 - ||h_S||_1 + ||h_rest||_1 > ||x||_1 as long as ||h_S||_1 < ||h_rest||_1.
If it is not for some h and S, the signal -h_S on S measures what h_rest does, which costs no more. So no theorem can promise
more of l1 than this one; what can be computed are bounds of alpha_k, exact for small matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict

HALF = 0.5


@dataclass(frozen=True)
class NullSpaceProperty(Guarantee):
    """Every k-sparse signal is found by ℓ1 if and only if no null vector has half of its ℓ1 norm on k entries.

    References
    ----------
    Donoho and Huo (2001); Gribonval and Nielsen (2003); Cohen, Dahmen and DeVore (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import NullSpaceProperty
    >>> hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    >>> NullSpaceProperty().sparsity(np.hstack([np.eye(4), hadamard / 2]))
    1
    """

    condition: ClassVar[str] = "α_k < 1/2"
    promise: ClassVar[str] = "every k-sparse signal is recovered exactly"
    solvers: ClassVar[tuple[str, ...]] = ("BasisPursuit",)
    reference: ClassVar[str] = "Gribonval and Nielsen (2003)"
    sharp: ClassVar[bool] = True
    effort: ClassVar[int] = 1

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        value = facts.null_space(case.k, HALF)
        return self._says(facts, case, f"α_{case.k}{facts.caveat}", value, HALF)
