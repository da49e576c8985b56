r"""Restricted isometry for compressive sampling matching pursuit: delta_4k < 0.383.

With w = x - x', T the columns fitted, b the fit and x'' the k largest of b, S the support of x, delta = delta_4k:

    the 2k columns chosen beat those of w left out      ||x_{not T}|| <= sqrt(2) delta ||w||
    A (x - b) is orthogonal to the columns of T         ||(x - b)_T||^2 <= delta^2 / (1 - delta^2) ||x_{not T}||^2
    the entries dropped are no larger than those kept   ||x - x''||^2 <= ||x_{not T}||^2 + 3 ||(x - b)_T||^2

so ||x - x''||^2 <= rho^2 ||w||^2, rho^2 = 2 delta^2 (1 + 2 delta^2) / (1 - delta^2), which is below one for delta < 0.5
(Song, Xia and Liu 2014). CoSaMP here ends where the residual stops falling, and ||A (x - x'')|| < ||A w|| is proven where rho
sqrt((1 + delta) / (1 - delta)) < 1, that is 4 delta^4 + delta^2 + 2 delta < 1: delta < 0.383. The method works on unit
columns and sees no factor common to them, so delta is that of their best multiple.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict

PUBLISHED = 0.5
BAR = 0.383


@dataclass(frozen=True)
class IsometryForCoSaMP(Guarantee):
    """Every k-sparse signal is found by CoSaMP if 4k columns are always near enough to orthogonal.

    References
    ----------
    Needell and Tropp (2009); Song, Xia and Liu, "Improved analyses for subspace pursuit and CoSaMP in terms of RIP constants"
    (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IsometryForCoSaMP
    >>> A = np.linalg.qr(np.column_stack([np.ones(13), np.eye(13)[:, :12]]))[0][:, 1:].T
    >>> IsometryForCoSaMP().sparsity(A)
    1
    """

    condition: ClassVar[str] = "δ_4k < 0.383"
    promise: ClassVar[str] = "every k-sparse signal is recovered, and the residual falls in every step"
    solvers: ClassVar[tuple[str, ...]] = ("CoSaMP",)
    reference: ClassVar[str] = "Song, Xia and Liu (2014)"
    effort: ClassVar[int] = 2

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        delta = facts.delta(4 * case.k, True, BAR)
        between = BAR <= delta.upper < PUBLISHED
        note = (
            "Below 0.5 the error falls in every step, but the residual, by which CoSaMP ends, may not."
            if between
            else ""
        )
        return self._says(facts, case, f"δ_{4 * case.k}", delta, BAR, note=note)
