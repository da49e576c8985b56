r"""The LASSO by following its whole path from the weight at which the answer leaves zero.

    min 1/2 ||A x - y||^2 + lambda sum_i w_i |x_i|

x is linear in lambda between breakpoints, at which a column joins or leaves the answer (Osborne, Presnell and Turlach 2000;
Efron, Hastie, Johnstone and Tibshirani 2004). Exact at every weight on the way; as fast as any other method as long as few
columns are in use. See ``_path.py`` for ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import positive, whole_number
from sparsecs.operators.door import as_operator
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Penalized, proof
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status
from sparsecs.solvers.solution_path import SolutionPath, breakpoints


@dataclass(frozen=True)
class HomotopyPath(Penalized):
    """min ½‖A x − y‖² + λ ‖x‖₁ by homotopy: one iterate for each breakpoint above λ, then the answer.

    Parameters
    ----------
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    tolerance : float
        On the duality gap of the answer, relative to the objective.

    References
    ----------
    Osborne, Presnell and Turlach, "A new approach to variable selection in least squares problems" (2000); Efron, Hastie,
    Johnstone and Tibshirani, "Least angle regression" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import HomotopyPath, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], HomotopyPath(weight=2.0))
    >>> result.x, result.status.name, result.iterations
    (array([0., 3., 0.]), 'OPTIMAL', 2)
    """

    convex: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = False
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "min ½‖A x − y‖² + λ ‖x‖₁"
    max_iterations: int = field(default=100_000, kw_only=True)

    @property
    def penalty(self) -> Penalty:
        return L1()

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, terms = problem.y, self.terms(problem)
        own = {"groups": None, "weights": problem.weights}
        slope = problem.operator.rmatvec(y)
        length = float(problem.operator.column_norms().max(initial=0))
        if self._unseen(problem, slope, length) or terms.penalty.dual_norm(slope, **own) <= terms.weight:
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO, y, "x = 0 is optimal")
            return
        for point in breakpoints(problem.operator, y.astype(np.float64), problem.weights, terms.weight):
            x = problem.nothing()
            x[point.support] = point.x
            residual = y - problem.operator.matvec(x)
            status = None
            if point.last:
                image = problem.operator.rmatvec(residual)
                gap = proof(problem, terms, x, y - residual, residual, image, "homotopy").relative_gap
                status = Status.OPTIMAL if gap <= self._gap_floor(problem) else Status.UNCERTAIN
            yield Iterate(x, residual, status, residual, "homotopy")


def homotopy_path(A: Any, y: Any, *, weights: Any = None, stop: float = 0.0, most: int | None = None) -> SolutionPath:
    """All answers of min ½‖A x − y‖² + λ Σ wᵢ|xᵢ| from the largest λ of interest down to ``stop``.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n), real.
    y : (m,) array
    weights : (n,) array, optional
        The wᵢ: above zero, may be infinite.
    stop : float
        The λ at which to end; 0 leads to basis pursuit, or to a least-squares answer.
    most : int, optional
        The most breakpoints.

    Returns
    -------
    SolutionPath
        With ``weights``, ``coefficients`` and ``at(weight)``.

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit or data are complex.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import homotopy_path
    >>> homotopy_path(np.array([[1.0, 0.0], [0.0, 2.0]]), [3.0, 1.0])
    <SolutionPath: 3 breakpoints, weights from 3 to 0>
    """
    from scipy.sparse import csc_array

    problem = Problem(as_operator(A), y, weights=weights)
    HomotopyPath().accepts(problem)
    stop = positive(stop, "stop", zero=True)
    limit = np.inf if most is None else whole_number(most, "most", 1)
    points = []
    for point in breakpoints(problem.operator, problem.y.astype(np.float64), problem.weights, stop):
        points.append(point)
        if len(points) >= limit:
            break
    rows = np.concatenate([point.support for point in points])
    ends = np.concatenate([[0], np.cumsum([point.support.size for point in points])])
    values = np.concatenate([point.x for point in points])
    coefficients = csc_array((values, rows, ends), shape=(problem.shape[1], len(points)))
    return SolutionPath(np.array([point.weight for point in points]), coefficients, points[-1].weight <= stop)
