r"""Restricted isometry for subspace pursuit: delta_3k < 0.396.

With w = x - x', x' a fit on k columns, T these and the k columns chosen, b the fit on T, U its k largest entries, S the
support of x, delta = delta_3k:

    the k columns chosen beat those of S left out       ||x_{not T}|| <= sqrt(2) delta ||w||
    A (x - b) is orthogonal to the columns of T         ||(x - b)_T||^2 <= delta^2 / (1 - delta^2) ||x_{not T}||^2
    the entries dropped are no larger than those kept   ||x_{not U}||^2 <= ||x_{not T}||^2 + 2 ||(x - b)_T||^2
    x'' fits on U                                       ||x - x''||^2 <= ||x_{not U}||^2 / (1 - delta^2)

so ||x - x''||^2 <= rho^2 ||w||^2, rho^2 = 2 delta^2 (1 + delta^2) / (1 - delta^2)^2, which is below one for delta < 0.4859
(Song, Xia and Liu 2014). The method ends where the residual stops falling; it is at most ||A x_{not U}||, so that it falls is
proven where 2 delta^2 (1 + delta^2) < (1 - delta)^2, that is 2 delta^4 + delta^2 + 2 delta < 1: delta < 0.396. The method
works on unit columns and sees no factor common to them, so delta is that of their best multiple.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict

PUBLISHED = 0.4859
BAR = 0.396


@dataclass(frozen=True)
class IsometryForSubspacePursuit(Guarantee):
    """Every k-sparse signal is found by subspace pursuit if 3k columns are always near enough to orthogonal.

    References
    ----------
    Dai and Milenkovic (2009); Song, Xia and Liu, "Improved analyses for subspace pursuit and CoSaMP in terms of RIP constants"
    (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IsometryForSubspacePursuit
    >>> A = np.linalg.qr(np.column_stack([np.ones(13), np.eye(13)[:, :12]]))[0][:, 1:].T
    >>> IsometryForSubspacePursuit().sparsity(A)
    2
    """

    condition: ClassVar[str] = "δ_3k < 0.396"
    promise: ClassVar[str] = "every k-sparse signal is recovered, and the residual falls in every step"
    solvers: ClassVar[tuple[str, ...]] = ("SubspacePursuit",)
    reference: ClassVar[str] = "Song, Xia and Liu (2014)"
    effort: ClassVar[int] = 2

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        delta = facts.delta(3 * case.k, True, BAR)
        between = BAR <= delta.upper < PUBLISHED
        note = (
            "Below 0.4859 the error falls in every step, but the residual, by which it ends, may not."
            if between
            else ""
        )
        return self._says(facts, case, f"δ_{3 * case.k}", delta, BAR, note=note)
