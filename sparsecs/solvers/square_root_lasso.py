r"""The square-root LASSO, whose weight does not depend on how strong the noise is.

    min ||A x - y||_2 + lambda sum w_i |x_i|          dual:  max <y, nu>  subject to  ||nu||_2 <= 1,  |a_i^T nu| <= lambda w_i

(Belloni, Chernozhukov and Wang 2011.) The answer is that of the LASSO at lam = lambda ||A x - y||, a fixed point that is known
in closed form on each piece of the LASSO's path; lam / ||A x(lam) - y|| grows with lam, so a few LASSO problems, each started
from the last, lead to the right piece. For a small lambda the answer explains y exactly, and is that of basis pursuit.
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
from sparsecs.solvers._pieces import Pieces
from sparsecs.solvers._program import PAID, Program
from sparsecs.solvers._root import descend, of_ratio
from sparsecs.solvers._unit_columns import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status


@dataclass(frozen=True)
class SquareRootLasso(Solver):
    """min ‖A x − y‖₂ + λ Σ wᵢ|xᵢ|, along the path of the LASSO, with a certificate.

    Parameters
    ----------
    weight : float, optional
        λ, in the units of A. For Gaussian noise of any strength and columns of norm c, a λ of 1.1 · c · Φ⁻¹(1 − 0.025/n) / √m
        is large enough, with probability 0.95, for the theory of Belloni, Chernozhukov and Wang. By default it is
        ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    lower, upper : float, optional
        lower ≤ xᵢ ≤ upper is demanded too, with lower ≤ 0 ≤ upper.
    tolerance : float
        On the relative duality gap.
    max_iterations : int
        LASSO problems, at most.

    References
    ----------
    Belloni, Chernozhukov and Wang, "Square-root lasso: pivotal recovery of sparse signals via conic programming" (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SquareRootLasso, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], SquareRootLasso(weight=0.8))
    >>> result.x.round(3), result.status.name
    (array([0.   , 3.667, 0.   ]), 'OPTIMAL')
    """

    convex: ClassVar[bool] = True
    exact: ClassVar[bool] = False
    uses_weights: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    objective_units: ClassVar[tuple[int, int]] = (0, 1)
    dual_units: ClassVar[tuple[int, int]] = (0, 0)
    solves: ClassVar[str] = "min ‖A x − y‖₂ + λ ‖x‖₁"

    weight: float | None = None
    relative_weight: float = 0.1
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.weight is not None:
            positive(self.weight, "weight")
        if not 0 < positive(self.relative_weight, "relative_weight") <= 1:
            raise ValueError(f"relative_weight must be above 0 and at most 1; got {self.relative_weight}.")
        self.penalty  # noqa: B018 - it refuses bounds that make no sense

    @property
    def penalty(self) -> L1:
        """What is paid for x, beside the misfit."""
        return L1(self.lower, self.upper)

    def rescaled(self, units: Units) -> SquareRootLasso:
        bounds = self.penalty.rescaled(units.exponent(1, 0), units.exponent(-1, 1))
        changes: dict[str, Any] = {"lower": bounds.lower, "upper": bounds.upper}
        if self.weight is not None:
            info = np.finfo(np.float64)
            changes["weight"] = min(max(float(times(np.array(self.weight), -units.operator)), info.tiny), info.max)
        return dataclasses.replace(self, **changes)

    def strength(self, problem: Problem) -> float:
        """λ for a problem."""
        if self.weight is not None:
            return self.weight
        size = float(np.linalg.norm(problem.y))
        top = self.penalty.dual_norm(problem.operator.H @ problem.y, weights=problem.weights)
        return self.relative_weight * top / size if size > 0 and top > 0 else 1.0

    def program(self, problem: Problem) -> Program:
        """What is asked for, in the form that another method can answer too."""
        return Program(self.penalty, PAID, self.strength(problem))

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, strength = problem.y, self.strength(problem)
        pieces = Pieces(Columns(problem, *self.penalty.bounds))
        if pieces.top <= strength * np.linalg.norm(y):
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO, _dual(y, strength), "x = 0 is optimal")
            return
        last = None
        for met in descend(pieces, lambda now: of_ratio(now, strength), lambda now: now.lam / (strength * now.misfit)):
            x, nu = pieces.coefficients(pieces.lam).astype(y.dtype), pieces.nu.astype(y.dtype)
            proof = self.certificate(problem, x, nu, "")
            close = abs(proof.relative_gap) <= max(self.tolerance, 128 * float(np.finfo(y.dtype).eps))
            status = Status.OPTIMAL if close else (Status.UNCERTAIN if met else None)
            last = Iterate(x, y - problem.operator @ x, status, nu, "the path of the LASSO")
            yield last
        if last is not None:  # the path could not be followed to its end
            yield dataclasses.replace(last, x=last.x.copy(), residual=last.residual.copy(), status=Status.UNCERTAIN)

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        wide = np.result_type(problem.y, np.float64)
        y, nu = problem.y.astype(wide), direction.astype(wide)
        own: dict[str, Any] = {"weights": problem.weights}
        strength, length = self.strength(problem), float(np.linalg.norm(direction))
        image = (problem.operator.H @ direction).astype(wide)
        limits = [self.penalty.limit(image, strength, **own), 1 / length if length > 0 else 0.0]
        if self.penalty.bounded and length > 0:
            limits.append(strength)  # the direction is residual / lam, so this is residual / ||residual||
        share = min(limits)
        dual = share * float(np.vdot(y, nu).real) - self.penalty.conjugate(share * image, strength, **own)
        if not dual > 0:
            dual, share = 0.0, 0.0
        misfit = float(np.linalg.norm(y - problem.operator @ x.astype(wide)))
        return Certificate.of(misfit + self.penalty.value(x.astype(wide), strength, **own), dual, 0.0, share * nu, road)


def _dual(residual: np.ndarray, strength: float) -> np.ndarray:
    """residual / lam with lam = strength · ‖residual‖, of which a certificate is made; the residual if that overflows."""
    size = float(np.linalg.norm(residual))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        direction = (residual.astype(np.float64) / size / strength).astype(residual.dtype)
    return direction if np.isfinite(direction).all() else residual
