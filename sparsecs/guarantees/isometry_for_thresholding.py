r"""Restricted isometry for iterative hard thresholding and hard thresholding pursuit: delta_3k < 1 / sqrt(3).

Both choose U, the k largest entries of u = x' + A^H (y - A x') = x + v, v = (A^H A - I)(x - x') up to sign. With S the
support of x, the entries of u on S - U are no larger than those on U - S, so ||x_{S-U}|| <= sqrt(2) ||v_{S+U}||.

    IHT:  the next error is v on U and x on S - U, so its square is at most 3 ||v_{S+U}||^2 <= 3 delta_3k^2 ||x - x'||^2
    HTP:  the next error e is orthogonal, after A, to the columns of U, so ||e_U|| <= delta_2k ||e||, and
          ||e||^2 <= ||x_{S-U}||^2 / (1 - delta_2k^2) <= 2 delta_3k^2 / (1 - delta_2k^2) ||x - x'||^2

Both factors are below one if delta_3k < 1 / sqrt(3). (Foucart 2011.) delta is that of c A, where c^2 is the step: IHT works
on A as it is and HTP on unit columns. The verdict gives the step for which the bound of delta is least, and for IHT the
iterations after which the error is small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from sparsecs.guarantees._case import Case
from sparsecs.guarantees._isometry import best_factor, best_scaled
from sparsecs.guarantees._measured import Measured
from sparsecs.guarantees.base import Guarantee
from sparsecs.guarantees.verdict import Verdict

BAR = 1 / math.sqrt(3)
SMALL = 1e-12  # the part of the error that is left


@dataclass(frozen=True)
class IsometryForThresholding(Guarantee):
    """Every k-sparse signal is found by IHT and HTP, with the right step, if 3k columns are always near to orthogonal.

    References
    ----------
    Foucart, "Hard thresholding pursuit: an algorithm for compressive sensing" (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IsometryForThresholding
    >>> A = np.linalg.qr(np.column_stack([np.ones(9), np.eye(9)[:, :8]]))[0][:, 1:].T
    >>> IsometryForThresholding().sparsity(A)
    2
    >>> [code[:9] for code in IsometryForThresholding().premise(A, 1).solvers]
    ['IHT(step=', 'HTP(step=']
    """

    condition: ClassVar[str] = "δ_3k < 1/√3"
    promise: ClassVar[str] = "every k-sparse signal is recovered in the limit"
    solvers: ClassVar[tuple[str, ...]] = ("IHT", "HTP")
    reference: ClassVar[str] = "Foucart (2011)"
    effort: ClassVar[int] = 2

    def _judge(self, facts: Measured, case: Case) -> Verdict:
        order = 3 * case.k
        found = facts.isometry(order, case.solver == "HTP", BAR)
        delta = facts.noted(best_scaled(found), BAR)
        code = f"{case.solver}()"
        if delta.upper < BAR:
            step = f"step={best_factor(found)!r}"
            code = f"HTP({step})" if case.solver == "HTP" else f"IHT({step}, {_patience(delta.upper / BAR)})"
        return self._says(facts, case, f"δ_{order}", delta, BAR, code=code)


def _patience(rate: float) -> str:
    """The settings with which errors that fall by a factor are waited for."""
    steps = math.ceil(math.log(SMALL) / math.log(rate)) if rate > 0 else 1
    return f"tolerance={min(1e-8, 1e-7 * (1 - rate)):.3g}, max_iterations={max(1000, steps)}"
