r"""Welch's limit: what coherence can ever promise for a matrix of this shape.

    mu >= sqrt((n - m) / (m (n - 1)))      so      k < (1 + 1 / mu) / 2  allows no more than about sqrt(m) / 2 nonzeros

The bound is met by equiangular tight frames only; for more vectors than these can have, bounds of higher order say more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sparsecs.geometry.coherence import coherence
from sparsecs.geometry.welch_bound import welch_bound
from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class WelchLimit(Guarantee):
    """No m × n matrix is promised more by its coherence than Welch's bound allows, however well it is designed.

    References
    ----------
    Welch, "Lower bounds on the maximum cross correlation of signals" (1974).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import WelchLimit
    >>> WelchLimit().sparsity(np.ones((64, 128)))
    6
    """

    condition: ClassVar[str] = "Welch's bound of μ is below 1/(2k − 1)"
    promise: ClassVar[str] = (
        "coherence may promise something for k-sparse signals, with another matrix of this shape if not this"
    )
    reference: ClassVar[str] = "Welch (1974)"
    about: ClassVar[str] = "limit"

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        least = _least(*facts.shape)
        return self._says(facts, case, "the least μ", least, 1 / (2 * case.k - 1))

    def kept(self, problem: Any, answer: Any = None, tolerance: float = 1e-9) -> bool:
        """Whether the coherence of the problem's matrix is no less than the bound."""
        return bool(coherence(problem.operator) >= _least(*problem.operator.shape) - tolerance)


def _least(m: int, n: int) -> float:
    return welch_bound(m, n, order=None) if n > 1 else 0.0
