r"""Normalised iterative hard thresholding.

    g = A^T (y - A x),   mu = ||g_S||^2 / ||A g_S||^2,   x' = H_k(x + mu g)

S is the support of x. The step mu is the best one as long as the support stays. If it changes, the step must also satisfy
mu <= (1 - c) ||x' - x||^2 / ||A (x' - x)||^2, or it is divided by kappa (1 - c) until it does; then the objective falls in
every step, whatever A is. (Blumensath and Davies, "Normalized iterative hard thresholding: guaranteed stability and
performance", 2010.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sparsecs.core.checks import quote
from sparsecs.problems.problem import Problem
from sparsecs.solvers._gradient import Point, beginning, normalized_step, typical_length
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class NormalizedIHT(Solver):
    """Iterative hard thresholding that chooses its step, with the stability line search.

    The residual never grows, whatever A is, and an iteration costs little more than one product with Aᴴ. AcceleratedIHT and
    CGIHT cost the same and need fewer iterations.

    Parameters
    ----------
    c : float
        The margin of the line search, between 0 and 1.
    kappa : float
        How fast it shortens a step, above 1/(1 − c).
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when x moves by less than a tenth of that part of its size.

    References
    ----------
    Blumensath and Davies (2010).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import NormalizedIHT, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], NormalizedIHT(), sparsity=1).x
    array([0., 5., 0.])
    """

    needs_sparsity: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "gradient steps of adaptive length on ‖y − A x‖², projected onto the k-sparse vectors"
    c: float = 0.01
    kappa: float = 2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.c < 1 or not self.kappa > 1 / (1 - self.c):
            raise ValueError(
                f"0 < c < 1 and kappa > 1/(1 - c) were asked for; got c = {quote(self.c)}, kappa = {quote(self.kappa)}."
            )

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns = Columns(problem, unit=False)
        here = beginning(columns, problem)
        if self._unseen(problem, here.gradient, typical_length(columns, here)):
            yield Iterate(problem.nothing(), problem.y.copy(), Status.ZERO)
            return
        while step := normalized_step(columns, problem, here, self.c, self.kappa):
            x, residual, support = step
            yield Iterate(x, residual)
            here = Point(x, residual, support, columns.correlations(residual))
        yield Iterate(here.x.copy(), here.residual.copy(), Status.STALLED)
