r"""Basis pursuit denoising: the smallest l1 norm among all x that explain y up to a misfit of sigma.

    min sum w_i |x_i|  subject to  ||A x - y||_2 <= sigma
    dual:  max <y, nu> - sigma ||nu||_2  subject to  |a_i^T nu| <= w_i

(Chen, Donoho and Saunders 1998; Candes, Romberg and Tao 2006.) The answer is that of a LASSO whose lam is not known:
||y - A x(lam)|| grows with lam, and on each piece of the path its square is linear in lam^2. So lam is found by a few LASSO
problems, each started from the last, and exactly once the right piece is reached; the dual point is residual / lam.
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
from sparsecs.solvers._program import MISFIT, Program
from sparsecs.solvers._root import denoised, nearest, out_of_reach, within
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status


@dataclass(frozen=True)
class BasisPursuitDenoising(Solver):
    """min Σ wᵢ|xᵢ| subject to ‖A x − y‖₂ ≤ σ, along the path of the LASSO, with a certificate.

    Parameters
    ----------
    sigma : float, optional
        σ, in the units of y; 0 asks for basis pursuit. By default, where the problem knows its ``noise``, the misfit
        noise · √(m + 2√(2m)) that Gaussian noise seldom exceeds; else ``relative_sigma`` times ‖y‖.
    relative_sigma : float
        Between 0 and 1; used if neither ``sigma`` nor the noise is known.
    lower, upper : float, optional
        lower ≤ xᵢ ≤ upper is demanded too, with lower ≤ 0 ≤ upper.
    tolerance : float
        On the relative duality gap. σ is exceeded by no more than rounding.

    References
    ----------
    Chen, Donoho and Saunders, "Atomic decomposition by basis pursuit" (1998). Candès, Romberg and Tao, "Stable signal
    recovery from incomplete and inaccurate measurements" (2006).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import BasisPursuitDenoising, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], BasisPursuitDenoising(sigma=2.0))
    >>> result.x.round(3), result.status.name, bool(np.linalg.norm(result.residual) <= 2.0)
    (array([0.   , 3.268, 0.   ]), 'OPTIMAL', True)
    """

    convex: ClassVar[bool] = True
    exact: ClassVar[bool] = False
    uses_weights: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    objective_units: ClassVar[tuple[int, int]] = (-1, 1)
    dual_units: ClassVar[tuple[int, int]] = (-1, 0)
    solves: ClassVar[str] = "min ‖x‖₁ subject to ‖A x − y‖₂ ≤ σ"

    sigma: float | None = None
    relative_sigma: float = 0.1
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sigma is not None:
            positive(self.sigma, "sigma", zero=True)
        if not positive(self.relative_sigma, "relative_sigma", zero=True) < 1:
            raise ValueError(f"relative_sigma must be at least 0 and below 1; got {self.relative_sigma}.")
        self.penalty  # noqa: B018 - it refuses bounds that make no sense

    @property
    def penalty(self) -> L1:
        """What is minimised."""
        return L1(self.lower, self.upper)

    def rescaled(self, units: Units) -> BasisPursuitDenoising:
        bounds = self.penalty.rescaled(units.exponent(1, 0), units.exponent(-1, 1))
        changes: dict[str, Any] = {"lower": bounds.lower, "upper": bounds.upper}
        if self.sigma is not None:
            changes["sigma"] = min(float(times(np.array(self.sigma), -units.y)), float(np.finfo(np.float64).max))
        return dataclasses.replace(self, **changes)

    def misfit(self, problem: Problem) -> float:
        """σ for a problem."""
        m = problem.shape[0]
        if self.sigma is not None:
            return self.sigma
        if problem.noise > 0:
            return problem.noise * float(np.sqrt(m + 2 * np.sqrt(2 * m)))
        return self.relative_sigma * float(np.linalg.norm(problem.y))

    def program(self, problem: Problem) -> Program:
        """What is asked for, in the form that another method can answer too."""
        return Program(self.penalty, MISFIT, self.misfit(problem))

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, sigma = problem.y, self.misfit(problem)
        if np.linalg.norm(y) <= sigma:
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO, np.zeros_like(y), "x = 0 explains y well enough")
            return
        pieces, met = denoised(problem, self.penalty.bounds, sigma)
        wide = within(problem, pieces, sigma) if met else nearest(pieces)
        x, nu = wide.astype(y.dtype), np.nan_to_num(pieces.nu, nan=0.0, posinf=0.0, neginf=0.0).astype(y.dtype)
        residual, road = y - problem.operator @ x, "the path of the LASSO"
        lost = not met and out_of_reach(pieces, wide, sigma)
        yield Iterate(x, residual, Status.INFEASIBLE if lost else self._status(problem, x, nu), nu, road)

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        wide = np.result_type(problem.y, np.float64)
        y, nu = problem.y.astype(wide), direction.astype(wide)
        own: dict[str, Any] = {"weights": problem.weights}
        sigma, size = self.misfit(problem), float(np.linalg.norm(y))
        image = (problem.operator.H @ direction).astype(wide)
        most = self.penalty.limit(image, **own)
        share = min(1.0, most) if self.penalty.bounded else (most if most < np.inf else 0.0)
        dual = share * (float(np.vdot(y, nu).real) - sigma * float(np.linalg.norm(nu)))
        dual -= self.penalty.conjugate(share * image, **own)
        if not dual > 0:
            dual, share = 0.0, 0.0
        misfit = float(np.linalg.norm(y - problem.operator @ x.astype(wide)))
        beyond = max(misfit - sigma, 0.0) / size if size > 0 else 0.0
        return Certificate.of(self.penalty.value(x.astype(wide), **own), dual, beyond, share * nu, road)

    def _status(self, problem: Problem, x: np.ndarray, nu: np.ndarray) -> Status:
        proof = self.certificate(problem, x, nu, "")
        eps = float(np.finfo(problem.y.dtype).eps)
        moved = float(problem.operator.column_norms() @ np.abs(x)) / float(np.linalg.norm(problem.y))
        exact = proof.infeasibility <= 64 * eps * (1 + moved)
        return (
            Status.OPTIMAL if exact and abs(proof.relative_gap) <= max(self.tolerance, 128 * eps) else Status.UNCERTAIN
        )
