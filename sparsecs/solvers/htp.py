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
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class HTP(Solver):
    """Hard thresholding pursuit with an adaptive step, on columns of unit length.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when a support comes back.

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
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "least squares on the support that a gradient step and hard thresholding choose"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y, k = Columns(problem.operator), problem.y, problem.sparsity or 1
        gradient = columns.correlations(y)
        if self._unseen(problem, gradient, 1.0):
            yield Iterate(np.zeros_like(gradient), y.copy(), Status.ZERO)
            return
        z, support, seen = np.zeros_like(gradient), columns.best(gradient, k), set()
        while True:
            inside = np.zeros_like(gradient)
            inside[support] = gradient[support]
            curvature = np.linalg.norm(columns.image(inside)) ** 2
            mu = y.dtype.type(np.linalg.norm(inside) ** 2 / curvature) if curvature > 0 else y.dtype.type(1)
            support = columns.best(z + mu * gradient, k)
            z, residual = columns.fit(y, support)
            again = support.tobytes() in seen
            seen.add(support.tobytes())
            stalled = again and not self._fits(problem, residual)
            yield Iterate(columns.answer(z), residual, Status.STALLED if stalled else None)
            gradient = columns.correlations(residual)
