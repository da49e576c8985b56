r"""Accelerated proximal gradient descent (FISTA) with restarts and a duality-gap stop.

    x' = prox_{lambda/L}( z - grad f(A z) / L ),    z = x' + (t - 1)/t' (x' - x),    t' = (1 + sqrt(1 + 4 t^2)) / 2

for min f(A x) + lambda penalty(x) (Beck and Teboulle 2009). The momentum is dropped when it points uphill (O'Donoghue and
Candes 2015). Since the squared loss has an affine gradient, that at z is combined from those at the last two iterates,
so an iteration costs one product with A, one with A^T, and the duality gap comes free. L starts as an estimate of ||A||^2
and grows if a step shows it to be too small.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of, positive
from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, times
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status

LOSS = Squared()


@dataclass(frozen=True)
class ProximalGradient(Solver):
    """min ½‖A x − y‖² + λ · penalty(x), by FISTA, to a proven duality gap.

    Parameters
    ----------
    penalty : Penalty
        ``L1()`` is the LASSO, ``GroupL2()`` the group LASSO.
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Between 0 and 1; used if ``weight`` is None.
    tolerance : float
        It stops when the duality gap is at most ``tolerance`` times the objective.

    References
    ----------
    Beck and Teboulle (2009); O'Donoghue and Candes (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1, ProximalGradient, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], ProximalGradient(L1(), weight=2.0))
    >>> result.x.round(4), result.status.name
    (array([0., 3., 0.]), 'OPTIMAL')
    """

    convex: ClassVar[bool] = True
    objective_units: ClassVar[tuple[int, int]] = (0, 2)
    dual_units: ClassVar[tuple[int, int]] = (0, 1)
    uses_groups: ClassVar[bool] = True
    solves: ClassVar[str] = "min ½‖A x − y‖² + λ · penalty(x)"
    penalty: Penalty = L1()  # noqa: RUF009 - a frozen value
    weight: float | None = None
    relative_weight: float = 0.01
    tolerance: float = field(default=1e-10, kw_only=True)
    max_iterations: int = field(default=20_000, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        a_kind_of(self.penalty, Penalty, "penalty", "L1()")
        if self.weight is not None:
            positive(self.weight, "weight")
        if not 0 < positive(self.relative_weight, "relative_weight") <= 1:
            raise ValueError(f"relative_weight must be above 0 and at most 1; got {self.relative_weight}.")

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        if self.penalty.uses_groups and problem.groups is None:
            raise ValueError(
                f"{self.penalty} needs groups: give groups=, a label for each of the {problem.shape[1]} columns."
            )
        if problem.groups is not None and not self.penalty.uses_groups:
            raise ValueError(f"{self.penalty} has no groups; leave groups= out, or use GroupL2().")

    def rescaled(self, units: Units) -> ProximalGradient:
        if self.weight is None:
            return self
        weight = float(times(np.array(self.weight), -units.exponent(1, 1)))
        info = np.finfo(np.float64)
        return dataclasses.replace(self, weight=min(max(weight, info.tiny), info.max))

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        A, y, groups, number = problem.operator, problem.y, problem.groups, problem.y.dtype.type
        weight = self._weight(problem)
        x, Ax = np.zeros(problem.shape[1], dtype=y.dtype), np.zeros_like(y)
        slope = A.rmatvec(LOSS.gradient(Ax, y))
        norm = spectral_norm(A, steps=12)
        if self._unseen(problem, slope, norm) or self.penalty.dual_norm(slope, groups) <= weight:
            yield Iterate(x, y.copy(), Status.ZERO, y, "x = 0 is optimal")
            return
        L = 1.01 * LOSS.smoothness * norm**2
        z, Az, slope_z, t = x, Ax, slope, 1.0
        while True:
            while True:
                step = self.penalty.prox(z - slope_z / number(L), weight / L, groups)
                A_step = A.matvec(step)
                moved, image = step - z, A_step - Az
                rounding = 64 * float(np.finfo(y.dtype).eps) * (np.linalg.norm(Az) + np.sqrt(L) * np.linalg.norm(z))
                if (
                    not moved.any()
                    or np.linalg.norm(image) <= np.sqrt(L * (1 + 1e-6)) * np.linalg.norm(moved) + rounding
                ):
                    break
                L = 1.05 * float(np.linalg.norm(image) / np.linalg.norm(moved)) ** 2
            slope_step = A.rmatvec(LOSS.gradient(A_step, y))
            if float(moved @ (step - x)) < 0:  # the step turns back against the momentum
                t = 1.0
            grown = 0.5 * (1 + np.sqrt(1 + 4 * t * t))
            beta, t = number((t - 1) / grown), grown
            z, Az = step + beta * (step - x), A_step + beta * (A_step - Ax)
            slope_z = slope_step + beta * (slope_step - slope)
            x, Ax, slope = step, A_step, slope_step
            residual = y - Ax
            gap = self._proof(problem, weight, x, residual, residual, -slope, "FISTA").relative_gap
            status = Status.OPTIMAL if gap <= max(self.tolerance, 128 * float(np.finfo(y.dtype).eps)) else None
            if status is None and not moved.any():
                status = Status.UNCERTAIN
            yield Iterate(x, residual, status, residual, "FISTA")

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        residual = problem.y - problem.operator.matvec(x)
        image = problem.operator.rmatvec(direction)
        return self._proof(problem, self._weight(problem), x, residual, direction, image, road)

    def _weight(self, problem: Problem) -> float:
        if self.weight is not None:
            return self.weight
        return self.relative_weight * self.penalty.dual_norm(problem.operator.rmatvec(problem.y), problem.groups)

    def _proof(
        self,
        problem: Problem,
        weight: float,
        x: np.ndarray,
        residual: Any,
        direction: Any,
        image: Any,
        road: str,
    ) -> Certificate:
        """The certificate from a dual direction and its image under Aᴴ."""
        y, residual = problem.y.astype(np.float64), residual.astype(np.float64)
        primal = LOSS.value(y - residual, y) + weight * self.penalty.value(x, problem.groups)
        top = self.penalty.dual_norm(image, problem.groups)
        limit = weight / top if top > 0 else np.inf
        nu = LOSS.dual_point(direction.astype(np.float64), y, limit)
        return Certificate.of(primal, LOSS.dual_value(nu, y), 0.0, nu, road)
