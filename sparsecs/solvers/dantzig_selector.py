r"""The Dantzig selector: the smallest l1 norm among all x whose residual correlates little with every column.

    min sum w_i |x_i|  subject to  |a_i^T (y - A x)| <= delta w_i  for all i
    dual:  max <A^T y, mu> - delta sum w_i |mu_i|  subject to  |a_i^T A mu| <= w_i

(Candes and Tao 2007.) A linear program in which few columns and few constraints matter. It begins with those of the LASSO with
the same delta, HiGHS solves the program of these alone, and columns that the dual point and constraints that x violates
join, until there are none. Both points are then computed anew from their zeros and from the constraints that are tight.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, times
from sparsecs.solvers._few_rows import selected
from sparsecs.solvers._program import CORRELATIONS, Program
from sparsecs.solvers._unit_columns import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status


@dataclass(frozen=True)
class DantzigSelector(Solver):
    """min Σ wᵢ|xᵢ| subject to |aᵢᵀ(y − A x)| ≤ δ wᵢ, by linear programming, with a certificate.

    Parameters
    ----------
    delta : float, optional
        δ, in the units of A times y. By default, where the problem knows its ``noise``, noise · √(2 ln n) · the norm of the
        longest column, which Gaussian noise seldom exceeds; else ``relative_delta`` times the smallest δ whose answer is zero.
    relative_delta : float
        Between 0 and 1; used if neither ``delta`` nor the noise is known.
    tolerance : float
        On the relative duality gap. The dual point of the certificate is μ, an (n,) array; δ is exceeded by no more than
        rounding.

    References
    ----------
    Candès and Tao, "The Dantzig selector: statistical estimation when p is much larger than n" (2007).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import DantzigSelector, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], DantzigSelector(delta=2.0))
    >>> result.x.round(3), result.status.name
    (array([0., 3., 0.]), 'OPTIMAL')
    """

    convex: ClassVar[bool] = True
    exact: ClassVar[bool] = False
    uses_weights: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    objective_units: ClassVar[tuple[int, int]] = (-1, 1)
    dual_units: ClassVar[tuple[int, int]] = (-2, 0)
    solves: ClassVar[str] = "min ‖x‖₁ subject to ‖Aᵀ(y − A x)‖∞ ≤ δ"

    delta: float | None = None
    relative_delta: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.delta is not None:
            positive(self.delta, "delta")
        if not 0 < positive(self.relative_delta, "relative_delta") < 1:
            raise ValueError(f"relative_delta must be above 0 and below 1; got {self.relative_delta}.")

    def rescaled(self, units: Units) -> DantzigSelector:
        if self.delta is None:
            return self
        info = np.finfo(np.float64)
        delta = float(times(np.array(self.delta), -units.exponent(1, 1)))
        return dataclasses.replace(self, delta=min(max(delta, info.tiny), info.max))

    def bound(self, problem: Problem) -> float:
        """δ for a problem."""
        if self.delta is not None:
            return self.delta
        if problem.noise > 0:
            longest = float(problem.operator.column_norms().max())
            return problem.noise * float(np.sqrt(2 * np.log(max(problem.shape[1], 2)))) * longest
        return self.relative_delta * self._largest(problem, problem.y)

    def program(self, problem: Problem) -> Program:
        """What is asked for, in the form that another method can answer too."""
        return Program(L1(), CORRELATIONS, self.bound(problem))

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, delta = problem.y, self.bound(problem)
        if self._largest(problem, y) <= delta:
            x = problem.nothing()
            yield Iterate(x, y.copy(), Status.ZERO, np.zeros_like(x), "x = 0 is optimal")
            return
        columns = Columns(problem)
        u, mu = selected(columns, delta)
        x, point = columns.plain(u).astype(y.dtype), columns.plain(mu).astype(y.dtype)
        proof, eps = self.certificate(problem, x, point, ""), float(np.finfo(y.dtype).eps)
        moved = float(np.abs(u).sum()) / float(np.linalg.norm(y))
        exact = proof.infeasibility <= 256 * eps * (1 + moved)
        close = abs(proof.relative_gap) <= max(self.tolerance, 128 * eps)
        status = Status.OPTIMAL if exact and close else Status.UNCERTAIN
        yield Iterate(x, y - problem.operator @ x, status, point, "HiGHS on few rows and columns")

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        A, penalty = problem.operator, L1()
        own: dict[str, Any] = {"weights": problem.weights}
        y = problem.y.astype(np.result_type(problem.y, np.float64))
        delta, size = self.bound(problem), self._largest(problem, y)
        mu = direction.astype(y.dtype) if problem.y.any() else np.zeros(x.shape, y.dtype)
        image = A @ mu
        most = penalty.limit((A.H @ image).astype(y.dtype), **own)
        share = most if most < np.inf else 0.0
        dual = share * (float(np.vdot(y, image).real) - penalty.value(mu, delta, **own))
        if not dual > 0:
            dual, share = 0.0, 0.0
        beyond = max(self._largest(problem, y - A @ x.astype(y.dtype)) - delta, 0.0) / size if size > 0 else 0.0
        return Certificate.of(penalty.value(x.astype(y.dtype), **own), dual, beyond, share * mu, road)

    def _largest(self, problem: Problem, residual: np.ndarray) -> float:
        """The largest |aᵢᵀ residual| / wᵢ."""
        return L1().dual_norm(problem.operator.H @ residual, weights=problem.weights)
