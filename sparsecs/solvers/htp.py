r"""Hard thresholding pursuit.

    S = supp H_k( x + mu A^T (y - A x) ),    x_S = argmin ||y - A_S x||,    mu = ||g_S||^2 / ||A g_S||^2

(Foucart 2011, with the normalised step of NormalizedIHT.) A gradient step finds the support, a fit finds the values. It ends
as soon as a support comes back, usually after a handful of steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers._gradient import on, square
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class HTP(Solver):
    """Hard thresholding pursuit with an adaptive step, on columns of unit length.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when a support comes back; the answer is then the
        best of those seen.

    References
    ----------
    Foucart, "Hard thresholding pursuit: an algorithm for compressive sensing" (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import HTP, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], HTP(), sparsity=1).x
    array([0., 5., 0.])
    """

    needs_sparsity: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "least squares on the support that a gradient step and hard thresholding choose"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y, k = Columns(problem), problem.y, problem.sparsity or 1
        gradient, z = columns.correlations(y), problem.nothing()
        if self._unseen(problem, gradient, 1.0):
            yield Iterate(z, y.copy(), Status.ZERO)
            return
        support, seen = columns.best(gradient, k), set[bytes]()
        best, least = (z, y), np.inf
        while True:
            inside = on(gradient, support)
            rise, bend = square(inside), square(columns.image(inside, support))
            mu = y.real.dtype.type(rise / bend if bend > 0 else 1)
            support = columns.best(z + mu * gradient, k)
            if support.tobytes() in seen:
                yield Iterate(columns.answer(best[0]), best[1].copy(), self._fits(problem, best[1]) or Status.STALLED)
                return
            seen.add(support.tobytes())
            z, residual = columns.fit(y, support)
            if np.linalg.norm(residual) < least:
                least, best = float(np.linalg.norm(residual)), (z, residual)
            yield Iterate(columns.answer(z), residual.copy())
            gradient = columns.correlations(residual)
