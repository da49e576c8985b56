r"""Restricted isometry for orthogonal matching pursuit: delta_{k+1} < 1 / sqrt(k + 1), and k steps do.

As long as S, of k columns, holds all chosen ones, the residual is r = A z with z on S, and max_{i in S} |<a_i, r>| >= ||A
z||^2 / ||z||_1 >= ||A z||^2 / (sqrt(k) ||z||). For j not in S, put t = -alpha ||z|| times the phase of <a_j, A z>, with alpha
= (sqrt(k + 1) - 1) / sqrt(k). Then (1 - alpha^2) / (2 alpha) = 1 / sqrt(k), and

    ||A (z + t e_j)||^2 - ||A (alpha^2 z - t e_j)||^2 = (1 - alpha^4) (||A z||^2 - sqrt(k) ||z|| |<a_j, A z>|)

is at least (1 + alpha^2) ||z||^2 ((1 - delta) - (1 + delta) alpha^2), which is positive if delta < 1 / sqrt(k + 1): a column
of S wins. (Mo 2015; the bound is the best possible.) The method works on unit columns and sees no factor common to all of
them, so delta is that of the best multiple of the unit columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict


@dataclass(frozen=True)
class IsometryForOMP(Guarantee):
    """Every k-sparse signal is found by k steps of OMP if k + 1 columns are always near enough to orthogonal.

    References
    ----------
    Mo, "A sharp restricted isometry constant bound of orthogonal matching pursuit" (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IsometryForOMP
    >>> A = np.linalg.qr(np.column_stack([np.ones(9), np.eye(9)[:, :8]]))[0][:, 1:].T
    >>> IsometryForOMP().sparsity(A)
    4
    """

    condition: ClassVar[str] = "δ_{k+1} < 1/√(k + 1)"
    promise: ClassVar[str] = "every k-sparse signal is recovered exactly in k steps"
    solvers: ClassVar[tuple[str, ...]] = ("OMP",)
    reference: ClassVar[str] = "Mo (2015)"
    effort: ClassVar[int] = 2

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        order = case.k + 1
        bar = 1 / math.sqrt(order)
        return self._says(facts, case, f"δ_{order}", facts.delta(order, True, bar), bar)
