r"""Iterative hard thresholding.

    x <- H_k( x + mu A^T (y - A x) ),      H_k keeps the k largest entries,      mu = step / max_j ||a_j||^2

(Blumensath and Davies 2009.) The step decides where it recovers. Steps below 1/||A||^2 can never diverge, but get caught at
fixed points on problems that longer steps solve; on matrices with alike columns longer steps diverge. The default is the
relaxation that Maleki and Donoho (2010) tuned for random matrices with unit columns. NormalizedIHT chooses its step anew in
each iteration and cannot diverge: prefer it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sparsecs.core.checks import positive
from sparsecs.problems.problem import Problem
from sparsecs.solvers._gradient import at
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class IHT(Solver):
    """Iterative hard thresholding with a fixed step.

    The simplest of the family and the weakest: at 100 x 400 with 18 Gaussian coefficients it succeeds in 7 of 20 cases,
    where NormalizedIHT does in all, and with alike columns it diverges.

    Parameters
    ----------
    step : float
        In units of 1 over the largest squared column norm.
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when x moves by less than a tenth of that part of its size.

    References
    ----------
    Blumensath and Davies, "Iterative hard thresholding for compressed sensing" (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IHT, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], IHT(), sparsity=1).x
    array([0., 5., 0.])
    """

    needs_sparsity: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "gradient steps of fixed length on ‖y − A x‖², projected onto the k-sparse vectors"
    step: float = 0.65

    def __post_init__(self) -> None:
        super().__post_init__()
        positive(self.step, "step")

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y = Columns(problem, unit=False), problem.y
        largest = float(problem.operator.column_norms().max())
        mu = y.real.dtype.type(self.step / largest**2 if largest > 0 else 0)
        x, gradient = problem.nothing(), columns.correlations(y)
        if self._unseen(problem, gradient, largest):
            yield Iterate(x, y.copy(), Status.ZERO)
            return
        while True:
            x, residual, _ = at(columns, problem, x + mu * gradient)
            yield Iterate(x, residual)
            gradient = columns.correlations(residual)
