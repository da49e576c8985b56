r"""Accelerated proximal gradient descent (FISTA) with restarts and a duality-gap stop.

    x' = prox_{lambda/L}( z - grad f(A z) / L ),    z = x' + (t - 1)/t' (x' - x),    t' = (1 + sqrt(1 + 4 t^2)) / 2

for min f(A x) + lambda penalty(x) (Beck and Teboulle 2009). The momentum is dropped when it points uphill (O'Donoghue and
Candes 2015). Since the squared loss has an affine gradient, that at z is combined from those at the last two iterates,
so an iteration costs one product with A, one with A^T, and the duality gap comes free. L starts as an estimate of ||A||^2
and grows if a step shows it to be too small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Penalized, proof
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class ProximalGradient(Penalized):
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
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "min ½‖A x − y‖² + λ · penalty(x)"
    penalty: Penalty = L1()  # noqa: RUF009 - a frozen value
    max_iterations: int = field(default=20_000, kw_only=True)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        A, y, number = problem.operator, problem.y, problem.y.dtype.type
        own = {"groups": problem.groups, "weights": problem.weights}
        loss, penalty, weight = terms = self.terms(problem)
        x, Ax = problem.nothing(), np.zeros_like(y)
        slope = A.H @ loss.gradient(Ax, y)
        norm = spectral_norm(A, steps=12)
        if self._unseen(problem, slope, norm) or penalty.dual_norm(slope, **own) <= weight:
            yield Iterate(x, y.copy(), Status.ZERO, y, "x = 0 is optimal")
            return
        L = 1.01 * loss.smoothness * norm**2
        z, Az, slope_z, t = x, Ax, slope, 1.0
        while True:
            while True:
                step = penalty.prox(z - slope_z / number(L), 1 / L, weight, **own)
                A_step = A @ step
                moved, image = step - z, A_step - Az
                rounding = 64 * float(np.finfo(y.dtype).eps) * (np.linalg.norm(Az) + np.sqrt(L) * np.linalg.norm(z))
                if (
                    not moved.any()
                    or np.linalg.norm(image) <= np.sqrt(L * (1 + 1e-6)) * np.linalg.norm(moved) + rounding
                ):
                    break
                L = 1.05 * float(np.linalg.norm(image) / np.linalg.norm(moved)) ** 2
            slope_step = A.H @ loss.gradient(A_step, y)
            if np.vdot(moved, step - x).real < 0:  # the step turns back against the momentum
                t = 1.0
            grown = 0.5 * (1 + np.sqrt(1 + 4 * t * t))
            beta, t = number((t - 1) / grown), grown
            z, Az = step + beta * (step - x), A_step + beta * (A_step - Ax)
            slope_z = slope_step + beta * (slope_step - slope)
            x, Ax, slope = step, A_step, slope_step
            residual = y - Ax
            gap = proof(problem, terms, x, Ax, residual, -slope, "FISTA").relative_gap
            status = Status.OPTIMAL if gap <= self._gap_floor(problem) else None
            if status is None and not moved.any():
                status = Status.UNCERTAIN
            yield Iterate(x, residual, status, residual, "FISTA")
